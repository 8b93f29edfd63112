"""How fast a run sends: so many calls a second, and none at all while the other server asks for a pause."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

BUSY = frozenset({429, 503})
LONGEST = 120.0  # seconds; a server that wants more is asked again anyway
FIRST = 1.0
LOOK = 0.5  # seconds between two looks at whether the run is over


class Pace:
    """Shared by the threads of a run. ``over`` is asked every now and then whether to stop waiting."""

    def __init__(
        self,
        rate: float,
        over: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._gap = 1 / rate
        self._over = over
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next = 0.0
        self._paused = 0.0

    def wait(self) -> bool:
        """Waits for this call's turn. False when the run is to stop: then it has none."""
        with self._lock:
            now = self._clock()
            turn = max(self._next, now)
            self._next = turn + self._gap
        while not self._over():
            left = max(turn, self._paused) - self._clock()
            if left <= 0:
                return True
            self._sleep(min(left, LOOK))
        return False

    def pause(self, seconds: float) -> None:
        """Nobody sends for so long."""
        with self._lock:
            self._paused = max(self._paused, self._clock() + seconds)


def asked(status: int, retry_after: str, attempt: int, now: datetime.datetime) -> float | None:
    """How many seconds an answer asks to wait (RFC 9110, section 10.2.3: seconds or a date); None when it does not.

    A busy server (429, RFC 6585; 503) that does not say how long is left alone for a second, then two, then four.
    """
    if status not in BUSY:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST)
    try:
        until = parsedate_to_datetime(text)
        until = until if until.tzinfo else until.replace(tzinfo=datetime.UTC)
        return min(max((until - now).total_seconds(), 0.0), LONGEST)
    except (ValueError, TypeError, OverflowError):
        return min(FIRST * 2 ** (attempt - 1), LONGEST)
