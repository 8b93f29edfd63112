"""The live tail: new exchanges as server-sent events, found by id, over any number of workers and without a broker.

Workers commit out of order, so each look goes back a little behind the newest id seen and skips what was sent before.
Which rows of that little a reader that has just connected knows already, only the page can tell: it drops them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from asgiref.sync import sync_to_async
from django.db import connections

from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.asking.planning import EVER
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import SHIFT, Exchange

OVERLAP = 2_000 << SHIFT  # an exchange that is committed this much later than a newer one is still shown
MOST = 200  # rows one look can bring; a page follows no faster
MOST_READ = 300  # rows that one look reads to decide on them
EVERY = 1.0  # seconds between looks
SIGN_OF_LIFE = 15.0
LONGEST = 600.0
RETRY = 1_500  # milliseconds after which a client that lost the stream asks again


class Tail:
    """What one reader has seen. ``look`` gives what is new, newest first."""

    def __init__(self, project_id: int, filter: Filter, after: int) -> None:
        self.project_id = project_id
        self.filter = filter
        self.newest = after
        self._sent: set[int] = set()

    def look(self) -> list[Exchange]:
        """The matching exchanges that have come since the last look."""
        floor = max(0, self.newest - OVERLAP)
        plan = self.filter.plan(self.project_id).between(floor, EVER)
        many = (MOST_READ if plan.rest else MOST) + len(self._sent)
        ids, _ = walking.entries_before(plan, None, many)
        fresh = [pk for pk in ids if pk not in self._sent]
        self.newest = max(ids[0], self.newest) if ids else self.newest
        self._sent = {pk for pk in (*self._sent, *fresh) if pk >= self.newest - OVERLAP}
        if plan.rest:
            fresh = [row.id for row in walking.read_rows(fresh, plan.columns(plan.rest)) if plan.holds(row)]
        return walking.rows(fresh[:MOST])


def once(tail: Tail, draw: Callable[[list[Exchange]], str]) -> str:
    """What a server that cannot stream answers: all that is new, then the end. The client comes back after RETRY."""
    after = tail.newest
    found = tail.look()
    news = bool(found) and tail.newest > after
    return event(tail.newest, draw(found)) if news else f"id: {tail.newest}\nretry: {RETRY}\ndata:\n\n"


async def stream(
    tail: Tail,
    draw: Callable[[list[Exchange]], str],
    sleep=asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> AsyncIterator[str]:
    """Events until LONGEST is over; then the client connects again and shows that it may still see the project."""
    began = spoken = clock()
    yield f": hello\nretry: {RETRY}\n\n"
    while clock() - began < LONGEST:
        text = await sync_to_async(_look, thread_sensitive=False)(tail, draw)
        if text:
            spoken = clock()
            yield text
        elif clock() - spoken >= SIGN_OF_LIFE:
            spoken = clock()
            yield ": still here\n\n"
        await sleep(EVERY)


def event(newest: int, html: str) -> str:
    """One event; ``retry`` stands in the same block as data, or htmx does not read it."""
    data = "\n".join(f"data: {line}" for line in html.splitlines() if line.strip())
    return f"id: {newest}\nretry: {RETRY}\n{data}\n\n"


def _look(tail: Tail, draw: Callable[[list[Exchange]], str]) -> str:
    """A look in a thread of the pool. Its connections go back at once: a tail must not keep one for ten minutes."""
    try:
        found = tail.look()
        return event(tail.newest, draw(found)) if found else ""
    finally:
        for connection in connections.all(initialized_only=True):
            if not connection.in_atomic_block:
                connection.close()
