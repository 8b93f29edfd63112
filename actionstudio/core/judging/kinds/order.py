"""Order: a list with the same members in another order."""

from __future__ import annotations

from typing import Any

from actionstudio.core.judging.kinds.ids import NAMES
from actionstudio.core.judging.kinds.kind import Spot, kind

_MEANT = frozenset(
    [
        "rank",
        "ranks",
        "ranking",
        "rankings",
        "top",
        "steps",
        "step",
        "path",
        "route",
        "history",
        "timeline",
        "queue",
        "sequence",
        "order",
        "coordinates",
        "point",
        "position",
        "bbox",
        "range",
        "sorted",
    ]
)


@kind("Order of sets")
def order(before: Any, after: Any, spot: Spot) -> bool:
    """Lists with the same members in another order. It counts when the request asked for an order, when the list's name
    means one (steps, ranking, history), and in a list of numbers that are no ids."""
    if not isinstance(before, list) or not isinstance(after, list) or spot.sorted or _MEANT.intersection(spot.words):
        return False
    numbers = all(isinstance(item, int | float) for item in before)
    return not numbers or spot.ends(*NAMES)
