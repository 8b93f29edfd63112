"""An answer is filled with rows: they go where the layout says, counts and links beside them say what is true of them.

Whatever else the schema asks for comes from the example, or from a value made of the schema.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from actionstudio.core.collections.fields import at, within
from actionstudio.core.collections.layout import Layout, Place
from actionstudio.core.collections.query import Found
from actionstudio.core.collections.rows import Trim, required, trimmer
from actionstudio.core.schemas.shape import shape_of
from actionstudio.core.schemas.validate import SchemaError, Validator, compile_validator

type JSON = Any

_GONE: Any = object()


class Link:
    """Makes the address of another page of the same list."""

    def __init__(self, path: str, pairs: Sequence[tuple[str, str]], names: Mapping[str, str], shift: int = 0) -> None:
        """``names`` are the parameters for page and offset as the operation has them; ``shift`` 1: pages from 0."""
        self._path = path
        self._pairs = pairs
        self._names = names
        self._shift = shift

    def to(self, found: Found, step: int) -> str:
        """The address of the next page (``step`` 1) or the one before (-1)."""
        offset = self._names.get("offset", "")
        if offset:
            name, value = offset, max(0, found.offset + step * (found.limit or 0))
        else:
            name, value = self._names.get("page") or "page", found.page + step - self._shift
        pairs = [pair for pair in self._pairs if pair[0] != name]
        return f"{self._path}?{urlencode([*pairs, (name, str(value))])}"

    def page(self, found: Found) -> int:
        """The number of the page as callers count."""
        return found.page - self._shift


class Filler:
    """Fills the answers of one layout. ``base`` is an example of the answer, or a value made from its schema."""

    def __init__(
        self,
        layout: Layout,
        schema: JSON,
        components: Mapping[str, JSON],
        base: JSON,
        known: frozenset[str] = frozenset(),
        sampled: bool = False,
        id_field: str = "",
    ) -> None:
        """``known`` are the row's fields as the whole document has them. ``sampled`` says that ``base`` was made. Of
        rows that are objects a list of texts or numbers shows the ``id_field``."""
        self.layout = layout
        keep = {layout.way, *(place.way for place in layout.places)}
        self._base = _needed(base, schema, components, keep, ()) if sampled else base
        self._trim: Trim | None = None if layout.schema is None else trimmer(layout.schema, components, known)
        if layout.kind == "rows" and id_field and _simple(layout.schema, components):
            self._trim = lambda rows: [at(row, id_field) if isinstance(row, dict) else row for row in rows]
        self._places = [(place, _checker(place.schema, components)) for place in layout.places]
        self._total = any(place.role == "total" for place in layout.places)
        self._lacking = _lacking(layout, components, within(base, layout.way))

    def row(self, row: JSON) -> JSON:
        """The answer that shows one row."""
        if self._trim is not None:
            row = self._trim(row)
        row = self._whole(row)
        return row if not self.layout.way else _put(_copied(self._base), self.layout.way, row)

    def rows(self, found: Found, link: Link) -> JSON:
        """The answer that shows a page of rows."""
        rows = list(found.rows)
        if self._trim is not None:
            rows = self._trim(rows)
        if self._lacking:
            rows = [self._whole(row) for row in rows]
        if not self.layout.way:
            return rows
        out = _put(_copied(self._base), self.layout.way, rows)
        for place, checker in self._places:
            self._fill(out, place, checker, found, link)
        return out

    def _whole(self, row: JSON) -> JSON:
        """The row with what this answer requires of it and no row has."""
        if not isinstance(row, dict) or all(name in row for name in self._lacking):
            return row
        return {**row, **{name: copy.deepcopy(value) for name, value in self._lacking.items() if name not in row}}

    def _fill(self, out: JSON, place: Place, checker: Validator | None, found: Found, link: Link) -> None:
        old = within(out, place.way)
        for value in self.values(place.role, found, link, old):
            if value is _GONE:
                if not place.required:
                    _drop(out, place.way)
                    return
            elif checker is None or checker.ok(value):
                _put(out, place.way, value)
                return

    def values(self, role: str, found: Found, link: Link, old: JSON) -> tuple[JSON, ...]:
        """What a place may hold, the most fitting first. None of them fits: it keeps what it had."""
        count = len(found.rows)
        limit = found.limit
        if role in ("next", "previous"):
            forward = role == "next"
            there = found.offset + count < found.filtered if forward else found.offset > 0
            step = 1 if forward else -1
            if not there or not limit:
                return None, _GONE, ""
            return link.to(found, step), link.page(found) + step
        pages = -(-found.filtered // limit) if limit else int(found.filtered > 0)
        facts = {
            "total": (found.filtered,),
            "count": (count if self._total else found.filtered,),
            "page": (link.page(found),),
            "limit": (limit,) if limit is not None else (old if isinstance(old, int) and old >= count else count, 1),
            "offset": (found.offset,),
            "pages": (pages, 1),
            "more": (found.offset + count < found.filtered,),
            "less": (found.offset > 0,),
        }
        return facts[role]


def _lacking(layout: Layout, components: Mapping[str, JSON], whole: JSON) -> dict[str, JSON]:
    """What an answer requires of a row, with the values of the example (or made value) ``whole``."""
    schema = layout.schema
    if layout.kind == "rows":
        whole = whole[0] if isinstance(whole, list) and whole else None
        schema = None if schema is None else shape_of(schema, components).items
    if schema is None or not isinstance(whole, dict):
        return {}
    return {name: whole[name] for name in required(schema, components) if name in whole}


def _simple(schema: JSON, components: Mapping[str, JSON]) -> bool:
    """Whether the items of a list are texts or numbers."""
    kinds = frozenset() if schema is None else shape_of(shape_of(schema, components).items, components).kinds
    return bool(kinds) and kinds <= {"string", "integer", "number"}


def _needed(base: JSON, schema: JSON, components: Mapping[str, JSON], keep: set[tuple[str, ...]], way: tuple) -> JSON:
    """A made value with only what the schema requires and what leads to the rows and counts."""
    if not isinstance(base, dict):
        return base
    names = set(required(schema, components))
    properties = shape_of(schema, components).properties
    out = {}
    for name, value in base.items():
        here = (*way, name)
        leads = any(one[: len(here)] == here for one in keep)
        if leads and here not in keep:
            out[name] = _needed(value, properties.get(name, True), components, keep, here)
        elif name in names or leads:
            out[name] = value
    return out


def _checker(schema: JSON, components: Mapping[str, JSON]) -> Validator | None:
    if schema is None:
        return None
    try:
        return compile_validator(schema, components)
    except (SchemaError, RecursionError):
        return None


def _copied(value: JSON) -> JSON:
    return copy.deepcopy(value) if isinstance(value, dict) else {}


def _put(value: Any, way: tuple[str, ...], inner: JSON) -> JSON:
    node = value
    for name in way[:-1]:
        if not isinstance(node.get(name), dict):
            node[name] = {}
        node = node[name]
    node[way[-1]] = inner
    return value


def _drop(value: Any, way: tuple[str, ...]) -> None:
    for name in way[:-1]:
        value = value.get(name)
        if not isinstance(value, dict):
            return
    value.pop(way[-1], None)
