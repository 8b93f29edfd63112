"""Where the state of mocks is written: through the connection that writes the log on SQLite, else through Django's.

Both take statements with ``?`` for values. A transaction belongs to one thread; in the event loop it is shared by all
calls of a turn and ends with the journal's next write.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import Error as DjangoError
from django.db import connections, transaction

from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.traffic.sink import ROW, SqliteLog

ERRORS = (sqlite3.Error, DjangoError)
log = logging.getLogger(__name__)


class FileDesk:
    """SQLite: the log's own connection, so that a change and its log entry are one commit."""

    inline = True
    locks = False  # a transaction is alone anyway

    def __init__(self, own: SqliteLog) -> None:
        self._log = own
        self._shared = self._settled = False

    def when_ended(self, deed: Callable[[bool], None]) -> None:
        """``deed(kept)`` is called when a transaction has ended, in its thread, before another may begin."""
        self._log.ended = deed

    def stamp(self) -> int:
        """Differs from an earlier stamp when another connection has committed since."""
        return self._log.version()

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Nobody of this process changes anything meanwhile."""
        if self.held():
            yield
        else:
            with self._log.alone():
                yield

    def held(self) -> bool:
        return self._log.held()

    def shared(self) -> bool:
        """Whether this thread holds the transaction of all calls of this turn of the event loop."""
        return self._shared and self.held()

    def settle(self) -> None:
        """The transaction of this turn is committed even if no record is written in it."""
        self._settled = True

    def begin(self) -> None:
        loop = asyncio._get_running_loop()
        self._log.begin(until_write=loop is not None)
        self._shared, self._settled = loop is not None, False
        if loop is not None:
            loop.call_soon(self._watch, loop, self._log.begun)

    def commit(self) -> None:
        self._log.commit()

    def rollback(self) -> None:
        self._log.rollback()

    def save(self) -> None:
        """Marks the place to which ``undo`` goes back."""
        if not self._log.connection().in_transaction:  # a savepoint outside of one would begin and commit its own
            raise sqlite3.OperationalError("the transaction was lost")
        self.execute("SAVEPOINT visit")

    def keep(self) -> None:
        self.execute("RELEASE visit")

    def undo(self) -> None:
        self.execute("ROLLBACK TO visit")
        self.execute("RELEASE visit")

    def execute(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        self._log.grown += ROW if params else 0
        return self._log.connection().execute(sql, params).fetchall()

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        self._log.grown += sum(len(str(row[-1])) for row in rows)
        self._log.connection().executemany(sql, rows)

    def _watch(self, loop: asyncio.AbstractEventLoop, begun: int) -> None:
        """The journal writes in this turn, the one after the change. Looks into the next whether it has."""
        loop.call_soon(self._end_forgotten, loop, begun)

    def _end_forgotten(self, loop: asyncio.AbstractEventLoop, begun: int) -> None:
        """Nothing was written in this transaction. Unless it is settled, a call failed between its change and its
        record; others that have joined since find the transaction lost."""
        if self._log.begun != begun or not self.held():
            return
        if self._settled:
            with contextlib.suppress(sqlite3.Error):
                self.commit()
            return
        log.error("a call has changed the state of mocks and was never logged: its changes are undone")
        if self._log.connection().in_transaction:
            self.execute("ROLLBACK")
            loop.call_soon(self._end_forgotten, loop, begun)
        else:
            self.rollback()


class DjangoDesk:
    """PostgreSQL, where a thread has a connection of its own; and a test's database in memory."""

    def __init__(self) -> None:
        self._open = _Open()
        self._ended: Callable[[bool], None] = lambda kept: None
        vendor = connections[settings.LOG_DATABASE].vendor
        self.inline = vendor == "sqlite"
        self.locks = vendor != "sqlite"

    def when_ended(self, deed: Callable[[bool], None]) -> None:
        self._ended = deed

    def stamp(self) -> None:
        """Nobody tells: the state's version is asked for at every look."""
        return

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._give_back()

    def held(self) -> bool:
        return self._open.atomic is not None

    def shared(self) -> bool:
        return False

    def settle(self) -> None:
        """Never needed: no transaction is shared."""

    def begin(self) -> None:
        atomic = transaction.atomic(using=settings.LOG_DATABASE)
        try:
            atomic.__enter__()
        except BaseException:
            self._give_back()
            raise
        self._open.atomic = atomic

    def commit(self) -> None:
        self._end(None)

    def rollback(self) -> None:
        with contextlib.suppress(_Undone):
            self._end(_Undone())

    def save(self) -> None:
        """Never needed: a thread's transaction is undone as a whole."""

    keep = undo = save

    def execute(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with connections[settings.LOG_DATABASE].cursor() as cursor:
            cursor.execute(_marked(sql), params)
            return cursor.fetchall() if cursor.description else []

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            with connections[settings.LOG_DATABASE].cursor() as cursor:
                cursor.executemany(_marked(sql), rows)

    def _end(self, error: Exception | None) -> None:
        atomic, self._open.atomic = self._open.atomic, None
        kept = False
        try:
            atomic.__exit__(type(error) if error else None, error, None)
            kept = error is None
        finally:
            self._ended(kept)
            self._give_back()

    def _give_back(self) -> None:
        """The connection goes back to the pool, which checks it before the next use."""
        if self._open.atomic is None and self.locks:
            give_back(settings.LOG_DATABASE)


class _Open(threading.local):
    atomic: Any = None


class _Undone(Exception):
    """Ends a transaction of Django's that is to be undone."""


@lru_cache(64)
def _marked(sql: str) -> str:
    return sql.replace("?", "%s")
