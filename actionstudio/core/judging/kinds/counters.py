"""Counters: what goes up because somebody asked."""

from __future__ import annotations

from typing import Any

from actionstudio.core.judging.kinds.kind import Spot, kind, whole

_COUNTED = frozenset(
    [
        "view",
        "views",
        "hit",
        "hits",
        "visit",
        "visits",
        "visitors",
        "request",
        "requests",
        "call",
        "calls",
        "download",
        "downloads",
        "attempt",
        "attempts",
        "access",
        "accesses",
        "uses",
        "impressions",
        "clicks",
    ]
)
_WHOLE = frozenset({("seq",), ("sequence",), ("uptime",), ("counter",), ("sequence", "number"), ("hit", "counter")})
_AROUND = frozenset(["count", "counter", "total", "number", "num", "of", "remaining", "left", "today"])


@kind("Counters")
def counters(before: Any, after: Any, spot: Spot) -> bool:
    """Whole numbers that count the asking itself: views, hits, requests, remaining_calls, sequence. A count of things
    is an answer and none of it."""
    if not whole(before) or not whole(after) or before < 0 or after < 0:
        return False
    words = spot.words
    return words in _WHOLE or (bool(_COUNTED.intersection(words)) and set(words) <= _COUNTED | _AROUND)
