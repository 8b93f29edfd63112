"""Ids of rows: how a row is known, which id a new one gets, and the rows a list begins with.

Source: Mockoon's documentation of CRUD routes: a given id is kept; else the highest number and one, where ids are
numbers, or a UUID. The id may lie deeper in the row (``data.id``).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from actionstudio.core.behaviour import Collection
from actionstudio.core.collections.fields import at, put
from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.shape import shape_of
from actionstudio.core.schemas.validate import SchemaError, Validator, compile_validator

type JSON = Any

LONGEST = 200  # characters of an id
_TRIES = 20
_COUNTED = re.compile(r"(.*?)([0-9]{1,15})\Z", re.DOTALL)
_HIGHEST = 2**53 - 1  # the last whole number that every JSON reader keeps exactly (RFC 8259, section 6)


def key_of(row: JSON, id_field: str) -> str | None:
    """The id of a row as the text it is kept under; None when it has none, or one that is no text or whole number."""
    return text_of_id(at(row, id_field)) if id_field else None


def text_of_id(value: JSON) -> str | None:
    """An id as text, so that 1 and "1" are the same row."""
    if isinstance(value, str):
        return value if 0 < len(value) <= LONGEST and "\0" not in value else None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None
    return str(int(value))


def with_id(row: JSON, field: str, value: JSON) -> JSON:
    """A copy of ``row`` with its id: where the row has one, else before all other fields."""
    if "." in field or not isinstance(row, dict) or field in row:
        return put(row, field, value)
    return {field: value, **row}


def highest(keys: Iterable[str]) -> int:
    """The highest number above 0 among keys, 0 when there is none."""
    numbers = (int(key) for key in keys if key.isascii() and key.lstrip("-").isdecimal() and len(key) < 17)
    return max((number for number in numbers if 0 < number <= _HIGHEST), default=0)


def keyed(
    collection: Collection,
    rows: Iterable[JSON],
    components: Mapping[str, JSON] | None = None,
    taken: Iterable[str] = (),
) -> dict[str, JSON]:
    """Rows by id, in order, each with an id of its own: those that a list begins with, or that a file brings.

    A row without an id, or with one that an earlier row has, gets a new one, none of ``taken``. Rows of a collection
    without ids are numbered.
    """
    given = list(rows)
    out: dict[str, JSON] = {}
    if not collection.id_field:
        return {str(number): row for number, row in enumerate(given, highest(taken) + 1)}
    ids = Ids(collection, components or {})
    known = {**dict.fromkeys(taken), **dict.fromkeys(key_of(row, collection.id_field) or "" for row in given)}
    made: tuple[str, JSON] | None = None
    for place, row in enumerate(given, 1):
        key = key_of(row, collection.id_field)
        if key is None or key in out:
            made = ids.following(known, made) or ids.new(known, partial(counted_uuid, collection.name, place))
            key, value = made
            row = with_id(row, collection.id_field, value)
        known[key] = None
        out[key] = row
    return out


def counted_uuid(name: str, place: int) -> str:
    """A UUID that is the same each time: seeds may not differ between workers (RFC 9562, version 5)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"collection:{name}/{place}"))


class Ids:
    """Makes ids for the rows of one collection."""

    def __init__(self, collection: Collection, components: Mapping[str, JSON]) -> None:
        self._field = collection.id_field
        self._kind = collection.id_kind
        schema = self._schema(collection.schema, components)
        self._kinds = shape_of(schema, components).kinds
        self._place = schema, components
        self._sampler: Any = None
        self._checker: Validator | None = None
        try:
            self._checker = compile_validator(schema, components) if schema is not True else None
        except (SchemaError, RecursionError):
            self._checker = None

    def _schema(self, schema: JSON, components: Mapping[str, JSON]) -> JSON:
        for name in self._field.split(".") if self._field else ():
            schema = shape_of(schema, components).properties.get(name, True)
        return True if schema is None else schema

    def typed(self, text: str) -> JSON:
        """The text of an id as the row's schema wants it: 7 for "7" where ids are whole numbers."""
        number = text.isascii() and text.lstrip("-").isdecimal() and len(text) < 17
        wants_number = bool(self._kinds & {"integer", "number"})
        wants_text = "string" in self._kinds or (not self._kinds and self._kind != "integer")
        return int(text) if number and (wants_number or not wants_text) else text

    def new(self, keys: Mapping[str, Any], fresh: Callable[[], str]) -> tuple[str, JSON]:
        """A key that is not among ``keys``, and the id to write into the row. ``fresh`` makes a UUID."""
        if not self._field:
            key = str(highest(keys) + 1)
            return key, key
        for text in self._candidates(keys, fresh):
            value = self.typed(text)
            if text not in keys and self.fits(value):
                return text, value
        for seed in range(_TRIES):
            value = self._sampled(f"{len(keys)}/{seed}")
            made = text_of_id(value)
            if made is not None and made not in keys and self.fits(value):
                return made, value
        text = str(highest(keys) + 1) if self._kind == "integer" else fresh()
        return text, self.typed(text)

    def following(self, keys: Mapping[str, Any], made: tuple[str, JSON] | None) -> tuple[str, JSON] | None:
        """What ``new`` would make where the last id it made is the newest of ``keys``, without looking at all of them.
        None when that is not as simple as counting on."""
        if made is None or self._kind != "integer" or not made[0].isdecimal():
            return None
        text = str(int(made[0]) + 1)
        value = self.typed(text)
        return (text, value) if text not in keys and self.fits(value) else None

    def fits(self, value: JSON) -> bool:
        """Whether an id is as the row's schema wants it."""
        return self._checker is None or self._checker.ok(value)

    def _sampled(self, seed: str) -> JSON:
        """An id made from its schema: for those that have a pattern which no series continues."""
        if self._sampler is None:
            try:
                self._sampler = compile_sampler(*self._place, prefer_examples=False).sample
            except (SchemaError, Unsatisfiable, RecursionError):
                self._sampler = lambda seed: None
        return self._sampler(seed)

    def _candidates(self, keys: Mapping[str, Any], fresh: Callable[[], str]) -> Iterable[str]:
        numbers = all(key.isascii() and key.lstrip("-").isdecimal() for key in keys)
        if self._kind == "integer" or (self._kind != "uuid" and keys and numbers):
            yield str(highest(keys) + 1)
        if self._kind == "text":
            yield from _continued(keys)
        yield fresh()
        yield str(highest(keys) + 1)


def _continued(keys: Iterable[str]) -> Iterable[str]:
    """``T-732`` after ``T-731``: the series that most keys are of."""
    series: dict[str, tuple[int, int, int]] = {}
    for key in keys:
        found = _COUNTED.match(key)
        if found:
            prefix, digits = found.groups()
            many, most, width = series.get(prefix, (0, 0, 0))
            series[prefix] = many + 1, max(most, int(digits)), max(width, len(digits))
    for prefix, (_, most, width) in sorted(series.items(), key=lambda item: -item[1][0])[:3]:
        yield f"{prefix}{most + 1:0{width}}"
