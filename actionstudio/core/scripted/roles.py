"""What an argument is for, as its name and its schema tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

type JSON = Any


@dataclass(frozen=True, slots=True)
class Roles:
    """What an argument is for, by its words: an identifier, how many at most, money, a date, a person's or thing's
    name, a place, free text."""

    identifier: bool
    limit: bool
    money: bool
    date: bool
    name: bool
    place: bool
    free: bool
    year: bool


_FREE = frozenset(["=description", "=note", "=message", "=todo", "=question", "=subject", "=find"])
_NAMES = frozenset(
    f"={one}"
    for one in ("name", "user", "customer", "author", "player", "team", "company", "employee", "contact", "consumer")
)
_ID = re.compile(
    r"(?:^|[a-z_-])(?:id|ids|no|number|code|key|sku|ref|idx|index|uuid)(?:\[\])?$|(?<=[a-z])(?:Id|Ids|No)$", re.I
)
_FREE_NAMES = frozenset(
    "text q query content body prompt comment term keyword search words message note".split()  # noqa: SIM905
)


def roles_of(name: str, names: frozenset[str], schema: Mapping[str, JSON]) -> Roles:
    """What the argument ``name`` is for; ``names`` are the terms of its name."""
    bare = name.lower().removesuffix("[]")
    identifier = bool(_ID.search(name))
    date = schema.get("format") in ("date", "date-time") or bool(names & {"=date"}) or bare.endswith(("_at", "date"))
    said = str(schema.get("description") or "").lower()
    return Roles(
        identifier,
        bool(names & {"=limit", "=quantity"}) or bare in ("limit", "top_k", "count", "per_page", "size", "n"),
        bool(names & {"=amount", "=price", "=tax"}),
        date,
        not identifier and (bool(names & _NAMES) or "name" in said[:40]),
        bool(names & {"=place", "=address"}),
        not identifier and (bool(names & _FREE) or bare in _FREE_NAMES),
        bool(names & {"=year", "=season"}),
    )
