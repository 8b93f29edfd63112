"""What is asked of a list, and its answer: filter and search, then sort, then one page.

Source: Mockoon's documentation of CRUD routes, "Filtering, sorting and pagination": in this order; a page has ten rows
unless ``limit`` says otherwise; without ``page`` the first ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from actionstudio.core.collections.fields import MISSING, at
from actionstudio.core.collections.filters import Test
from actionstudio.core.schemas.wire import text_of

type JSON = Any

PAGE = 10


@dataclass(frozen=True, slots=True)
class Query:
    """One question to a list. ``sort`` are (path, descending). ``page`` counts from 1; ``limit`` None is all, 10 with a
    page. ``offset`` is where the rows begin and ``end`` where they end, instead of a page."""

    tests: tuple[Test, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    page: int | None = None
    limit: int | None = None
    offset: int | None = None
    end: int | None = None


class Found(NamedTuple):
    """``rows`` of the page asked for; ``total`` rows in the list, ``filtered`` after filters; the page's place."""

    rows: Sequence[JSON]
    total: int
    filtered: int
    page: int
    limit: int | None
    offset: int


def ask(query: Query, rows: Sequence[JSON], most: int | None = None) -> Found:
    """The answer to ``query``. ``most`` is how many rows the answer's schema allows."""
    found = [row for row in rows if all(test(row) for test in query.tests)] if query.tests else rows
    if query.sort:
        found = ordered(found, query.sort)
    limit = query.limit
    if limit is None and query.page is not None:
        limit = PAGE
    if most is not None and (limit is None or limit > most):
        limit = most
    page = query.page or 1
    begin = (page - 1) * limit if query.offset is None and limit is not None else query.offset or 0
    end = len(found) if limit is None else begin + limit
    if query.end is not None:
        end = min(end, query.end)
    if query.offset is not None and limit:
        page = begin // limit + 1
    return Found(found[begin:end], len(rows), len(found), page, limit, begin)


def ordered(rows: Iterable[JSON], sort: Sequence[tuple[str, bool]]) -> list[JSON]:
    """Rows in order: numbers, then texts (upper and lower case are the same), then the rest, rows without the field
    last. Equal ones keep their order."""
    out = list(rows)
    for path, descending in reversed(sort):
        have: list[tuple[tuple[int, Any], JSON]] = []
        rest: list[JSON] = []
        for row in out:
            key = _rank(at(row, path))
            if key is None:
                rest.append(row)
            else:
                have.append((key, row))
        have.sort(key=lambda pair: pair[0], reverse=descending)
        out = [row for _, row in have] + rest
    return out


def _rank(value: JSON) -> tuple[int, Any] | None:
    if value is MISSING or value is None:
        return None
    if isinstance(value, bool):
        return 0, int(value)
    if isinstance(value, int | float):
        return 0, value
    return (1, value.casefold()) if isinstance(value, str) else (2, text_of(value))
