"""Rule: lists say what is in them."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, place_of, types_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(level="degrades", source="SCH-02")
def check(look: Look) -> Iterator[Hit]:
    """A list must say what its items are; an empty “items” counts as missing."""
    places = [place for op in look.operations for place in (*look.asked(op), *look.answered(op))]
    for pointer, node in look.nodes(iter([*places, *look.shared(look.used)])):
        if "array" in types_of(node) and not node.get("items") and not node.get("prefixItems"):
            message = said("%(place)s: a list does not say what its items are. Add “items”.", place=place_of(pointer))
            yield Hit(pointer, message, "array schema missing items")
