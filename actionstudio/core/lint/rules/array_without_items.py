"""Rule: lists say what is in them."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, place_of, types_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="SCH-02",
    targets=TARGETS,
    words="array schema missing items",
    sure="D",
    repairs=("array-items",),
    bad="type: array",
    good="type: array\nitems: {type: string}",
)
def check(look: Look) -> Iterator[Hit]:
    """A list must say what its items are; an empty “items” counts as missing."""
    for place in look.places:
        node = place.node
        if "array" in types_of(node) and not node.get("items") and not node.get("prefixItems"):
            where = place_of(place.pointer)
            message = said("%(place)s: a list does not say what its items are. Add “items”.", place=where)
            yield Hit(place.pointer, message, "array schema missing items")
