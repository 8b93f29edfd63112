"""A list of rows: how it begins, what a change makes of it, and how large it may grow. Every Store asks here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from actionstudio.core.collections.ids import LONGEST, keyed, text_of_id
from actionstudio.core.words import said
from actionstudio.runtime.ports import Full, Place, Table, Write

MOST_ROWS = 10_000  # of a project
MOST_BYTES = 10_000_000  # of a project: its rows as JSON text, and their ids
MOST_LISTS = 1_000  # of a project: one for each partition that was changed
ROW_BYTES = 200_000
_LARGE = "A row of “%(name)s” may have at most %(most)s bytes; this one has %(size)s. Send less."
_MANY = "The collections of this project may hold %(most)s rows in all. Delete rows, or reset a collection on its page."
_BYTES = "The rows of this project may take %(most)s MB in all. Delete rows, or reset a collection on its page."
_LISTS = "The collections of this project may have %(most)s partitions in all. Reset some on their pages."


class Sum(NamedTuple):
    """What the lists of a project come to."""

    lists: int = 0
    rows: int = 0
    bytes: int = 0


def begin(place: Place) -> Table:
    """The rows that a place begins with: its own seed's, else the collection's. The same every time it is asked."""
    seeds = {seed.partition: seed.rows for seed in place.collection.seeds}
    rows = seeds.get(place.partition, seeds.get("", ()))
    return Table(MappingProxyType(keyed(place.collection, rows)), 0)


def after(table: Table, write: Write, version: int) -> Table:
    """The rows when ``write`` is done: all go that are to go, then rows are put; what is new goes to the end."""
    rows = {} if write.clear else dict(table.rows)
    for key in write.gone:
        rows.pop(key, None)
    rows.update(write.puts)
    return Table(MappingProxyType(rows), version)


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
    made, name = {}, place.collection.name
    for key, value in puts.items():
        if text_of_id(key) is None:
            raise Full(
                said("An id in “%(name)s” has 1 to %(most)s characters. Send a shorter one.", name=name, most=LONGEST)
            )
        text = made[key] = text_of(value)
        if len(text) * 4 > ROW_BYTES and (size := weight("", text)) > ROW_BYTES:
            raise Full(said(_LARGE, name=name, most=f"{ROW_BYTES:,}", size=f"{size:,}"))
    return made


def check(before: Sum, now: Sum) -> None:
    """Raises Full when a project grows beyond what it may hold; what is too large already may still shrink."""
    if now.rows > MOST_ROWS and now.rows > before.rows:
        raise Full(said(_MANY, most=f"{MOST_ROWS:,}"))
    if now.bytes > MOST_BYTES and now.bytes > before.bytes:
        raise Full(said(_BYTES, most=MOST_BYTES // 1_000_000))
    if now.lists > MOST_LISTS and now.lists > before.lists:
        raise Full(said(_LISTS, most=f"{MOST_LISTS:,}"))
