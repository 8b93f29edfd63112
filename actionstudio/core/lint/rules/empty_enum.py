"""Rule: a list of values has values."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said, said_n


@rule(
    level="degrades",
    source="DOC-03",
    targets=TARGETS,
    sure="B",
    repairs=("unreadable-keywords",),
    mended=lambda n: said_n(
        "%(n)s “enum” lists no value; GPT does not get it.",
        "%(n)s “enum” list no value; GPT does not get them.",
        n,
    ),
    words="(…, 'enum'): List should have at least 1 item after validation, not 0",
    bad="type: string\nenum: []",
    good="type: string",
)
def check(look: Look) -> Iterator[Hit]:
    """An empty “enum” allows nothing at all, and the editor says so.

    Leave it out, or list the values.
    """
    for place in look.places:
        if place.node.get("enum") == []:
            message = said("%(place)s: “enum” lists no value.", place=place_of(place.pointer))
            yield Hit(f"{place.pointer}/enum", message)
