"""A Store that forgets with its process: for rehearsals, and for tests of the data plane that need no database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from actionstudio.core.behaviour import Collection
from actionstudio.runtime import tables
from actionstudio.runtime.ports import Place, Table, Taken, Write


class MemoryStore:
    """runtime.ports.Store. ``switches`` are how many calls each one-shot still waits for, by its id.

    ``begin`` says which rows a list begins with: the collection's own, unless another store's are wanted.
    """

    inline = True

    def __init__(self, clock: Callable[[], float] = time.time, begin: Callable[[Place], Table] = tables.begin) -> None:
        self._clock, self._begin = clock, begin
        self._lock = threading.RLock()
        self._mine = _Mine()
        self._lists: dict[tuple[int, str, str], tuple[Table, int]] = {}
        self._seeds: dict[tuple[int, str, str], tuple[Collection, Table]] = {}
        self._counters: dict[tuple[int, str], tuple[int, float]] = {}
        self.switches: dict[int, int] = {}

    def read(self, place: Place) -> Table:
        return self._at(place)[0]

    def change[T](self, place: Place, deed: Callable[[Table], tuple[Write | None, T]]) -> T:
        with self._changing():
            table = self._at(place)[0]
            write, result = deed(table)
            if write is not None and (write.puts or write.gone or write.clear):
                tables.texts(place, write.puts)
                new = tables.after(table, write, table.version + 1)
                size = sum(tables.weight(key, tables.text_of(row)) for key, row in new.rows.items())
                self._check(place, len(new.rows), size)
                self._lists[_key(place)] = new, size
                self._mine.rows = True
            return result

    def count(self, project_id: int, name: str) -> int:
        with self._changing():
            number = self._counters.get((project_id, name), (0, 0.0))[0] + 1
            self._counters[project_id, name] = number, 0.0
            return number

    def take(self, project_id: int, name: str, calls: int, seconds: int) -> Taken:
        with self._changing():
            now = self._clock()
            number, since = self._counters.get((project_id, name), (0, now))
            if not since - seconds <= now < since + seconds:
                number, since = 0, now
            self._counters[project_id, name] = number + 1, since
            left = min(float(seconds), since + seconds - now)
            return Taken(number < calls, max(0, calls - number - 1), left)

    def claim(self, switch_id: int) -> bool:
        with self._changing():
            left = self.switches.get(switch_id, 0)
            self.switches[switch_id] = max(0, left - 1)
            return left > 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        mine = self._mine
        if mine.inside:
            yield
            return
        mine.inside, mine.rows = True, False
        try:
            yield
        except BaseException:
            if mine.before is not None:
                self._lists, self._counters, self.switches = mine.before
            raise
        finally:
            self.settle()
            mine.inside = False

    def pending(self) -> bool:
        return self._mine.before is not None

    def changed(self) -> bool:
        return self._mine.rows

    def settle(self) -> None:
        if self._mine.before is not None:
            self._mine.before = None
            self._lock.release()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One at a time; inside a transaction the others wait until it ends."""
        with self._lock:
            if self._mine.inside and self._mine.before is None:
                self._lock.acquire()
                self._mine.before = dict(self._lists), dict(self._counters), dict(self.switches)
            yield

    def _at(self, place: Place) -> tuple[Table, int]:
        known = self._lists.get(_key(place))
        if known is not None:
            return known
        seeds = self._seeds.get(_key(place))
        if seeds is None or seeds[0] != place.collection:
            seeds = self._seeds[_key(place)] = place.collection, self._begin(place)
        return seeds[1], 0

    def _check(self, place: Place, rows: int, size: int) -> None:
        mine = {key: kept for key, kept in self._lists.items() if key[0] == place.project_id}
        others = _sum(kept for key, kept in mine.items() if key != _key(place))
        now = tables.Sum(others.lists + 1, others.rows + rows, others.bytes + size)
        tables.check(_sum(mine.values()), now)


class _Mine(threading.local):
    """What a thread's transaction must know: how everything was before it changed something."""

    inside = False
    rows = False
    before: Any = None


def _key(place: Place) -> tuple[int, str, str]:
    return place.project_id, place.collection.name, place.partition


def _sum(kept: Any) -> tables.Sum:
    each = list(kept)
    return tables.Sum(len(each), sum(len(table.rows) for table, _ in each), sum(size for _, size in each))
