"""A query string becomes a question to a list: the fixed names of mock servers, and what a document declares.

``search``, ``page``, ``limit``, ``sort``, ``order`` and ``<field>_<operator>`` always work (Mockoon's documentation of
CRUD routes), so do json-server's ``q`` and ``_page``, ``_limit``, ``_per_page``, ``_sort``, ``_order``. A declared
parameter of another name does what its name says: ``per_page``, ``offset``, ``min_price``, or a field of the row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from actionstudio.core.collections import filters
from actionstudio.core.collections.filters import OPERATORS, ORDERED, Filter, Work, number_of
from actionstudio.core.collections.query import Query
from actionstudio.core.collections.roles import UNDECLARED, Role, Row, role_of
from actionstudio.core.contract import Parameter
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.schemas.coerce import Reader, compile_parameter
from actionstudio.core.schemas.wire import text_of
from actionstudio.core.words import said

type Pairs = Sequence[tuple[str, str]]

_DESCENDING = {"asc": False, "ascending": False, "1": False, "desc": True, "descending": True, "-1": True}
_MOST_NUMBER = 1_000_000_000
MOST_FILTERS = 25
MOST_SORTS = 4  # fields


class _Declared(NamedTuple):
    role: Role
    read: Reader
    default: Any


@dataclass(slots=True)
class _Draft:
    """A query while it is read."""

    work: Work = field(default_factory=Work)
    tests: list[filters.Test] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    sort: str | None = None
    order: str = ""


class Asking:
    """Reads the query strings of one list operation. ``names`` are the parameters for page, limit and offset."""

    def __init__(
        self, parameters: Sequence[Parameter], row: Row, components: Mapping[str, Any], without: frozenset[str]
    ) -> None:
        """``without`` are query parameters that have another use: they name the list or the row."""
        self._row = row
        self._without = without
        self._declared: dict[str, _Declared] = {}
        self.names = {"page": "page", "limit": "limit", "offset": ""}
        for one in parameters:
            if one.in_ != "query" or one.name in without:
                continue
            role = role_of(one, row, components)
            self._without |= {one.name}
            if role is None:
                continue
            schema = {} if one.schema is None else one.schema
            reader = compile_parameter(one.name, "query", schema, components, one.style, one.explode)
            self._declared[one.name] = _Declared(role, reader, role.default)
            if role.what in self.names:
                self.names[role.what] = one.name

    @property
    def roles(self) -> dict[str, Role]:
        """What each declared parameter does; those that do nothing are left out."""
        return {name: one.role for name, one in self._declared.items()}

    def matters(self, query: str) -> str:
        """The parts of a query string that may change what is asked: calls with the same are answered alike."""
        kept = []
        for part in query.split("&"):
            name = part.partition("=")[0]
            known = name in self._declared or name in UNDECLARED or name.rpartition("_")[2] in OPERATORS
            if known or name in self._row.properties or not name.isidentifier():
                kept.append(part)
        return "&".join(kept)

    def ignored(self, pairs: Pairs) -> list[str]:
        """The fields of the row that a call names although no such parameter is declared: they filter nothing."""
        names = dict.fromkeys(name for name, _ in pairs if name in self._row.properties)
        return [
            name for name in names if name not in self._without and name not in UNDECLARED and not self._filter(name)
        ]

    def read(self, pairs: Pairs) -> tuple[Query, list[Problem]]:
        """The question, and what of it cannot be used (which is left out of the question)."""
        draft = _Draft()
        for name, one in self._declared.items():
            present, value = one.read.read(pairs)
            if not present:
                value = one.default
            if value is not None:
                self._take(draft, one.role, name, value)
        self._undeclared(draft, pairs)
        numbers = draft.numbers
        query = Query(
            tuple(draft.tests),
            self._sorting(draft),
            numbers.get("page"),
            numbers.get("limit"),
            numbers.get("offset"),
            numbers.get("end"),
        )
        return query, draft.problems

    def _undeclared(self, draft: _Draft, pairs: Pairs) -> None:
        found: dict[str, list[str]] = {}
        for name, value in pairs:
            if name not in self._without:
                found.setdefault(name, []).append(value)
        for name, values in found.items():
            role = UNDECLARED.get(name) or self._filter(name)
            if role is not None:
                self._take(draft, role, name, values if role.what == "filter" else values[0])

    def _filter(self, name: str) -> Role | None:
        path, mark, operator = name.rpartition("_")
        if not mark or operator not in OPERATORS:
            return None
        return Role("filter", path, operator)

    def _take(self, draft: _Draft, role: Role, name: str, value: Any) -> None:
        what = role.what
        try:
            if what == "filter":
                self._add(draft, role, name, value)
            elif what == "search":
                self._bounded(draft, name)
                draft.tests += (
                    [filters.searching(_text(value)[: filters.LONGEST], name, draft.work)] if value != "" else []
                )
            elif what == "sort":
                draft.sort = _text(value)
            elif what == "order":
                draft.order = _text(value)
            else:
                draft.numbers[what] = _number(name, what, value, role.shift)
        except Refused as refused:
            draft.problems += refused.problems

    def _add(self, draft: _Draft, role: Role, name: str, value: Any) -> None:
        self._bounded(draft, name)
        if isinstance(value, dict):
            for key, inner in value.items():
                path, within = self._row.place(key)
                draft.tests.append(filters.compile(Filter(path or key, "eq", _texts(inner), within), name, draft.work))
            return
        texts = _texts(value)
        wrong = [text for text in texts if number_of(text) is None] if self._numeric(role) else []
        if wrong:
            raise Refused(
                Problem(f"/query/{name}", said("must be a number, not “%(value)s”", value=wrong[0][:60]), "type")
            )
        if texts:
            draft.tests.append(filters.compile(Filter(role.path, role.operator, texts, role.within), name, draft.work))

    def _numeric(self, role: Role) -> bool:
        """Whether a filter asks for more or less than a number."""
        kinds = self._row.kinds(role.path) - {"null"}
        return role.operator in ORDERED and bool(kinds) and kinds <= {"integer", "number"}

    def _bounded(self, draft: _Draft, name: str) -> None:
        if len(draft.tests) >= MOST_FILTERS:
            message = said("is one condition too many; %(n)s may be asked at a time", n=MOST_FILTERS)
            raise Refused(Problem(f"/query/{name}", message, "too-many"))

    def _sorting(self, draft: _Draft) -> tuple[tuple[str, bool], ...]:
        """``sort=name``, ``-name``, ``name:desc``, several with commas; ``order`` turns them, in step or all."""
        orders = [one.strip().lower() for one in draft.order.split(",")] if draft.order else []
        for one in orders:
            if one not in _DESCENDING:
                if draft.sort is None and self._row.place(one)[0]:
                    return ((self._row.place(one)[0], False),)
                message = said("must be asc or desc, not “%(value)s”", value=one[:60])
                draft.problems.append(Problem("/query/order", message, "order"))
                return ()
        if draft.sort is None:
            return ()
        turned = [_DESCENDING[one] for one in orders]
        out = []
        for place, part in enumerate(draft.sort.split(",")[:MOST_SORTS]):
            path, descending = _sort_part(part.strip())
            if turned:
                descending = turned[min(place, len(turned) - 1)]
            out.append((self._row.place(path)[0] or path, descending))
        return tuple(out)


def _sort_part(part: str) -> tuple[str, bool]:
    if part[:1] in ("-", "+"):
        return part[1:], part[0] == "-"
    for mark in (":", " ", "_", "|"):
        path, found, way = part.rpartition(mark)
        if found and way.lower() in ("asc", "desc", "ascending", "descending"):
            return path, _DESCENDING[way.lower()]
    return part, False


def _number(name: str, what: str, value: Any, shift: int) -> int:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else number_of(_text(value))
    least = 1 if what == "page" and not shift else 0
    if number is None or number != int(number) or not least <= number <= _MOST_NUMBER:
        message = said(
            "must be a whole number from %(least)s on, not “%(value)s”", least=least, value=_text(value)[:60]
        )
        raise Refused(Problem(f"/query/{name}", message, what))
    return int(number) + shift


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, value)) if isinstance(value, list) else (_text(value),)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return text_of(value)
