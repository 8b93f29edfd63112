"""Moments as values of terms: ``2h`` ago, a date, a time, ``today``; in the reader's time zone where they name none."""

from __future__ import annotations

import datetime
import re
import time

from django.utils import timezone

from actionstudio.apps.traffic.asking.term import Unreadable

LATEST = (1 << 42) - 1  # milliseconds: ids keep 42 bits of them
UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
_AGO = re.compile(r"([0-9]{1,9})(s|min|m|h|d|w)", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read(value: str, end: bool = False) -> int:
    """Milliseconds since 1970. Of a day its begin, or with ``end`` the begin of the next. Raises Unreadable."""
    text = value.strip()
    if ago := _AGO.fullmatch(text):
        return _bounded(time.time() - int(ago[1]) * UNITS[ago[2].lower()])
    if text.isascii() and text.isdigit():
        if len(text) < 11:
            raise Unreadable
        return min(int(text), LATEST)
    try:
        day = _day(text.lower())
        if day is not None:
            at = datetime.datetime.combine(day + datetime.timedelta(days=end), datetime.time())
        else:
            at = datetime.datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=timezone.get_current_timezone())
        return _bounded(at.timestamp())
    except (ValueError, OverflowError) as error:
        raise Unreadable from error


def _day(text: str) -> datetime.date | None:
    today = timezone.localdate()
    if text == "today":
        return today
    if text == "yesterday":
        return today - datetime.timedelta(days=1)
    return datetime.date.fromisoformat(text) if _DAY.fullmatch(text) else None


def _bounded(seconds: float) -> int:
    return min(max(0, int(seconds * 1000)), LATEST)
