"""Counters that nobody will ask for again: the windows of rate limits that are long over."""

import time

from actionstudio.apps.mocking.models import Counter

OVER = 2 * 86_400  # seconds; the longest window is a day


def prune(now: float | None = None) -> int:
    """Removes them; a limit for each credential makes one for each that was ever sent. Returns how many."""
    before = (now or time.time()) - OVER
    return Counter.objects.filter(since__gt=0, since__lt=before).delete()[0]
