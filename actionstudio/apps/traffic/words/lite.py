"""The word index on SQLite: a file of its own beside the log, one FTS5 table for each segment, without the texts.

Written by one background job through a plain connection; read by any thread through one of its own. Whoever deletes
the file loses nothing: it is made anew.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from actionstudio.apps.traffic.words.entries import Entry, Question
from actionstudio.apps.traffic.words.phrases import PLACES, Phrase
from actionstudio.apps.traffic.words.segments import VERSION, Segment

_MAKE = """
CREATE TABLE IF NOT EXISTS shelf (version TEXT NOT NULL, mark INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS segment (
    place INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, rows INTEGER NOT NULL,
    stale INTEGER NOT NULL DEFAULT 0
);
"""
_TABLE = (
    "CREATE VIRTUAL TABLE words_{} USING fts5(facts, line, request, response, content='', columnsize=0, prefix='2 3', "
    "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
)


class LiteShelf:
    """``path`` is the file; it need not be there."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._local = threading.local()

    def mark(self) -> int:
        """The id up to which everything is indexed, 0 for nothing."""
        rows = self._ask("SELECT mark FROM shelf WHERE version = ?", [VERSION])
        return rows[0][0] if rows else 0

    def segments(self) -> list[Segment]:
        """The newest first."""
        rows = self._ask("SELECT place, first, last, rows, stale FROM segment ORDER BY first DESC", [])
        return [Segment(*row[:4], bool(row[4])) for row in rows]

    def find(
        self, segment: Segment, asked: Question, first: int, end: int, size: int, newest: bool = True
    ) -> list[int]:
        """Ids in a segment, from ``first`` and before ``end``, the newest first or the oldest."""
        table = f"words_{segment.place}"
        order = "DESC" if newest else "ASC"
        where = f"{table} MATCH ? AND rowid >= ? AND rowid < ?"
        sql = f"SELECT rowid FROM {table} WHERE {where} ORDER BY rowid {order} LIMIT ?"
        return [row[0] for row in self._ask(sql, [match(asked), first, end, size])]

    def prepare(self) -> None:
        """Makes the file what this version writes. What another version wrote, or a broken file, is thrown away."""
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            if not broken(error):
                raise
            self.scrap()
            self._prepare()

    def scrap(self) -> None:
        """Deletes the file."""
        self._close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def add(self, place: int, entries: Sequence[Entry]) -> None:
        """Writes entries into a segment's table."""
        insert = f"INSERT INTO words_{place} (rowid, facts, line, request, response) VALUES (?, ?, ?, ?, ?)"
        self._writer().executemany(insert, [(one.id, " ".join(one.facts), *one.texts) for one in entries])

    def make(self, place: int) -> None:
        """A new empty table."""
        self._writer().execute(_TABLE.format(place))

    def drop(self, place: int) -> None:
        """Removes a table; its pages are overwritten, because what is deleted shall be gone."""
        writer = self._writer()
        writer.execute("PRAGMA secure_delete=ON")
        writer.execute(f"DROP TABLE IF EXISTS words_{place}")
        writer.execute("PRAGMA secure_delete=OFF")

    def write(self, sql: str, params: Sequence = ()) -> None:
        """A statement of the catalogue; ``%s`` marks parameters."""
        self._writer().execute(sql.replace("%s", "?"), params)

    @contextlib.contextmanager
    def together(self):
        """One transaction."""
        writer = self._writer()
        writer.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if writer.in_transaction:
                writer.execute("ROLLBACK")
            raise
        writer.execute("COMMIT")

    def tables(self) -> list[int]:
        """The places that have a table."""
        rows = self._ask("SELECT name FROM sqlite_master WHERE name GLOB 'words_*' AND sql LIKE 'CREATE VIRTUAL%'", [])
        return [int(name.removeprefix("words_")) for (name,) in rows]

    def size(self) -> int:
        """Bytes on the disk."""
        files = [Path(f"{self.path}{suffix}") for suffix in ("", "-wal")]
        return sum(file.stat().st_size for file in files if file.exists())

    def _prepare(self) -> None:
        self._writer().executescript(_MAKE)
        if not self._ask("SELECT 1 FROM shelf WHERE version = ?", [VERSION]):
            for place in self.tables():
                self.drop(place)
            with self.together():
                self.write("DELETE FROM segment")
                self.write("DELETE FROM shelf")
                self.write("INSERT INTO shelf VALUES (%s, 0)", [VERSION])

    def _ask(self, sql: str, params: Iterable) -> list[tuple]:
        """Rows; none where there is no file or a broken one, or a table has just gone."""
        if not self.path.exists():
            return []
        try:
            return self._writer().execute(sql, [*params]).fetchall()
        except sqlite3.DatabaseError as error:
            if "no such table" in str(error) or broken(error):
                return []
            raise

    def _writer(self) -> sqlite3.Connection:
        """This thread's connection, to the file that is there now."""
        known = getattr(self._local, "connection", None)
        if known is not None and self._local.file == self._file():
            return known
        self._close()
        with contextlib.suppress(OSError):  # words of calls are nobody else's either
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600))
        made = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        try:
            made.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8000")
        except BaseException:
            made.close()
            raise
        self._local.connection, self._local.file = made, self._file()
        return made

    def _file(self) -> int | None:
        with contextlib.suppress(OSError):
            return self.path.stat().st_ino
        return None

    def _close(self) -> None:
        known, self._local.connection = getattr(self._local, "connection", None), None
        if known is not None:
            known.close()


def broken(error: sqlite3.DatabaseError) -> bool:
    """Whether the file is no database (any more), rather than busy or on a full disk."""
    return error.sqlite_errorname.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def match(asked: Question) -> str:
    """The question in the language of FTS5."""
    return " AND ".join([*(f'"{fact}"' for fact in asked.facts), *map(_phrase, asked.phrases)])


def _phrase(phrase: Phrase) -> str:
    columns = "" if phrase.places == PLACES else f"{{{' '.join(phrase.places)}}} : "
    return f'{columns}"{" ".join(phrase.words)}"{" *" if phrase.beginning else ""}'
