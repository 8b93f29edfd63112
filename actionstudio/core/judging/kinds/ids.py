"""Ids: what a server makes up anew for every thing."""

from __future__ import annotations

import re
from typing import Any

from actionstudio.core.judging.kinds.kind import Spot, kind, random_looking, whole

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)  # RFC 9562
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.IGNORECASE)
_OBJECT_ID = re.compile(r"(?=.*\d)[0-9a-f]{24}")
_PREFIXED = re.compile(r"([A-Za-z][A-Za-z0-9]{0,11}(?:[_-][a-z]{2,8})?[_-])([A-Za-z0-9]{6,})")
_NUMBERED = re.compile(r"([A-Za-z]{1,8}[_#-]?)(\d{2,})")
_OPAQUE = re.compile(r"[A-Za-z0-9_-]{8,}")
NAMES = ("id", "ids", "uid", "uuid", "guid", "ulid", "pk", "oid", "identifier")
NUMBERED_NAMES = (*NAMES, "number", "no", "ref", "reference")


@kind("Ids")
def ids(before: Any, after: Any, spot: Spot) -> bool:
    """Ids that are made anew: UUIDs, ULIDs, ord_8f14e45f with the same prefix, long random texts, and numbers in a
    member whose name ends in id."""
    if whole(before) and whole(after):
        return spot.ends(*NAMES) and before > 0 and after > 0
    if not isinstance(before, str) or not isinstance(after, str):
        return False
    if any(form.fullmatch(before) and form.fullmatch(after) for form in (_UUID, _ULID, _OBJECT_ID)):
        return True
    return _prefixed(before, after, spot) or _numbered(before, after, spot) or _opaque(before, after, spot)


def _prefixed(before: str, after: str, spot: Spot) -> bool:
    one, two = _PREFIXED.fullmatch(before), _PREFIXED.fullmatch(after)
    if not one or not two or one[1] != two[1]:
        return False
    if spot.ends(*NAMES):
        return len(one[2]) == len(two[2]) and _has_digit(one[2]) and _has_digit(two[2])
    return random_looking(one[2]) and random_looking(two[2])


def _numbered(before: str, after: str, spot: Spot) -> bool:
    """A-1001 and A-1002, 20017 and 20018: under a name that says so; elsewhere they may be products or postcodes."""
    if not spot.ends(*NUMBERED_NAMES):
        return False
    if before.isdecimal() and after.isdecimal():
        return spot.ends(*NAMES) or len(before) == len(after) > 3
    one, two = _NUMBERED.fullmatch(before), _NUMBERED.fullmatch(after)
    return bool(one and two and one[1] == two[1])


def _opaque(before: str, after: str, spot: Spot) -> bool:
    if len(before) != len(after) or not _OPAQUE.fullmatch(before) or not _OPAQUE.fullmatch(after):
        return False
    if spot.ends(*NAMES) and _has_digit(before) and _has_digit(after):
        return not _PREFIXED.fullmatch(before)
    return len(before) >= 10 and random_looking(before) and random_looking(after) and not _PREFIXED.fullmatch(before)


def _has_digit(text: str) -> bool:
    return any(one.isdigit() for one in text)
