"""Fields of a row by dotted path: ``owner.email``, ``tags.0.name``; a field that bears such a name comes first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

type JSON = Any


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()


def at(row: JSON, path: str) -> JSON:
    """What stands at ``path`` in ``row``, the row itself for "", MISSING when nothing does."""
    if not path:
        return row
    if isinstance(row, dict):
        if path in row:
            return row[path]
        head, dot, rest = path.partition(".")
        return at(row[head], rest) if dot and head in row else MISSING
    if isinstance(row, list):
        head, _, rest = path.partition(".")
        if head.isascii() and head.isdigit() and len(head) < 8 and int(head) < len(row):
            return at(row[int(head)], rest)
    return MISSING


def put(row: JSON, path: str, value: JSON) -> JSON:
    """A copy of ``row`` in which ``value`` stands at ``path``; objects on the way are made where they are missing."""
    if not path:
        return value
    made = dict(row) if isinstance(row, dict) else {}
    head, dot, rest = path.partition(".")
    if path in made or not dot:
        made[path] = value
    else:
        made[head] = put(made.get(head), rest, value)
    return made


def within(value: JSON, way: Sequence[str]) -> JSON:
    """What stands in objects at the end of ``way``, None when nothing does."""
    for name in way:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def plain(name: str) -> str:
    """A name as it is compared with others: ``petId``, ``pet_id`` and ``pet-id`` are the same."""
    return "".join(char for char in name.lower() if char.isalnum())


def singular(name: str) -> str:
    """An English plural as one of its things, roughly: ``categories`` is ``category``, ``boxes`` is ``box``."""
    if name.endswith("ies") and len(name) > 4:
        return name[:-3] + "y"
    if name.endswith(("sses", "xes", "ches", "shes", "zes")):
        return name[:-2]
    return name[:-1] if name.endswith("s") and not name.endswith("ss") and len(name) > 2 else name
