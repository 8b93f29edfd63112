"""The word index on PostgreSQL: one table for each segment, a tsvector of words a call under a GIN index.

Small tables instead of a large one: a word that is often written would give all of its places before the newest could
be told. Words have no positions there (PostgreSQL keeps 255 of a word and drops the rest): a phrase asks for all of its
words, neighbouring Chinese and Japanese characters for their pairs; which rows have the phrase, the rows tell.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Sequence

from django.db import connections, router, transaction
from django.db.utils import ProgrammingError

from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.traffic.words.entries import Entry, Question
from actionstudio.apps.traffic.words.phrases import Phrase
from actionstudio.apps.traffic.words.segments import VERSION, Segment

_MAKE = """
CREATE TABLE IF NOT EXISTS words_shelf (version text NOT NULL, mark bigint NOT NULL);
CREATE TABLE IF NOT EXISTS words_segment (
    place integer PRIMARY KEY, first bigint NOT NULL, last bigint NOT NULL, rows integer NOT NULL,
    stale integer NOT NULL DEFAULT 0
);
"""


class PostgresShelf:
    """In the log's own database."""

    def mark(self) -> int:
        """The id up to which everything is indexed, 0 for nothing."""
        rows = self._ask("SELECT mark FROM words_shelf WHERE version = %s", [VERSION])
        return rows[0][0] if rows else 0

    def segments(self) -> list[Segment]:
        """The newest first."""
        rows = self._ask("SELECT place, first, last, rows, stale FROM words_segment ORDER BY first DESC", [])
        return [Segment(*row[:4], bool(row[4])) for row in rows]

    def find(
        self, segment: Segment, asked: Question, first: int, end: int, size: int, newest: bool = True
    ) -> list[int]:
        """Ids in a segment, from ``first`` and before ``end``, the newest first or the oldest."""
        order = "DESC" if newest else "ASC"
        sql = (
            f"SELECT id FROM words_{segment.place} WHERE words @@ %s::tsquery AND id >= %s AND id < %s "
            f"ORDER BY id {order} LIMIT %s"
        )
        return [row[0] for row in self._ask(sql, [match(asked), first, end, size])]

    def prepare(self) -> None:
        """Makes the tables what this version writes; those of another version are thrown away."""
        self.write(_MAKE)
        if not self._ask("SELECT 1 FROM words_shelf WHERE version = %s", [VERSION]):
            for place in self.tables():
                self.drop(place)
            with self.together():
                self.write("DELETE FROM words_segment")
                self.write("DELETE FROM words_shelf")
                self.write("INSERT INTO words_shelf VALUES (%s, 0)", [VERSION])

    def add(self, place: int, entries: Sequence[Entry]) -> None:
        """Writes entries into a segment's table."""
        insert = f"INSERT INTO words_{place} (id, words) SELECT %s, array_to_tsvector(%s::text[])"
        with self._connection().cursor() as cursor:
            cursor.executemany(insert, [(one.id, lexemes(one)) for one in entries])

    def make(self, place: int) -> None:
        """A new empty table."""
        self.write(f"CREATE TABLE words_{place} (id bigint PRIMARY KEY, words tsvector NOT NULL)")
        self.write(f"CREATE INDEX words_{place}_words ON words_{place} USING gin (words) WITH (fastupdate = off)")

    def drop(self, place: int) -> None:
        """Removes a table."""
        self.write(f"DROP TABLE IF EXISTS words_{place}")

    def write(self, sql: str, params: Sequence = ()) -> None:
        """A statement of the catalogue."""
        with self._connection().cursor() as cursor:
            cursor.execute(_named(sql), params or None)

    def together(self):
        """One transaction."""
        return transaction.atomic(using=router.db_for_write(Exchange))

    def tables(self) -> list[int]:
        """The places that have a table."""
        rows = self._ask("SELECT tablename FROM pg_tables WHERE tablename ~ '^words_[0-9]+$'", [])
        return [int(name.removeprefix("words_")) for (name,) in rows]

    def size(self) -> int:
        """Bytes on the disk."""
        sql = "SELECT coalesce(sum(pg_total_relation_size(format('%I', tablename)::regclass)), 0) FROM pg_tables "
        return int(self._ask(sql + "WHERE tablename ~ '^words_[0-9]+$'", None)[0][0])

    def _connection(self):
        return connections[router.db_for_write(Exchange)]

    def _ask(self, sql: str, params: Iterable | None) -> list[tuple]:
        """Rows; none where a table is not there, or has just gone."""
        connection = self._connection()
        inside = transaction.atomic(using=connection.alias) if connection.in_atomic_block else contextlib.nullcontext()
        try:
            with inside, connection.cursor() as cursor:
                cursor.execute(sql, params if params is None else [*params])
                return cursor.fetchall()
        except ProgrammingError as error:
            if getattr(error.__cause__, "sqlstate", "") == "42P01":  # undefined_table
                return []
            raise


def lexemes(entry: Entry) -> list[str]:
    """All words of a call once, and its facts."""
    words = {*entry.facts}
    for text in entry.texts:
        found = text.split()
        words.update(found)
        if not text.isascii():
            words.update(pairs(found))
    return [*words]


def pairs(words: Sequence[str]) -> list[str]:
    """Neighbouring single characters, those of Chinese and Japanese above all."""
    return [one + next for one, next in itertools.pairwise(words) if _single(one) and _single(next)]


def match(asked: Question) -> str:
    """The question in the language of tsquery."""
    return " & ".join([*(f"'{fact}'" for fact in asked.facts), *(_phrase(one) for one in asked.phrases)])


def _phrase(phrase: Phrase) -> str:
    *whole, last = phrase.words
    asked = [f"'{word}'" for word in dict.fromkeys((*whole, *pairs(phrase.words)))]
    return " & ".join([*asked, f"'{last}'{':*' if phrase.beginning else ''}"])


def _single(word: str) -> bool:
    return len(word) == 1 and not word.isascii()


def _named(sql: str) -> str:
    """The catalogue's tables have names of their own among the others of the database."""
    for name in ("shelf", "segment"):
        for before in ("FROM ", "INTO ", "UPDATE "):
            sql = sql.replace(f"{before}{name}", f"{before}words_{name}")
    return sql
