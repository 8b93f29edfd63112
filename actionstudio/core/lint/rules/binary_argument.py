"""Rule: arguments are text."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="FILE-01",
    targets=TARGETS,
    topic="calls",
    sure="A",
    bad="properties:\n  photo: {type: string, format: binary}",
    good="properties:\n  openaiFileIdRefs: {type: array, items: {type: string}}",
)
def check(look: Look) -> Iterator[Hit]:
    """The model writes text. It cannot write the bytes of a file, and long base64 texts come out wrong.

    Take files with “openaiFileIdRefs”, or an address to fetch them from.
    """
    for place in look.places:
        node = place.node
        if place.asked and (node.get("format") in ("binary", "byte") or node.get("contentEncoding") == "base64"):
            message = said("%(place)s: the model cannot write the bytes of a file.", place=place_of(place.pointer))
            yield Hit(place.pointer, message)
