"""Answers runtime.Sink: writes exchanges to the log's database, with secrets masked, durable when ``write`` returns."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Sequence
from typing import Any

import orjson
from django.conf import settings
from django.db import Error, connections

from actionstudio.apps.traffic import redaction
from actionstudio.apps.traffic.models import Exchange
from actionstudio.runtime.ports import Record

COLUMNS = tuple(name for name in Record._fields if name != "masks")
CHECKPOINT = 4000  # pages of the write-ahead log, about 16 MB
_MARKS = ", ".join(["?"] * len(COLUMNS))
_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)


def row(record: Record) -> tuple[Any, ...]:
    """A record as the row of its table: secrets masked, lists as JSON."""
    masks = record.masks
    sent, answered = record.request_body, record.response_body
    if sent:
        sent = redaction.body(sent, _content_type(record.request_headers), masks)
    if answered:
        answered = redaction.body(answered, _content_type(record.response_headers), masks)
    return (
        *record[:7],
        redaction.issued(record.path) if "_" in record.path else record.path,
        redaction.query(record.query, masks) if record.query else "",
        *record[9:12],
        _json(record.timings),
        _json(redaction.headers(record.request_headers, masks)),
        sent,
        record.request_size,
        _json(redaction.headers(record.response_headers, masks)),
        answered,
        record.response_size,
        _json(record.violations) if record.violations else "[]",
        _json(record.decisions) if record.decisions else "{}",
        *record[21:27],
    )


def _content_type(headers: Sequence[tuple[str, str]]) -> str:
    for name, value in headers:
        if name == "content-type":
            return value
    return ""


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()


class DatabaseSink:
    """The sink for the database the settings name. SQLite: inline, on a connection of its own. PostgreSQL: a thread."""

    def __init__(self) -> None:
        connection = connections[settings.LOG_DATABASE]
        self.inline = connection.vendor == "sqlite"
        self._own: SqliteLog | None = None
        if self.inline and not connection.is_in_memory_db():
            self._own = SqliteLog(str(connection.settings_dict["NAME"]))

    def write(self, records: Sequence[Record]) -> None:
        rows = [row(record) for record in records]
        if self._own is not None:
            self._own.write(rows)
        elif self.inline:
            through_django(rows)
        else:
            copy(rows)


class SqliteLog:
    """One connection that alone writes the log file, and alone checkpoints it between its own transactions."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._path = path
        self._statement = f'INSERT INTO "{Exchange._meta.db_table}" ({_NAMES}) VALUES ({_MARKS})'
        self._connection: sqlite3.Connection | None = None
        self._written = 0

    def write(self, rows: list[tuple[Any, ...]]) -> None:
        with self._lock:
            connection = self._connection or self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                connection.executemany(self._statement, rows)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            self._written += len(rows)
            if self._written >= CHECKPOINT:
                self._written = 0
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=20, isolation_level=None, check_same_thread=False)
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0; "
            "PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000;"
        )
        self._connection = connection
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
