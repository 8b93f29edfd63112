"""Durations: how long the answer took to be made."""

from __future__ import annotations

import re
from typing import Any

from actionstudio.core.judging.kinds.kind import Spot, kind

_TOOK = frozenset(["took", "elapsed", "latency"])
_DEED = frozenset(
    [
        "response",
        "processing",
        "process",
        "execution",
        "exec",
        "query",
        "request",
        "server",
        "render",
        "compute",
        "search",
    ]
)
_UNIT = frozenset(
    [
        "ms",
        "s",
        "us",
        "ns",
        "sec",
        "secs",
        "seconds",
        "millis",
        "milliseconds",
        "micros",
        "microseconds",
        "time",
        "duration",
        "runtime",
    ]
)
_TEXT = re.compile(r"\d+(?:\.\d+)? ?(?:ns|us|µs|ms|s|sec|secs|seconds|milliseconds)|PT(?:\d+(?:\.\d+)?[HMS])+")


@kind("Durations")
def durations(before: Any, after: Any, spot: Spot) -> bool:
    """How long the answer took: numbers and texts such as 12 ms in members called took, elapsed, latency,
    response_time, query_ms. The duration of a film is an answer and none of it."""
    words = set(spot.words)
    if not (words & _TOOK and words <= _TOOK | _UNIT) and not (words & _DEED and words & _UNIT):
        return False
    if isinstance(before, str) and isinstance(after, str):
        return bool(_TEXT.fullmatch(before) and _TEXT.fullmatch(after))
    numbers = [isinstance(value, int | float) and not isinstance(value, bool) for value in (before, after)]
    return all(numbers) and before >= 0 and after >= 0
