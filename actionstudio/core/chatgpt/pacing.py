"""When ChatGPT calls again and when it holds back, after answers of 429 or 5xx.

OpenAI says that it backs off "after receiving a certain number of 429 or 500 responses in a short period"
(docs/chatgpt-rules.md, RT-10); it publishes no numbers, so those here are ours. That a failed call is made again was
said of plugins ("might retry up to 10 times", RT-09), never of actions: whoever wants it asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence

MOST_RETRIES = 10  # RT-09
FAILURES, WITHIN = 3, 60.0  # so many in so many seconds are too many
FIRST, LONGEST = 10.0, 60.0  # seconds to hold back, doubled with each further failure
_PAUSE, _LONGEST_PAUSE = 0.5, 8.0  # seconds between two tries of one call, likewise


def failing(status: int) -> bool:
    """Whether an answer makes ChatGPT hold back."""
    return status == 429 or 500 <= status < 600


def remembered(failures: Sequence[float], now: float) -> tuple[float, ...]:
    """Those moments of failure that still count, the oldest first."""
    return tuple(at for at in sorted(failures) if now - at < WITHIN)


def hold(failures: Sequence[float], now: float) -> float:
    """Seconds for which calls to this domain are held back still; 0 when none are."""
    recent = remembered(failures, now)
    if len(recent) < FAILURES:
        return 0.0
    length = min(LONGEST, FIRST * 2.0 ** (len(recent) - FAILURES))
    return max(0.0, recent[-1] + length - now)


def pause(tries: int, retry_after: str = "") -> float:
    """Seconds before the next try of a call that was tried ``tries`` times. A server's Retry-After in seconds holds
    (RFC 9110, section 10.2.3)."""
    if retry_after.strip().isdecimal() and len(retry_after.strip()) < 7:
        return float(retry_after)
    return min(_LONGEST_PAUSE, _PAUSE * 2.0 ** max(0, tries - 1))
