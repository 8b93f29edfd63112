"""Queries whose SQL is written once a process: the ORM takes ten times as long to write one as the database to answer.

A query is made as always, with a :class:`Slot` wherever it takes another value each time::

    OPEN = Rows(lambda: Grant.objects.filter(code=Slot("code"), consumed=None))
    USED = Change(lambda: Grant.objects.filter(pk=Slot("pk"), consumed=None), consumed=Slot("now"))

    grant = OPEN.first(code=digest)
    used = USED.run(pk=grant.pk, now=timezone.now())

Only what a request to the provider asks every time is worth it. Nothing is kept but the text of the query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.fetch_modes import FETCH_ONE
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql import UpdateQuery

DATABASE = "default"


class Slot(Expression):
    """The place of a value that is named when the query is asked: a text, a number, a truth, a moment or a UUID."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


class _Query:
    """What the two kinds have in common: one text of SQL for each kind of database, with what belongs to it."""

    def __init__(self, make: Callable[[], QuerySet]) -> None:
        self._make = make
        self._written: dict[str, Any] = {}

    def _of(self, connection: Any) -> Any:
        written = self._written.get(connection.vendor)
        if written is None:
            written = self._written[connection.vendor] = self._write(connection)
        return written

    def _write(self, connection: Any) -> Any:
        raise NotImplementedError


class Rows(_Query):
    """A query that gives rows: objects of the model with what they are selected with, or tuples (``values_list``)."""

    def __init__(self, make: Callable[[], QuerySet], shared: bool = False) -> None:
        """``shared``: nobody changes its rows before the transaction ends, though others may read them likewise
        (PostgreSQL, section 13.3.2). On SQLite whoever is in a transaction is alone."""
        super().__init__(make)
        self._shared = shared

    def all(self, **values: Any) -> list[Any]:
        """Its rows for these values of its slots."""
        connection = connections[DATABASE]
        sql, asked, read = self._of(connection)
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(asked, values, connection))
            found = cursor.fetchall()
        return list(read(found, connection)) if found else []

    def first(self, **values: Any) -> Any:
        """Its first row, None when there is none."""
        found = self.all(**values)
        return found[0] if found else None

    def _write(self, connection: Any) -> tuple[str, list[Any], Callable]:
        rows = self._make()
        compiler = rows.query.get_compiler(DATABASE)
        sql, asked = compiler.as_sql()
        chosen = [column for column, *_ in compiler.select]
        converters = [(place, *one) for place, one in compiler.get_converters(chosen).items()]
        made = _objects(compiler) if issubclass(rows._iterable_class, ModelIterable) else _tuples
        if self._shared and connection.features.has_select_for_update:
            sql += " FOR SHARE"
        return sql, list(asked), lambda found, to: made(_converted(found, converters, to))


class Change(_Query):
    """An UPDATE of the rows of a query."""

    def __init__(self, make: Callable[[], QuerySet], **changes: Any) -> None:
        super().__init__(make)
        self._changes = changes

    def run(self, **values: Any) -> int:
        """How many rows it changed."""
        connection = connections[DATABASE]
        sql, asked = self._of(connection)
        with transaction.mark_for_rollback_on_error(DATABASE), connection.cursor() as cursor:
            cursor.execute(sql, _filled(asked, values, connection))
            return cursor.rowcount

    def _write(self, connection: Any) -> tuple[str, list[Any]]:
        query = self._make().query.chain(UpdateQuery)
        query.add_update_values(self._changes)
        query.annotations = {}
        query.clear_ordering(force=True)
        sql, asked = query.get_compiler(DATABASE).as_sql()
        return sql, list(asked)


def insert[M: Model](row: M) -> M:
    """Keeps a new row, as its ``save`` would do: for models that nobody listens to."""
    connection = connections[DATABASE]
    fields, sql = _insertion(type(row), connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with transaction.mark_for_rollback_on_error(DATABASE), connection.cursor() as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DATABASE
    return row


@cache
def _insertion(model: type[Model], vendor: str) -> tuple[list[Field], str]:
    quote, meta = connections[DATABASE].ops.quote_name, model._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    names = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    told = quote(meta.pk.column)
    return fields, f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({places}) RETURNING {told}"


def _filled(asked: list[Any], values: dict[str, Any], connection: Any) -> list[Any]:
    """What the database is asked with: the values in their slots. Raises KeyError for one that is missing."""
    return [_fit(values[one.name], connection) if isinstance(one, Slot) else one for one in asked]


def _fit(value: Any, connection: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _converted(found: list[Any], converters: list[tuple], connection: Any) -> Iterator[list[Any]]:
    for row in map(list, found):
        for place, conversions, column in converters:
            for convert in conversions:
                row[place] = convert(row[place], column, connection)
        yield row


def _tuples(rows: Iterator[list[Any]]) -> Iterator[tuple]:
    return map(tuple, rows)


def _objects(compiler: Any) -> Callable[[Iterator[list[Any]]], Iterator[Model]]:
    """Makes objects of rows, with those of ``select_related`` and with annotations, as a QuerySet does."""
    kind, select = compiler.klass_info, compiler.select
    first, last = kind["select_fields"][0], kind["select_fields"][-1] + 1
    names = [column.target.attname for column, *_ in select[first:last]]
    related = get_related_populators(kind, select, DATABASE, FETCH_ONE)
    notes = list((compiler.annotation_col_map or {}).items())

    def made(rows: Iterator[list[Any]]) -> Iterator[Model]:
        for row in rows:
            one = kind["model"].from_db(DATABASE, names, row[first:last])
            for populator in related:
                populator.populate(row, one)
            for name, place in notes:
                setattr(one, name, row[place])
            yield one

    return made
