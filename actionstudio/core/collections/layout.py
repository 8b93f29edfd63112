"""How an answer holds rows: a bare list, ``{"todos": […]}``, ``{"data": […], "total": 3}``, ``{"item": {…}}``.

Told from the declared schema, or from an example where there is none. What cannot be told says why, for the builder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from actionstudio.core.collections.fields import plain, singular
from actionstudio.core.collections.rows import required
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.shape import Shape, kind_of, shape_of
from actionstudio.core.words import said

type JSON = Any

_DEEPEST = 3
_ROWS = ("data", "items", "results", "rows", "records", "entries", "list", "values", "content", "hits", "elements")
_ROW = ("data", "item", "result", "row", "record", "entry", "value", "object", "resource")
_COUNTS = {
    "total": (
        "total", "totalcount", "totalitems", "totalresults", "totalrows", "totalrecords", "totalelements", "numresults",
        "totalhits", "resultcount", "recordcount", "filtered", "filteredcount", "matches", "found",
    ),
    "count": ("count", "returned", "numberofelements", "itemcount", "length"),
    "page": ("page", "currentpage", "pagenumber", "pageindex"),
    "limit": ("limit", "perpage", "pagesize", "size", "itemsperpage", "resultsperpage"),
    "offset": ("offset", "skip", "start", "startindex"),
    "pages": ("pages", "totalpages", "lastpage", "pagecount", "numpages"),
    "more": ("more", "hasmore", "hasnext", "hasnextpage", "ismore", "truncated", "istruncated"),
    "less": ("hasprevious", "hasprev", "haspreviouspage"),
    "next": ("next", "nexturl", "nextpage", "nextlink", "nextpageurl", "nextpagelink", "nexthref"),
    "previous": ("previous", "prev", "previousurl", "previouspage", "prevpage", "prevurl", "previouspageurl"),
}  # fmt: skip
ROLES = {name: role for role, names in _COUNTS.items() for name in names}


class Place(NamedTuple):
    """A member of the answer besides the rows: the way to it, what it tells, its schema, whether it must be there."""

    way: tuple[str, ...]
    role: str
    schema: JSON = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """What an answer is: ``kind`` rows, row, or other (it shows no rows). ``way`` leads to the rows or the row.

    ``places`` are counts and links beside rows. ``schema`` describes what stands at ``way`` (one row for a row, the
    list for rows); ``most`` is how many rows it may hold. ``why`` says what was told from what, or why nothing was.
    """

    kind: str
    way: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    schema: JSON = None
    most: int | None = None
    why: str = ""

    @property
    def pointer(self) -> str:
        """``way`` as a JSON Pointer."""
        return refs.pointer(self.way) if self.way else ""


class _Candidate(NamedTuple):
    way: tuple[str, ...]
    schema: JSON
    score: int


class Finder:
    """Finds the layouts of answers for one collection's row ``schema`` (None: anything) and ``name``."""

    def __init__(self, schema: JSON, components: Mapping[str, JSON], name: str = "") -> None:
        self._row = schema
        self._components = components
        self._shape = Shape() if schema is None else shape_of(schema, components)
        names = {plain(name), plain(singular(name))} - {""}
        self._plural = {*names, *_ROWS}
        self._singular = {*names, *_ROW}

    def rows(self, schema: JSON, example: JSON = None) -> Layout:
        """Where an answer holds a list of rows. ``example`` is looked at when there is no schema that says it."""
        if _blind(schema, self._components):
            return self._by_example(example)
        shape = shape_of(schema, self._components)
        if "array" in shape.kinds and "object" not in shape.kinds:
            return Layout("rows", (), (), schema, self._most(schema), said("the answer is the list itself"))
        found = sorted(self._lists(schema, ()), key=lambda one: (-one.score, len(one.way)))
        if not found:
            return Layout("other", why=said("the answer's schema has no list"))
        if len(found) > 1 and found[0].score == found[1].score and len(found[0].way) == len(found[1].way):
            names = ", ".join(refs.pointer(one.way) for one in found[:3])
            return Layout("other", why=said("the answer has several lists: %(names)s", names=names))
        best = found[0]
        places = tuple(self._places(schema, (), best.way))
        why = said("the rows are the list at %(pointer)s", pointer=refs.pointer(best.way))
        return Layout("rows", best.way, places, best.schema, self._most(best.schema), why)

    def row(self, schema: JSON, example: JSON = None) -> Layout:
        """Where an answer holds one row."""
        if _blind(schema, self._components):
            if example is None or isinstance(example, dict):
                return Layout("row", why=said("the answer has no schema: it is the row itself"))
            return Layout("other", why=said("the example is no row"))
        score = self.likeness(schema)
        inside = sorted(self._singles(schema, ()), key=lambda one: (-one.score, len(one.way)))
        if inside and inside[0].score > max(score, 1):
            best = inside[0]
            why = said("the row is at %(pointer)s", pointer=refs.pointer(best.way))
            return Layout("row", best.way, (), best.schema, None, why)
        if score > 0:
            return Layout("row", (), (), schema, None, said("the answer is the row itself"))
        return Layout("other", why=said("the answer's schema is not that of a row"))

    def at(self, kind: str, pointer: str, schema: JSON, total: str = "") -> Layout:
        """The layout that a builder chose: rows (or the row) at a JSON Pointer, their number at another."""
        way = _way(pointer)
        inner = self._inner(schema, way)
        places = list(self._places(schema, (), way)) if kind == "rows" else []
        if total:
            places = [one for one in places if one.role != "total"]
            places.append(Place(_way(total), "total", self._inner(schema, _way(total)), True))
        return Layout(kind, way, tuple(places), inner, self._most(inner), said("chosen by the builder"))

    def _inner(self, schema: JSON, way: tuple[str, ...]) -> JSON:
        for name in way:
            schema = {} if schema is None else shape_of(schema, self._components).properties.get(name, {})
        return schema

    def _most(self, schema: JSON) -> int | None:
        found = refs.resolve(schema, self._components)
        most = found.get("maxItems") if isinstance(found, dict) else None
        return most if isinstance(most, int) else None

    def _by_example(self, example: JSON) -> Layout:
        if example is None or isinstance(example, list):
            return Layout("rows", why=said("the answer has no schema: it is the list itself"))
        if not isinstance(example, dict):
            return Layout("other", why=said("the example is no list"))
        lists = [name for name, value in example.items() if isinstance(value, list)]
        if len(lists) != 1:
            return Layout("other", why=said("the example has no list, or several"))
        places = [
            Place((name,), ROLES[plain(name)])
            for name, value in example.items()
            if plain(name) in ROLES and kind_of(value) in _FITTING[ROLES[plain(name)]]
        ]
        return Layout("rows", (lists[0],), tuple(places), None, None, said("told from the example"))

    def _lists(self, schema: JSON, way: tuple[str, ...]) -> Iterator[_Candidate]:
        for name, value in shape_of(schema, self._components).properties.items():
            shape = shape_of(value, self._components)
            here = (*way, name)
            if "array" in shape.kinds:
                score = 3 * self.likeness(shape.items) + 2 * (plain(name) in self._plural) + (len(way) == 0)
                yield _Candidate(here, value, score)
            elif "object" in shape.kinds and len(here) < _DEEPEST:
                yield from self._lists(value, here)

    def _singles(self, schema: JSON, way: tuple[str, ...]) -> Iterator[_Candidate]:
        for name, value in shape_of(schema, self._components).properties.items():
            shape = shape_of(value, self._components)
            if shape.properties or (shape.kinds and shape.kinds == self._shape.kinds and plain(name) in self._singular):
                score = self.likeness(value)
                if score >= 2 or (score and plain(name) in self._singular):
                    yield _Candidate((*way, name), value, score + (plain(name) in self._singular))

    def holds(self, layout: Layout) -> bool:
        """Whether the list that was found looks like one of these rows."""
        if layout.schema is None:
            return False
        return self.likeness(shape_of(layout.schema, self._components).items) > 0

    def likeness(self, schema: JSON) -> int:
        """How much a schema looks like the row's: 3 the same, 2 most fields, 1 some fields or the same simple type."""
        if self._row is None:
            return 1 if shape_of(schema, self._components).kinds <= {"object"} else 0
        if schema == self._row or refs.resolve(schema, self._components) == refs.resolve(self._row, self._components):
            return 3
        shape = shape_of(schema, self._components)
        if self._shape.properties:
            same = len(shape.properties.keys() & self._shape.properties.keys())
            return 0 if not same else 2 if 2 * same > len(shape.properties) else 1
        return 1 if shape.kinds and shape.kinds == self._shape.kinds and not shape.properties else 0

    def _places(self, schema: JSON, way: tuple[str, ...], rows: tuple[str, ...]) -> Iterator[Place]:
        """Counts and links beside the rows, also within objects such as ``meta``; ``total`` before ``count``."""
        needed = set(required(schema, self._components))
        for name, value in shape_of(schema, self._components).properties.items():
            here, shape = (*way, name), shape_of(value, self._components)
            role = ROLES.get(plain(name))
            if here == rows or "array" in shape.kinds:
                continue
            if shape.properties and len(here) < _DEEPEST:
                yield from self._places(value, here, rows)
            elif role is not None and (not shape.kinds or shape.kinds & _FITTING[role]):
                yield Place(here, role, value, name in needed)


_FITTING = {
    **dict.fromkeys(("total", "count", "page", "limit", "offset", "pages"), frozenset(("integer", "number"))),
    **dict.fromkeys(("more", "less"), frozenset(("boolean",))),
    **dict.fromkeys(("next", "previous"), frozenset(("string", "integer", "number", "null"))),
}


def _blind(schema: JSON, components: Mapping[str, JSON]) -> bool:
    """Whether a schema says nothing of an answer's shape."""
    if schema is None or schema is True:
        return True
    shape = shape_of(schema, components)
    return not shape.properties and not shape.kinds - {"object"} and shape.items is True


def _way(pointer: str) -> tuple[str, ...]:
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])
