"""Answers runtime.Store from the log's database. Reads come from memory as long as nobody has changed the list.

What a call changes is in one commit with its log entry: docs/decisions/0016-state-of-mocks.md says how.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.db.models import F

from actionstudio.apps.mocking import lists
from actionstudio.apps.mocking.desks import ERRORS, DjangoDesk, FileDesk
from actionstudio.apps.mocking.keeping import Entry, Head, Kept, Key
from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.publishing import serving
from actionstudio.apps.publishing.models import Switch
from actionstudio.apps.traffic.sink import DatabaseSink
from actionstudio.runtime import tables
from actionstudio.runtime.ports import Place, Table, Taken, Unavailable, Write

_NEW = """INSERT INTO "mocking_counter" ("project_id", "name", "value", "since") VALUES (?, ?, 1, ?)
    ON CONFLICT ("project_id", "name") DO UPDATE SET
"""
_AGAIN = 'UPDATE "mocking_counter" SET'
_HERE = 'WHERE "id" = ? AND "project_id" = ? AND "name" = ?'
_BACK = 'RETURNING "id", "value", "since"'
_ONE_MORE = '"value" = "mocking_counter"."value" + 1'
_OVER = '("mocking_counter"."since" > ? OR "mocking_counter"."since" <= ?)'
_WINDOW = f"""
    "value" = CASE WHEN {_OVER} THEN 1 ELSE "mocking_counter"."value" + 1 END,
    "since" = CASE WHEN {_OVER} THEN ? ELSE "mocking_counter"."since" END
"""
_COUNTERS = 4096  # whose rows are remembered


class DatabaseStore:
    """runtime.ports.Store, for the log's database and its ``sink``."""

    def __init__(self, sink: DatabaseSink, clock: Callable[[], float] = time.time) -> None:
        self._desk: FileDesk | DjangoDesk = DjangoDesk() if sink.own is None else FileDesk(sink.own)
        self._desk.when_ended(self._ended)
        self._clock = clock
        self._kept = Kept()
        self._mine = _Mine()
        self._visit = _Visit(self, self._desk, self._mine)
        self._counters: dict[tuple[int, str], int] = {}
        self.inline = self._desk.inline

    def read(self, place: Place) -> Table:
        return self._at(lists.key_of(place), place).table

    def change[T](self, place: Place, deed: Callable[[Table], tuple[Write | None, T]]) -> T:
        return self._changing(lambda mine: self._change(mine, place, deed))

    def count(self, project_id: int, name: str) -> int:
        return self._changing(lambda mine: self._counted(project_id, name, 0, _ONE_MORE, ()))[0]

    def take(self, project_id: int, name: str, calls: int, seconds: int) -> Taken:
        now = self._clock()
        # A window that began a little later is of a call that got the row first; much later: the clock was set back
        window = (now + seconds, now - seconds, now + seconds, now - seconds, now)
        number, since = self._changing(lambda mine: self._counted(project_id, name, now, _WINDOW, window))
        return Taken(number <= calls, max(0, calls - number), min(float(seconds), since + seconds - now))

    def claim(self, switch_id: int) -> bool:
        """In the default database, where the switch is: what it takes is taken even if the call fails afterwards."""
        try:
            return _claimed(switch_id)
        except ERRORS as error:
            raise Unavailable(str(error)) from error
        finally:
            give_back()

    def transaction(self) -> contextlib.AbstractContextManager[None]:
        return self._visit

    def pending(self) -> bool:
        return self._desk.held()

    def changed(self) -> bool:
        return self._mine.rows

    def settle(self) -> None:
        if self._desk.shared():
            self._desk.settle()
        else:
            self._done(self._mine)

    def reset(self, project_id: int, collection: str | None = None, partition: str | None = None) -> None:
        """One list, all lists of a collection or (None) of a project begin anew. For threads."""

        def wanted(key: Key) -> bool:
            return key[0] == project_id and collection in (None, key[1]) and partition in (None, key[2])

        def deed(mine: _Mine) -> None:
            lists.remove(self._desk, project_id, collection, partition)
            mine.drops(wanted)

        self._changing(deed)

    def execute(self, sql: str, params: Sequence[Any]) -> None:
        """A statement about other things than lists, committed together with them. For threads."""
        self._changing(lambda mine: self._desk.execute(sql, params))

    def _change[T](self, mine: _Mine, place: Place, deed: Callable[[Table], tuple[Write | None, T]]) -> T:
        key = lists.key_of(place)
        entry = self._locked(key, place)
        write, result = deed(entry.table)
        if write is not None and (write.puts or write.gone or write.clear):
            version = entry.table.version + 1 if entry.state else time.time_ns() // 1000
            mine.changes(key, lists.save(self._desk, key, place, entry, write, version))
        return result

    def _counted(
        self, project_id: int, name: str, since: float, change: str, params: Sequence[float]
    ) -> tuple[int, float]:
        """Counts up; returns the number and since when. A row whose id is known is found in a third of the time."""
        key = (project_id, _name(name))
        known = self._counters.get(key)
        found = None
        if known is not None:
            found = self._desk.execute(f"{_AGAIN} {change} {_HERE} {_BACK}", [*params, known, *key])
        if not found:
            found = self._desk.execute(f"{_NEW} {change} {_BACK}", [*key, since, *params])
            if len(self._counters) >= _COUNTERS:
                self._counters.clear()
            self._counters[key] = found[0][0]
        return found[0][1], found[0][2]

    def _at(self, key: Key, place: Place) -> Entry:
        dirty = self._mine.dirty.get(key)
        if dirty is not None:
            return dirty
        entry = self._known(key)
        if entry is not None and (entry.state or entry.collection is place.collection):
            stamp = self._desk.stamp()
            if stamp is not None and entry.stamp == stamp:
                return entry
        try:
            with self._desk.reading():
                stamp = self._desk.stamp()
                return self._looked(key, place, lists.head(self._desk, key), stamp)
        except ERRORS as error:
            raise Unavailable(str(error)) from error

    def _known(self, key: Key) -> Entry | None:
        return None if self._mine.dropped else self._kept.get(key)

    def _locked(self, key: Key, place: Place) -> Entry:
        """The list as it is, in a transaction in which nobody else can change it."""
        if not self._desk.locks or key in self._mine.dirty:
            return self._at(key, place)
        return self._looked(key, place, lists.lock(self._desk, key), None)

    def _looked(self, key: Key, place: Place, head: Head | None, stamp: int | None) -> Entry:
        entry = self._known(key)
        if head is None:
            if entry is None or entry.state or entry.collection != place.collection:
                entry = Entry(tables.begin(place), place.collection, stamp)
            entry.collection = place.collection
        elif entry is None or Head(entry.state, entry.table.version) != head:
            entry = lists.load(self._desk, key, place, stamp)
            if entry is None:  # it was reset between the two questions
                return self._looked(key, place, None, stamp)
        entry.stamp = stamp
        if not self._mine.dropped:
            self._kept.put(key, entry)
        return entry

    def _changing[T](self, deed: Callable[[_Mine], T]) -> T:
        """Does it in a transaction: the one of this thread, or of this turn of the event loop, or one of its own."""
        mine = self._mine
        if mine.inside:
            self._begin(mine)
            return deed(mine)
        held = self._desk.held()
        with self._visit:
            self._begin(mine)
            result = deed(mine)
        if not held and self._desk.held():  # in the event loop, but outside of a visit: nothing else would end it
            self._done(mine, alone=True)
        return result

    def _begin(self, mine: _Mine) -> None:
        try:
            if not self._desk.held():
                self._desk.begin()
            if not mine.saved:
                if self._desk.shared():
                    self._desk.save()
                mine.saved = True
        except ERRORS as error:
            raise Unavailable(str(error)) from error

    def _leave(self, mine: _Mine, error: BaseException | None) -> None:
        """The visit is over: what it changed stays, or is undone when it failed."""
        if error is not None:
            self._undo(mine)
            if isinstance(error, ERRORS):
                raise Unavailable(str(error)) from error
            return
        try:
            self._done(mine)
        except Unavailable:
            self._undo(mine)
            raise

    def _done(self, mine: _Mine, alone: bool = False) -> None:
        """What was changed so far stays. A thread's changes are committed now."""
        if not self._desk.held():
            return
        try:
            if not self._desk.shared() or alone:
                self._desk.commit()
            elif mine.saved:
                self._desk.keep()
        except ERRORS as error:
            raise Unavailable(str(error)) from error
        mine.saved = False

    def _undo(self, mine: _Mine) -> None:
        """The visit has failed: nothing of it stays."""
        if not self._desk.held() or not mine.saved:
            return
        if not self._desk.shared():
            self._desk.rollback()
            return
        mine.back()
        with contextlib.suppress(*ERRORS):  # the whole transaction is lost: whoever ends it finds out
            self._desk.undo()

    def _ended(self, kept: bool) -> None:
        """A transaction of this thread has ended: what it changed is so from now on, or must be read anew."""
        mine = self._mine
        dropped, dirty = mine.dropped, mine.dirty
        mine.dropped, mine.dirty = [], {}
        for wanted in dropped:
            self._kept.drop(wanted)
        if kept:
            for key, entry in dirty.items():
                self._kept.put(key, entry)
        else:
            self._kept.drop(dirty.__contains__)


class _Visit:
    """The transaction of a visit, in whatever thread it is entered. One inside another belongs to it."""

    def __init__(self, store: DatabaseStore, desk: FileDesk | DjangoDesk, mine: _Mine) -> None:
        self._store = store
        self._desk = desk
        self._mine = mine

    def __enter__(self) -> None:
        mine = self._mine
        mine.inside += 1
        if mine.inside == 1:
            mine.rows = False

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: Any) -> None:
        mine = self._mine
        mine.inside -= 1
        if mine.inside:
            return
        try:
            if self._desk.held():
                self._store._leave(mine, error)
        finally:
            mine.visited()


class _Mine(threading.local):
    """What a thread (the event loop's too) has changed in its transaction, and what of it belongs to this visit."""

    def __init__(self) -> None:
        self.inside = 0  # how many transactions, one in another, are entered
        self.saved = False
        self.rows = False
        self.dirty: dict[Key, Entry] = {}
        self.undo: list[tuple[Key, Entry | None]] = []
        self.dropped: list[Callable[[Key], bool]] = []

    def changes(self, key: Key, entry: Entry) -> None:
        self.rows = True
        self.undo.append((key, self.dirty.get(key)))
        self.dirty[key] = entry

    def drops(self, wanted: Callable[[Key], bool]) -> None:
        self.rows = True
        self.dropped.append(wanted)
        self.dirty = {key: entry for key, entry in self.dirty.items() if not wanted(key)}

    def back(self) -> None:
        for key, entry in reversed(self.undo):
            if entry is None:
                self.dirty.pop(key, None)
            else:
                self.dirty[key] = entry

    def visited(self) -> None:
        self.saved = False
        if self.undo:
            self.undo = []


def _claimed(switch_id: int) -> bool:
    with transaction.atomic():
        if not Switch.objects.filter(pk=switch_id, left__gt=0).update(left=F("left") - 1):
            return False
        used = Switch.objects.select_related("project").filter(pk=switch_id, left=0).first()
        if used is not None:
            used.delete()
            serving.changed(used.project)
        return True


def _name(name: str) -> str:
    """A counter's name as its column takes it."""
    if len(name) <= 250 and "\0" not in name:
        return name
    return f"{name[:150].replace('\0', ' ')}…{blake2b(name.encode('utf-8', 'replace'), digest_size=20).hexdigest()}"
