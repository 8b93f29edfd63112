"""Points in time as templates know them: ISO 8601 texts or Unix seconds, moved and written within bounds.

Formats are read here, never handed to the platform's strftime: what a directive does does not depend on the machine,
and a width in one ("%1000000Y") is no directive.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from actionstudio.core.templating.values import as_number

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DIRECTIVES: dict[str, Callable[[datetime], str]] = {
    "Y": lambda at: f"{at.year:04}",
    "y": lambda at: f"{at.year % 100:02}",
    "m": lambda at: f"{at.month:02}",
    "d": lambda at: f"{at.day:02}",
    "e": lambda at: f"{at.day}",
    "H": lambda at: f"{at.hour:02}",
    "I": lambda at: f"{(at.hour + 11) % 12 + 1:02}",
    "M": lambda at: f"{at.minute:02}",
    "S": lambda at: f"{at.second:02}",
    "f": lambda at: f"{at.microsecond:06}",
    "L": lambda at: f"{at.microsecond // 1000:03}",
    "p": lambda at: "AM" if at.hour < 12 else "PM",
    "j": lambda at: f"{at.timetuple().tm_yday:03}",
    "a": lambda at: _DAYS[at.weekday()][:3],
    "A": lambda at: _DAYS[at.weekday()],
    "b": lambda at: _MONTHS[at.month - 1][:3],
    "B": lambda at: _MONTHS[at.month - 1],
    "F": lambda at: f"{at.year:04}-{at.month:02}-{at.day:02}",
    "T": lambda at: f"{at.hour:02}:{at.minute:02}:{at.second:02}",
    "s": lambda at: str(int(at.timestamp())),
    "z": lambda at: "+0000",
    "Z": lambda at: "UTC",
    "%": lambda at: "%",
}
_NAMED: dict[str, Callable[[datetime], Any]] = {
    "iso": lambda at: iso(at),
    "http": lambda at: format_datetime(at.replace(microsecond=0), usegmt=True),  # RFC 9110, section 5.6.7
    "unix": lambda at: int(at.timestamp()),
    "unix-ms": lambda at: int(at.timestamp() * 1000),
}
_SPAN = re.compile(r"\s*([+-]?\d{1,6})\s*(second|minute|hour|day|week|month|year)s?\s*", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_LONGEST = 200


def moment(value: Any) -> datetime | None:
    """The point in time that an ISO 8601 text or a number of Unix seconds means, in UTC; None when it means none."""
    if isinstance(value, str) and 8 <= len(value) <= 40:
        try:
            at = datetime.fromisoformat(value.strip())
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            pass
    number = as_number(value)
    try:
        return None if number is None else datetime.fromtimestamp(number, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def iso(at: datetime) -> str:
    """``2026-01-31T12:00:00Z`` (RFC 3339), to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at.year > 999 else at.replace(microsecond=0).isoformat()


def moved(value: Any, span: str, back: bool = False) -> str | None:
    """``value`` later by a span such as "2 days"; a date stays a date. None when one of them cannot be read."""
    at, found = moment(value), _SPAN.fullmatch(span)
    if at is None or found is None:
        return None
    count = -int(found[1]) if back else int(found[1])
    try:
        at = _by_months(at, count, found[2]) or at + timedelta(seconds=count * _SECONDS[found[2]])
    except (ValueError, OverflowError):
        return None
    bare = isinstance(value, str) and _DAY.fullmatch(value.strip()) and found[2] in ("day", "week", "month", "year")
    return iso(at)[:10] if bare else iso(at)


def is_span(text: Any) -> bool:
    return isinstance(text, str) and _SPAN.fullmatch(text) is not None


def _by_months(at: datetime, count: int, unit: str) -> datetime | None:
    """Months and years keep the day where the month has it, else its last."""
    if unit not in ("month", "year"):
        return None
    months = at.year * 12 + at.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return at.replace(year=year, month=month + 1, day=min(at.day, last))


def written(at: datetime, form: str) -> Any:
    """A point in time by a format: iso, http, unix, unix-ms, or directives such as "%d.%m.%Y"."""
    if form in _NAMED:
        return _NAMED[form](at)
    return re.sub(r"%(.)", lambda found: _directive(found[1], at) or found[0], form[:_LONGEST], flags=re.DOTALL)


def _directive(letter: str, at: datetime) -> str:
    make = _DIRECTIVES.get(letter)
    return "" if make is None else make(at)


def wrong_format(form: str) -> str:
    """The first directive of a format that is none; "" when all are."""
    if form in _NAMED:
        return ""
    found = re.findall(r"%(.?)", form, flags=re.DOTALL)
    return next((f"%{letter}" for letter in found if letter not in _DIRECTIVES), "")
