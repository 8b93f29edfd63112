"""A list of rows: how it begins, what a change makes of it, and how large it may grow. Every Store asks here."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from actionstudio.core.behaviour import Collection
from actionstudio.runtime.ports import Full, Place, Table, Write

MOST_ROWS = 10_000  # of a project
MOST_BYTES = 10_000_000  # of a project: its rows as JSON text, and their ids
MOST_LISTS = 1_000  # of a project: one for each partition that was changed
ROW_BYTES = 200_000
KEY_CHARACTERS = 200
_COUNTED = 2**53  # a number that JavaScript too can count from (RFC 8259, section 6)


class Sum(NamedTuple):
    """What the lists of a project come to."""

    lists: int = 0
    rows: int = 0
    bytes: int = 0


def key_of(value: Any) -> str | None:
    """An id as it stands in a path; None when this value is none (missing, null, an object or a list)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if value == value // 1 else repr(value)
    return None


def number_of(key: str) -> int:
    """The number that a key is written as; 0 when it is none."""
    if len(key) > 16 or not key.isascii() or not key.isdigit() or (key[0] == "0" and key != "0"):
        return 0
    number = int(key)
    return number if number < _COUNTED else 0


def highest(keys: Iterable[str], least: int = 0) -> int:
    """The highest number among some keys, ``least`` when none is higher."""
    return max(least, max(map(number_of, keys), default=0))


def begin(place: Place) -> Table:
    """The rows that a place begins with: its own seed's, else the collection's. The same every time it is asked.

    A row without an id gets one: the next number, or a UUID; a row that has no field for it a number as its key.
    """
    collection, rows = place.collection, _seed(place)
    keys = [_own_key(collection, row) for row in rows]
    last = highest(key for key in keys if key is not None)
    made: dict[str, Any] = {}
    for index, (key, row) in enumerate(zip(keys, rows, strict=True)):
        if key is None:
            last += 1
            key, row = _with_key(place, row, index, last)
        made[key] = row
    return Table(MappingProxyType(made), 0, last)


def _seed(place: Place) -> tuple[Any, ...]:
    seeds = {seed.partition: seed.rows for seed in place.collection.seeds}
    return seeds.get(place.partition, seeds.get("", ()))


def _own_key(collection: Collection, row: Any) -> str | None:
    if not collection.id_field or not isinstance(row, Mapping):
        return None
    return key_of(row.get(collection.id_field))


def _with_key(place: Place, row: Any, index: int, number: int) -> tuple[str, Any]:
    collection = place.collection
    if not collection.id_field or not isinstance(row, Mapping):
        return str(number), row
    if collection.id_kind == "integer":
        return str(number), {collection.id_field: number, **_without(row, collection.id_field)}
    name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{place.project_id}/{collection.name}/{place.partition}/{index}"))
    return name, {collection.id_field: name, **_without(row, collection.id_field)}


def _without(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def after(table: Table, write: Write, version: int) -> Table:
    """The rows when ``write`` is done: all go that are to go, then rows are put; what is new goes to the end."""
    rows = {} if write.clear else dict(table.rows)
    for key in write.gone:
        rows.pop(key, None)
    rows.update(write.puts)
    return Table(MappingProxyType(rows), version, highest(write.puts, table.last))


def text_of(value: Any) -> str:
    """A row's value as JSON text."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # a number of more than 64 bits, half of a surrogate pair
        return json.dumps(value)


def value_of(text: str) -> Any:
    """What ``text_of`` made a text of."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def weight(key: str, text: str) -> int:
    """The bytes that a row counts for."""
    return len(key.encode("utf-8", "replace")) + (len(text) if text.isascii() else len(text.encode("utf-8", "replace")))


def texts(place: Place, puts: Mapping[str, Any]) -> dict[str, str]:
    """The rows that are put, as JSON text. Raises Full for a row that is too large or whose id is too long."""
    made = {}
    for key, value in puts.items():
        if not key or len(key) > KEY_CHARACTERS or "\0" in key:
            raise Full(f"An id in “{place.collection.name}” has 1 to {KEY_CHARACTERS} characters. Send a shorter one.")
        text = made[key] = text_of(value)
        if len(text) * 4 > ROW_BYTES and (size := weight("", text)) > ROW_BYTES:
            told = f"A row of “{place.collection.name}” may have at most {ROW_BYTES:,} bytes; this one has {size:,}."
            raise Full(f"{told} Send less.")
    return made


def check(before: Sum, now: Sum) -> None:
    """Raises Full when a project grows beyond what it may hold; what is too large already may still shrink."""
    cure = "Delete rows, or reset a collection on its page."
    if now.rows > MOST_ROWS and now.rows > before.rows:
        raise Full(f"The collections of this project may hold {MOST_ROWS:,} rows in all. {cure}")
    if now.bytes > MOST_BYTES and now.bytes > before.bytes:
        raise Full(f"The rows of this project may take {MOST_BYTES // 1_000_000} MB in all. {cure}")
    if now.lists > MOST_LISTS and now.lists > before.lists:
        raise Full(f"The collections of this project may have {MOST_LISTS:,} partitions in all. Reset some of them.")
