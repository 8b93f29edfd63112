"""Values inside templates: what is missing, rows of collections, plain look-up, and values as text.

Look-up is by key and by position only. Nothing of Python's can be reached: no attribute is ever read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

type JSON = Any

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")


class Missing:
    """A value that is not there, and why: "query.limit was not sent"."""

    __slots__ = ("why",)

    def __init__(self, why: str) -> None:
        self.why = why


class Rows(Mapping[str, JSON]):
    """The rows of a collection: looked up by id, told one by one in their order, written as a list."""

    __slots__ = ("_name", "rows")

    def __init__(self, name: str, rows: Mapping[str, JSON]) -> None:
        self._name = name
        self.rows = rows

    def __getitem__(self, key: str) -> JSON:
        return self.rows[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def missing(self, key: str) -> str:
        return f"collection.{self._name} has no row “{key}”"


def is_empty(value: Any) -> bool:
    """Whether ``or`` and ``default`` take the next: missing, null and the empty text. 0 and false are values."""
    return value is None or value == "" or isinstance(value, Missing)


def is_true(value: Any) -> bool:
    """What ``#if`` asks: missing, null, false, 0, "" and empty lists and objects are not."""
    return not isinstance(value, Missing) and bool(value)


def plain(value: Any) -> JSON:
    """A value as JSON has it: rows become a list, other mappings objects."""
    if isinstance(value, Rows):
        return list(value.rows.values())
    if isinstance(value, Mapping) and not isinstance(value, dict):
        return dict(value)
    return value


def follow(value: Any, steps: tuple[str, ...], name: str, why: str) -> Any:
    """The value ``steps`` down. ``name`` is how the template calls it and ``why`` what is said when it is missing."""
    for step in steps:
        if isinstance(value, Missing):
            return value
        if isinstance(value, Mapping):
            if step not in value:
                return Missing(value.missing(step) if isinstance(value, Rows) else f"{name} {why}")
            value = value[step]
        elif isinstance(value, list):
            if not (step.isascii() and step.isdigit() and len(step) < 10 and int(step) < len(value)):
                return Missing(f"{name} {why}: the list has {len(value)} entries")
            value = value[int(step)]
        else:
            return Missing(f"{name} {why}")
    return value


def as_text(value: Any) -> str:
    """A value inside other text: texts as they are, nothing for null, JSON for the rest."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, Missing):
        return ""
    return as_json(value)


def as_json(value: Any) -> str:
    """A value as JSON text."""
    if isinstance(value, Missing):
        return "null"
    try:
        return orjson.dumps(plain(value), default=_odd).decode()
    except (TypeError, ValueError):  # lone surrogates, or deeper than the writer goes
        return orjson.dumps(as_safe(value)).decode()


def _odd(value: Any) -> JSON:
    return plain(value) if isinstance(value, Mapping) else str(value)


def as_safe(value: Any) -> JSON:
    """What can be said of a value that cannot be written as JSON: a text without what no UTF-8 has, else nothing."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else None


def as_number(value: Any) -> int | float | None:
    """A number, or a text that is one as JSON writes it; None for all else."""
    if isinstance(value, int | float):
        return None if isinstance(value, bool) else value
    if not isinstance(value, str) or len(value) > 40:
        return None
    text = value.strip()
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return int(text) if text.lstrip("+-").isdigit() else number if abs(number) != float("inf") else None
