"""Rule: shared schemas do not go in circles."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.schemas import refs
from actionstudio.core.words import said

_SHOWN = 8


@rule(
    level="fatal",
    source="DOC-05",
    targets=("gpt", "plugin"),
    sure="C",
    repairs=("break-circles",),
    words="Components section contains a circular dependency",
    bad="Folder: {properties: {parent: {$ref: '#/components/schemas/Folder'}}}",
    good="Folder: {properties: {parent_id: {type: string}}}",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT refuses shared schemas that contain themselves, directly or by way of others."""
    circle = refs.find_cycle(look.used)
    if circle:
        shown = circle if len(circle) <= _SHOWN else [*circle[: _SHOWN - 2], "…", circle[-1]]
        way = " → ".join(shown)
        yield Hit(
            f"/components/schemas/{refs.escape(circle[0])}",
            said("These shared schemas contain each other: %(way)s. Leave one of these steps out.", way=way),
            "Components section contains a circular dependency",
        )
