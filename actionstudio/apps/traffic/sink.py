"""Answers runtime.Sink: writes exchanges to the log's database, with secrets masked, durable when ``write`` returns."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import Error, connections
from orjson import dumps

from actionstudio.apps.traffic import redaction, ruling
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.hiding import Masks
from actionstudio.runtime.ports import Record

COLUMNS = tuple(name for name in Record._fields if name != "masks")
ROW = 2000  # bytes that a row without bodies adds to the write-ahead log
MAY = 1024 * 1024  # a write-ahead log as large as this is checkpointed when there is time
MUST = 4 * 1024 * 1024  # and as large as this also while calls come: they wait some milliseconds then
MOST = 8 * 1024 * 1024  # and never much larger than this
REST = 10  # times as long as the last checkpoint took: so a slow disk does not hold up every call
IDLE = 0.2  # seconds
TOGETHER = 64  # rows in one statement
_METHOD, _ID = 16, 120  # characters of what callers choose and PostgreSQL holds to its column
_REMEMBERED = 512
_DEEPEST = 50  # levels of what is told where the whole cannot be written
_SMALL = 16 * 1024
_MARKS = ", ".join(["?"] * len(COLUMNS))
_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)


class Rows:
    """Makes rows of records: secrets masked, lists as JSON.

    Most answers and decisions are made once and sent often: what was made of them is remembered by identity.
    """

    def __init__(self) -> None:
        self._answers: dict[int, tuple[Any, Any, str, bytes]] = {}
        self._decisions: dict[int, tuple[Any, str]] = {}

    def row(self, record: Record) -> tuple[Any, ...]:
        (
            id_, project, address, revision, source, kind, method, path, query, status, operation, duration, timings,
            asked, sent, sent_size, headers, body, body_size, violations, decisions, auth, key, client, gpt,
            conversation, user, sign_in, cut, masks,
        ) = record  # fmt: skip
        if isinstance(masks, Masks):
            return self.row(ruling.ruled(record, masks))
        if sent:
            sent = redaction.body(sent, _content_type(asked), masks)
        known = self._answers.get(id(headers))
        if known is None or known[0] is not headers or known[1] is not body:
            known = self._answer(headers, body, masks)
        said = self._decisions.get(id(decisions))
        if said is None or said[0] is not decisions:
            said = self._decision(decisions, masks)
        return (
            id_, project, address, revision, source, kind, method[:_METHOD],
            redaction.path(path),
            redaction.query(query, masks) if query else "",
            status, operation, duration, dumps(timings).decode(),
            dumps(redaction.headers(asked, masks)).decode(), sent, sent_size,
            known[2], known[3], body_size, _told(violations) if violations else "[]", said[1],
            auth, key, client, gpt[:_ID], conversation[:_ID], user[:_ID], sign_in, cut,
        )  # fmt: skip

    def _answer(self, headers: Any, body: bytes, masks: frozenset[str]) -> tuple[Any, Any, str, bytes]:
        hidden = redaction.body(body, _content_type(headers), masks) if body else body
        made = (headers, body, _json(redaction.headers(headers, masks)), hidden)
        if len(body) <= _SMALL:
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            self._answers[id(headers)] = made
        return made

    def _decision(self, decisions: Any, masks: frozenset[str]) -> tuple[Any, str]:
        told = _told(decisions) if decisions else "{}"
        if "trail" in decisions:  # it quotes values of the call, whole bodies among them
            told = redaction.body(told.encode(), "application/json", masks).decode()
        made = (decisions, told)
        if len(self._decisions) >= _REMEMBERED:
            self._decisions.clear()
        self._decisions[id(decisions)] = made
        return made


def _content_type(headers: Sequence[tuple[str, str]]) -> str:
    for name, value in headers:
        if name == "content-type":
            return value
    return ""


def _told(value: Any) -> str:
    """Sentences of ours may quote a path or a value of the call."""
    text = _json(value)
    return redaction.issued(text) if redaction.has_issued(text) else text


def _json(value: Any) -> str:
    """Whatever stands in it: a call that cannot be written would take those logged together with it along."""
    try:
        return dumps(value, default=str).decode()
    except TypeError:  # nested too deeply, a number beyond 64 bits, half a surrogate pair
        return dumps(_tame(value, 0), default=str).decode()


def _tame(value: Any, depth: int) -> Any:
    if isinstance(value, dict):
        return "…" if depth > _DEEPEST else {_tame(str(key), 0): _tame(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return "…" if depth > _DEEPEST else [_tame(one, depth + 1) for one in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return str(value) if isinstance(value, int) and abs(value) >= 2**63 else value


class DatabaseSink:
    """The sink for the database the settings name. SQLite: inline, on a connection of its own. PostgreSQL: a thread.

    ``path`` names another SQLite file than the settings do.
    """

    def __init__(self, path: str = "") -> None:
        connection = connections[settings.LOG_DATABASE]
        self._rows = Rows()
        self.inline = bool(path) or connection.vendor == "sqlite"
        self.own: SqliteLog | None = None
        if path:
            self.own = SqliteLog(path)
        elif self.inline and not connection.is_in_memory_db():
            self.own = SqliteLog(str(connection.settings_dict["NAME"]))
            _here[:] = [self.own]

    def write(self, records: Sequence[Record]) -> None:
        rows = map(self._rows.row, records)
        if self.own is not None:
            self.own.write(rows)
        elif self.inline:
            through_django([*rows])
        else:
            copy([*rows])


_here: list[SqliteLog] = []


def here() -> SqliteLog | None:
    """Who writes the log's file in this process; None where nobody does, and on PostgreSQL."""
    return _here[0] if _here else None


def told(size: int) -> None:
    """Somebody else has changed about so many bytes of the log's file: its writer checkpoints them."""
    if _here:
        _here[0].grown += size


class SqliteLog:
    """One connection that alone writes the log file, and alone checkpoints it, between its own transactions.

    A checkpoint waits for the disk, and calls wait for it: so it is done while nobody calls, and under load often and
    in small pieces. Never by a second connection beside a writer: SQLite before 3.51.3 could lose pages that way.

    The state of mocks is kept through the same connection (mocking/store.py), so that a change and its log entry are
    one commit. ``ended(kept)`` is called when a transaction ends, before others may begin one; ``begun`` numbers them.
    """

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._opening, self._asking = threading.Lock(), threading.Lock()
        self._path = path
        self._statements: dict[int, str] = {}  # by number of rows: one step of the database for all of them
        self._connection: sqlite3.Connection | None = None
        self.owner = 0
        self._until_write = False
        self.ended: Callable[[bool], None] = lambda kept: None
        self.begun = 0
        self.grown = 0  # bytes in the write-ahead log, about
        self._busy = self._rested = 0.0

    def write(self, made: Iterable[tuple[Any, ...]]) -> None:
        """Inserts the rows: in a transaction of their own, or in the one that this thread has begun already."""
        joins = self.held()
        if not joins:
            made = [*made]
            self.begin()
        ends = not joins or self._until_write
        try:
            if joins and not self.connection().in_transaction:
                raise sqlite3.OperationalError("the transaction was lost")  # a full disk ends it
            rows = [*made]
            for begin in range(0, len(rows), TOGETHER):
                part = rows[begin : begin + TOGETHER]
                self.connection().execute(self._insert(len(part)), [*chain.from_iterable(part)])
        except BaseException:
            if ends:
                self.rollback()
            raise
        self.grown += sum([len(values[14]) + len(values[17]) for values in rows]) + ROW * len(rows)
        if ends:
            self.commit()

    def connection(self) -> sqlite3.Connection:
        if self._connection is None:
            with self._opening:
                self._connection = self._connection or self._open()
        return self._connection

    def version(self) -> int:
        """Differs from an earlier one when another connection has committed since (PRAGMA data_version).

        One thread at a time: sqlite3 keeps one prepared statement for equal texts, and two threads that step through it
        at once take each other's row.
        """
        with self._asking:
            return self.connection().execute("PRAGMA data_version").fetchone()[0]

    def held(self) -> bool:
        """Whether this thread has begun a transaction that is not over."""
        return self.owner == threading.get_ident()

    def alone(self) -> contextlib.AbstractContextManager[Any]:
        """Inside, no other thread is in a transaction, and none begins one. For threads that hold none themselves."""
        return self._lock

    def begin(self, until_write: bool = False) -> None:
        """Begins a transaction; other threads wait until it is over. ``until_write``: the next ``write`` ends it."""
        self._lock.acquire()
        try:
            self.connection().execute("BEGIN IMMEDIATE")
        except BaseException:
            self._lock.release()
            raise
        self.owner, self._until_write = threading.get_ident(), until_write
        self.begun += 1

    def commit(self) -> None:
        """Ends this thread's transaction. When that fails nothing of it is kept, and the error is raised."""
        try:
            connection = self.connection()
            if not connection.in_transaction:
                raise sqlite3.OperationalError("the transaction was lost")
            connection.execute("COMMIT")
        except BaseException:
            self.rollback()
            raise
        self.ended(True)
        self._busy = time.monotonic()
        if self.grown > MUST and (self._busy > self._rested or self.grown > MOST):
            self._checkpoint()
        self._release()

    def rollback(self) -> None:
        """Ends this thread's transaction; nothing of it is kept."""
        try:
            if self.connection().in_transaction:  # a full disk has ended it already
                self.connection().execute("ROLLBACK")
        finally:
            self.ended(False)
            self._release()

    def _release(self) -> None:
        self.owner, self._until_write = 0, False
        self._lock.release()

    def _insert(self, count: int) -> str:
        statement = self._statements.get(count)
        if statement is None:
            marks = ", ".join([f"({_MARKS})"] * count)
            statement = f'INSERT INTO "{Exchange._meta.db_table}" ({_NAMES}) VALUES {marks}'
            self._statements[count] = statement
        return statement

    def _checkpoint(self) -> None:
        began = time.monotonic()
        with contextlib.suppress(sqlite3.Error):  # what is committed stays so; the next checkpoint tries again
            self.connection().execute("PRAGMA wal_checkpoint(PASSIVE)")
        self.grown = 0
        ended = time.monotonic()
        self._rested = ended + REST * (ended - began)

    def _watch(self) -> None:
        """Checkpoints when the log has grown and nobody has called for a moment. What other connections and processes
        write counts as growth: nobody else checkpoints it."""
        seen = None
        while True:
            time.sleep(IDLE)
            with self._lock:
                version = self.version()
            if version != seen:
                seen, self.grown = version, self.grown + (MAY if seen is not None else 0)
            if self.grown > MAY and time.monotonic() - self._busy > IDLE:
                with self._lock:
                    self._checkpoint()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=20, isolation_level=None, check_same_thread=False, cached_statements=2 * TOGETHER
        )
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0; "
            "PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000;"
        )
        threading.Thread(target=self._watch, name="log checkpoint", daemon=True).start()
        return connection


def through_django(rows: list[tuple[Any, ...]]) -> None:
    """Through Django's own connection: a test's database lives in memory and in the test's transaction."""
    marks = ", ".join(["%s"] * len(COLUMNS))
    with connections[settings.LOG_DATABASE].cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{Exchange._meta.db_table}" ({_NAMES}) VALUES ({marks})', rows)


def copy(rows: list[tuple[Any, ...]]) -> None:
    """PostgreSQL: COPY. When the connection is lost the rows are sent once more; those already there are left alone."""
    connection = connections[settings.LOG_DATABASE]
    inside = connection.in_atomic_block
    try:
        with connection.cursor() as cursor, cursor.copy(_COPY) as out:
            for values in rows:
                out.write_row(values)
    except Error:
        if inside:
            raise
        connection.close()
        time.sleep(0.2)
        _insert_missing(rows)
    finally:
        if not inside:
            connection.close()  # back to the pool, which checks it before the next use


_COPY = f'COPY "{Exchange._meta.db_table}" ({_NAMES}) FROM STDIN'


def _insert_missing(rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join(["%s"] * len(COLUMNS))
    statement = f'INSERT INTO "{Exchange._meta.db_table}" ({_NAMES}) VALUES ({marks}) ON CONFLICT (id) DO NOTHING'
    with connections[settings.LOG_DATABASE].cursor() as cursor:
        cursor.executemany(statement, rows)
