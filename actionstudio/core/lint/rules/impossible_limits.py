"""Rule: limits leave something over."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said

_PAIRS = (
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)
_LEAST = frozenset(least for least, _most in _PAIRS)


@rule(level="degrades", targets=TARGETS, topic="quality", bad="minimum: 10\nmaximum: 5", good="minimum: 5\nmaximum: 10")
def check(look: Look) -> Iterator[Hit]:
    """Where the least is more than the most, no value is allowed, and every call is refused.

    Exchange them.
    """
    for place in look.places:
        for least, most in _PAIRS if place.node.keys() & _LEAST else ():
            low, high = place.node.get(least), place.node.get(most)
            if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
                facts = {"place": place_of(place.pointer), "least": least, "low": low, "most": most, "high": high}
                message = said("%(place)s: %(least)s (%(low)s) is above %(most)s (%(high)s).", **facts)
                yield Hit(f"{place.pointer}/{least}", message)
