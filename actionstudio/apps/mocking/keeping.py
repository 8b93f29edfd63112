"""The lists that this process remembers: those used last, as many as fit."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import NamedTuple

from actionstudio.core.behaviour import Collection
from actionstudio.runtime.ports import Table

MOST = 24_000_000  # bytes of JSON text; as values they take some times more

type Key = tuple[int, str, str]


class Entry:
    """One list as it is remembered.

    ``state`` is its row's id, 0 for a list that was never changed: then ``collection`` is what it begins with.
    ``stamp`` tells when it was last known to be so, ``bytes`` is what its rows take, ``last`` the highest place of one.
    """

    __slots__ = ("bytes", "collection", "last", "stamp", "state", "table", "used")

    def __init__(
        self, table: Table, collection: Collection, stamp: int | None, state: int = 0, bytes: int = 0, last: int = 0
    ) -> None:
        self.table = table
        self.state = state
        self.last = last
        self.bytes = bytes
        self.collection = collection
        self.stamp = stamp
        self.used = 0


class Head(NamedTuple):
    """What the database says of a list before its rows are read."""

    state: int
    version: int


class Kept:
    """Entries by the place of their list. Any thread may ask."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._entries: dict[Key, Entry] = {}
        self._size = 0
        self._lock = threading.Lock()
        self._ticks = itertools.count(1)

    def get(self, key: Key) -> Entry | None:
        entry = self._entries.get(key)
        if entry is not None:
            entry.used = next(self._ticks)
        return entry

    def put(self, key: Key, entry: Entry) -> None:
        with self._lock:
            self._remove(key)
            entry.used = next(self._ticks)
            self._entries[key] = entry
            self._size += _size(entry)
            while self._size > self._most and len(self._entries) > 1:
                self._remove(min(self._entries, key=lambda one: self._entries[one].used))

    def drop(self, wanted: Callable[[Key], bool]) -> None:
        """Forgets the lists of these places."""
        with self._lock:
            for key in [key for key in self._entries if wanted(key)]:
                self._remove(key)

    def _remove(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._size -= _size(entry)


def _size(entry: Entry) -> int:
    return entry.bytes + 200 * len(entry.table.rows) + 500
