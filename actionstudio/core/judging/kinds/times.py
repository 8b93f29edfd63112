"""Times: when something happened."""

from __future__ import annotations

import re
from typing import Any

from actionstudio.core.judging.kinds.kind import Spot, kind, whole

_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_FORMS = tuple(
    re.compile(form)
    for form in (
        _DAY,
        rf"{_DAY}T{_CLOCK}(?::[0-6]\d(?:[.,]\d{{1,9}})?)?(?P<zone>Z|[+-]\d\d:?\d\d)?",  # RFC 3339, section 5.6
        rf"{_DAY} {_CLOCK}(?::[0-6]\d(?:\.\d{{1,9}})?)?(?P<zone>Z| UTC| ?[+-]\d\d:?\d\d)?",
        r"[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?P<zone>GMT|UTC|[+-]\d{4})",  # RFC 9110, 5.6.7
        rf"{_CLOCK}:[0-5]\d(?:\.\d{{1,9}})?",
        r"\d{10}(?:\.\d{1,9})?",
        r"\d{13}",
    )
)
_NUMERIC = _FORMS[-2:]
_RELATIVE = re.compile(
    r"(?:just )?now|today|yesterday|tomorrow|a moment ago"
    r"|(?:about |in )?(?:an?|\d+) (?:second|minute|hour|day|week|month|year)s?(?: ago| from now)?",
    re.IGNORECASE,
)
_FIRST, _LAST = 946_684_800, 4_102_444_800  # the years 2000 to 2100 in seconds
_NAMES = frozenset(
    [
        "at",
        "on",
        "time",
        "times",
        "timestamp",
        "ts",
        "date",
        "datetime",
        "created",
        "updated",
        "modified",
        "changed",
        "expires",
        "expiry",
        "exp",
        "iat",
        "nbf",
        "since",
        "until",
        "seen",
        "sent",
        "received",
        "started",
        "finished",
        "completed",
        "epoch",
        "now",
    ]
)
_FIXED = frozenset(["birth", "birthday", "birthdate", "born", "dob", "founded"])  # of these a change is one


@kind("Times")
def times(before: Any, after: Any, spot: Spot) -> bool:
    """Dates and times in the same notation: 2026-05-01T12:00:00Z, Fri, 01 May 2026 12:00:00 GMT, “3 minutes ago”, and
    seconds or milliseconds since 1970 in a member whose name says time. A date of birth is none."""
    if _FIXED.intersection(spot.words) or any(spot.name.lower().startswith(word) for word in _FIXED):
        return False
    if isinstance(before, str) and isinstance(after, str):
        return _texts(before.strip(), after.strip(), spot)
    if type(before) is type(after) and (whole(before) or isinstance(before, float)):
        return says_time(spot.name) and epoch_unit(before) == epoch_unit(after) != 0
    return False


def _texts(before: str, after: str, spot: Spot) -> bool:
    for form in _FORMS:
        one, two = form.fullmatch(before), form.fullmatch(after)
        if one and two:
            return _zone(one) == _zone(two) and (form not in _NUMERIC or says_time(spot.name))
    return bool(_RELATIVE.fullmatch(before) and _RELATIVE.fullmatch(after))


def _zone(found: re.Match[str]) -> str:
    """How the zone is written: none, as a letter, as a distance."""
    return re.sub(r"\d", "0", (found.groupdict().get("zone") or "").replace("-", "+"))


def epoch_unit(value: float) -> int:
    """1 for a number of seconds since 1970, 1000 for one of milliseconds, 0 for one that is neither of this age."""
    return 1 if _FIRST <= value <= _LAST else 1000 if _FIRST * 1000 <= value <= _LAST * 1000 else 0


def says_time(name: str) -> bool:
    """Whether a member's name says that its number is a time: ``created_at``, ``expiresAt``, ``ts``."""
    return bool(_NAMES.intersection(Spot(name).words))
