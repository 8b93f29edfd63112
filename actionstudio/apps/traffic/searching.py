"""Text search in the log: path, query, operation, id and bodies, newest first, within a budget of rows and time.

There is no text index: it would cost every logged call more than the call itself. Instead a page reads back as far as
its budget reaches and says so; the next page goes on from there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote_plus

from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import Exchange

CHUNK = 200  # rows read at a time
MOST = 20_000  # rows one page may read
SECONDS = 0.3  # and how long it may take; whichever ends first


def page(
    project_id: int,
    filter: Filter,
    before: int | None = None,
    size: int = walking.PAGE,
    clock: Callable[[], float] = time.monotonic,
) -> walking.Page:
    """The newest matching exchanges before ``before``; searches texts when ``filter.q`` asks for one."""
    if not filter.q:
        return walking.page(project_id, filter, before, size)
    if filter.q.startswith("req_") and (found := _by_public_id(project_id, filter)):
        return walking.Page(found, None)
    return _search(project_id, filter, before, size, clock)


def matches(row: Exchange, q: str) -> bool:
    """Whether the row holds the text anywhere; small and capital letters are the same."""
    needle = q.casefold()
    line = f"{row.path}?{row.query}"
    if any(needle in text.casefold() for text in (line, unquote_plus(line), row.operation_id, row.public_id)):
        return True
    needles = {q.lower().encode(), json.dumps(q)[1:-1].lower().encode()}
    bodies = bytes(row.request_body).lower(), bytes(row.response_body).lower()
    return any(needle in body for needle in needles for body in bodies)


def _by_public_id(project_id: int, filter: Filter) -> list[Exchange]:
    try:
        pk = Exchange.private_id(filter.q)
    except ValueError:
        return []
    return [row for row in walking.rows([pk]) if row.project_id == project_id]


def _search(project_id, filter: Filter, before, size: int, clock) -> walking.Page:
    plain, until = replace(filter, q=""), clock() + SECONDS
    found: list[Exchange] = []
    read = 0
    while True:
        ids, end = walking.ids_before(project_id, plain, before, CHUNK, walking.WALK)
        for row in with_bodies(ids):
            if matches(row, filter.q):
                found.append(row)
                if len(found) == size:
                    return walking.Page(found, row.pk)
        read += len(ids)
        if len(ids) < CHUNK:
            return walking.Page(found, end, complete=end is None)
        before = ids[-1]
        if read >= MOST or clock() > until:
            return walking.Page(found, before, complete=False)


def with_bodies(ids: list[int]) -> list[Exchange]:
    columns = (*walking.SHOWN, "request_body", "response_body")
    return list(Exchange.objects.filter(pk__in=ids).only(*columns).order_by("-pk"))
