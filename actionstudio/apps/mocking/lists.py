"""Reads and writes lists of rows in the log's database: the tables of models.State and models.Row, in plain SQL.

The data plane calls this in its event loop, where the ORM would cost ten times as much and may not be used at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from itertools import batched
from types import MappingProxyType
from typing import Any

from actionstudio.apps.mocking.keeping import Entry, Head, Key
from actionstudio.runtime import tables
from actionstudio.runtime.ports import Place, Table, Write

TOGETHER = 400  # ids in one statement
_HERE = '"project_id" = ? AND "collection" = ? AND "partition" = ?'
_HEAD = f'SELECT "id", "version" FROM "mocking_state" WHERE {_HERE}'
_LOAD = f"""SELECT s."id", s."version", s."last", s."bytes", r."key", r."value" FROM "mocking_state" s
    LEFT JOIN "mocking_row" r ON r."state_id" = s."id" WHERE {_HERE} ORDER BY r."place"
"""
_SUM = """SELECT COUNT(*), COALESCE(SUM("rows"), 0), COALESCE(SUM("bytes"), 0) FROM "mocking_state"
    WHERE "project_id" = ?
"""
_NEW = """INSERT INTO "mocking_state"
    ("project_id", "collection", "partition", "version", "rows", "bytes", "last", "touched")
    VALUES (?, ?, ?, ?, ?, ?, ?, CURRENT_TIMESTAMP) RETURNING "id"
"""
_CHANGED = """UPDATE "mocking_state" SET "version" = ?, "rows" = ?, "bytes" = ?, "last" = ?,
    "touched" = CURRENT_TIMESTAMP WHERE "id" = ?
"""
_PUT = 'INSERT INTO "mocking_row" ("state_id", "place", "key", "value") VALUES (?, ?, ?, ?)'
_SET = 'UPDATE "mocking_row" SET "value" = ? WHERE "state_id" = ? AND "key" = ?'
_CLEAR = 'DELETE FROM "mocking_row" WHERE "state_id" = ?'


def key_of(place: Place) -> Key:
    """Where a list is kept. A partition that is longer than its column, or holds a NUL, is told by its hash."""
    partition = place.partition
    if len(partition) > 200 or "\0" in partition:
        digest = blake2b(partition.encode("utf-8", "replace"), digest_size=20).hexdigest()
        partition = f"{partition[:150].replace('\0', ' ')}…{digest}"
    return place.project_id, place.collection.name, partition


def head(desk: Any, key: Key) -> Head | None:
    """What is known of a list without its rows; None when it was never changed."""
    found = desk.execute(_HEAD, key)
    return Head(*found[0]) if found else None


def lock(desk: Any, key: Key) -> Head | None:
    """The same, where several may write at once: the list is this transaction's alone until its end."""
    found = desk.execute(_HEAD + " FOR UPDATE", key)
    if not found:  # there is no row to lock yet, but the right to make it
        digest = blake2b(repr(key).encode("utf-8", "replace"), digest_size=8).digest()
        desk.execute("SELECT pg_advisory_xact_lock(?)", [int.from_bytes(digest, signed=True)])
        found = desk.execute(_HEAD + " FOR UPDATE", key)
    return Head(*found[0]) if found else None


def load(desk: Any, key: Key, place: Place, stamp: int | None) -> Entry | None:
    """A list with its rows; None when it was never changed."""
    found = desk.execute(_LOAD, key)
    if not found:
        return None
    state, version, last, size = found[0][:4]
    rows = {row[4]: tables.value_of(row[5]) for row in found if row[4] is not None}
    return Entry(Table(MappingProxyType(rows), version), place.collection, stamp, state, size, last)


def total(desk: Any, project_id: int) -> tables.Sum:
    """What the lists of a project come to."""
    return tables.Sum(*map(int, desk.execute(_SUM, [project_id])[0]))


def save(desk: Any, key: Key, place: Place, before: Entry, write: Write, version: int) -> Entry:
    """Does what is to be done to a list. Raises Full, with nothing written."""
    texts = tables.texts(place, write.puts)
    new = tables.after(before.table, write, version)
    if before.state:
        there = {} if write.clear else before.table.rows.keys() - set(write.gone)
        size = (0 if write.clear else before.bytes - _freed(before.table, write)) + _size(texts.items())
    else:  # what it began with is written too
        there = {}
        texts = {row: texts.get(row) or tables.text_of(value) for row, value in new.rows.items()}
        size = _size(texts.items())
    _check(desk, key[0], before, len(new.rows), size)
    added = [(row, text) for row, text in texts.items() if row not in there]
    last = (0 if write.clear else before.last) + len(added)
    if before.state:
        state = before.state
        desk.execute(_CHANGED, [version, len(new.rows), size, last, state])
        _remove(desk, state, write)
    else:
        state = desk.execute(_NEW, [*key, version, len(new.rows), size, last])[0][0]
    for row, text in texts.items():
        if row in there:
            desk.execute(_SET, [text, state, row])
    desk.many(_PUT, [(state, end, *pair) for end, pair in enumerate(added, last - len(added) + 1)])
    return Entry(new, place.collection, desk.stamp(), state, size, last)


def remove(desk: Any, project_id: int, collection: str | None, partition: str | None) -> None:
    """Removes lists with their rows: one, all of a collection, or (None) all of a project."""
    given = {"collection": collection, "partition": partition}
    params: list[Any] = [project_id, *(value for value in given.values() if value is not None)]
    where = '"project_id" = ?' + "".join(f' AND "{name}" = ?' for name, value in given.items() if value is not None)
    locked = " ORDER BY id FOR UPDATE" if desk.locks else ""
    states = [row[0] for row in desk.execute(f'SELECT "id" FROM "mocking_state" WHERE {where}{locked}', params)]
    for some in batched(states, TOGETHER, strict=False):
        marks = ", ".join(["?"] * len(some))
        desk.execute(f'DELETE FROM "mocking_row" WHERE "state_id" IN ({marks})', some)
        desk.execute(f'DELETE FROM "mocking_state" WHERE "id" IN ({marks})', some)


def _check(desk: Any, project_id: int, before: Entry, rows: int, size: int) -> None:
    if before.state and rows <= len(before.table.rows) and size <= before.bytes:
        return
    was = total(desk, project_id)
    had = len(before.table.rows) if before.state else 0
    now = tables.Sum(was.lists + (not before.state), was.rows - had + rows, was.bytes - before.bytes + size)
    tables.check(was, now)


def _remove(desk: Any, state: int, write: Write) -> None:
    if write.clear:
        desk.execute(_CLEAR, [state])
        return
    for some in batched(write.gone, TOGETHER, strict=False):
        marks = ", ".join(["?"] * len(some))
        desk.execute(f'{_CLEAR} AND "key" IN ({marks})', [state, *some])


def _size(texts: Iterable[tuple[str, str]]) -> int:
    return sum(tables.weight(key, text) for key, text in texts)


def _freed(table: Table, write: Write) -> int:
    """The bytes of the rows that go or are replaced."""
    keys = {*write.gone, *write.puts} & table.rows.keys()
    return _size((key, tables.text_of(table.rows[key])) for key in keys)
