"""Feeds the word index in the background, oldest calls first, and keeps it true: work that one process does at a time.

The index has every call up to its mark. The mark stays a little behind now, because writers commit out of order; what
is newer is searched by reading it. What commits later still, or is deleted, is noticed by counting each segment now
and then: one that has another number of calls than the log is written anew, and so is one that was told to be stale.
"""

from __future__ import annotations

import bisect
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence

from actionstudio.apps.projects import leases
from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.models import SHIFT
from actionstudio.apps.traffic.words import segments
from actionstudio.apps.traffic.words.entries import COLUMNS, Entry, entry
from actionstudio.apps.traffic.words.lite import LiteShelf, broken
from actionstudio.apps.traffic.words.segments import Segment, Shelf
from actionstudio.apps.traffic.words.shelf import open_shelf

NAME = "words"
EVERY = 3.0  # seconds between two looks
LAG = 10_000  # milliseconds that the mark stays behind
BATCH = 500  # calls in one transaction
REST = 3.0  # pauses between batches, as long as so many of them: calls have the processor then
LONGEST = 5.0  # seconds of work in one go
COUNTED = 60.0  # seconds between two segments that are counted
_counted = {"at": 0.0, "place": 0}


def work() -> None:
    """What is due: new calls, then what is stale, then what is gone. A broken file is thrown away and made anew."""
    try:
        _work(time.monotonic() + LONGEST)
    except sqlite3.DatabaseError as error:
        shelf = open_shelf()
        if not isinstance(shelf, LiteShelf) or not broken(error):
            raise
        shelf.scrap()


def _work(until: float) -> None:
    while feed() == BATCH:
        if time.monotonic() > until:
            return
    tidy(open_shelf())


def feed(rest: float = REST, now: float | None = None) -> int:
    """Indexes the next batch behind the mark; says how many calls that were."""
    began = time.monotonic()
    shelf = open_shelf()
    if not shelf.mark():
        shelf.prepare()
    end = int((now or time.time()) * 1000 - LAG) << SHIFT
    entries = [*read(shelf.mark() + 1, end, BATCH)]
    if entries:
        segment = _open(shelf)
        with shelf.together():
            shelf.add(segment.place, entries)
            numbers = [entries[-1].id, segment.rows + len(entries), segment.place]
            shelf.write("UPDATE segment SET last = %s, rows = %s WHERE place = %s", numbers)
            shelf.write("UPDATE shelf SET mark = %s", [entries[-1].id])
        time.sleep(rest * (time.monotonic() - began))
    return len(entries)


def read(first: int, end: int, size: int) -> Iterable[Entry]:
    """Entries of the calls from ``first`` and before ``end``, the oldest first."""
    sql = "SELECT id FROM traffic_exchange WHERE id >= %s AND id < %s ORDER BY id LIMIT %s"
    ids = [row[0] for row in walking.run(sql, [first, end, size])]
    return map(entry, walking.read_rows(ids, COLUMNS))


def forget(ids: Sequence[int]) -> None:
    """These calls were deleted or changed: their words are gone when the segments have been written anew, soon."""
    shelf = open_shelf()
    wanted = sorted(ids)
    for segment in shelf.segments():
        at = bisect.bisect_left(wanted, segment.first)
        if at < len(wanted) and wanted[at] <= segment.last:
            shelf.write("UPDATE segment SET stale = 1 WHERE place = %s", [segment.place])


def tidy(shelf: Shelf, alive: Callable[[], object] = lambda: leases.hold(NAME)) -> None:
    """Drops segments older than the log, tables that belong to none, and writes one stale segment anew."""
    known = shelf.segments()
    oldest = walking.run("SELECT min(id) FROM traffic_exchange", [])[0][0]
    for segment in known:
        if oldest is None or segment.last < oldest:
            with shelf.together():
                shelf.write("DELETE FROM segment WHERE place = %s", [segment.place])
            shelf.drop(segment.place)
    places = {segment.place for segment in shelf.segments()}
    for place in shelf.tables():
        if place not in places:
            shelf.drop(place)
    _count(shelf)
    stale = next((segment for segment in shelf.segments() if segment.stale), None)
    if stale:
        renew(shelf, stale, alive)


def renew(shelf: Shelf, segment: Segment, alive: Callable[[], object] = lambda: None, rest: float = REST) -> None:
    """Writes a segment anew from the log, beside the old one, and swaps them. ``alive`` is called between batches.
    What becomes stale meanwhile stays so."""
    place, rows, first = _place(shelf), 0, segment.first
    shelf.write("UPDATE segment SET stale = 2 WHERE place = %s", [segment.place])
    shelf.make(place)
    while True:
        began = time.monotonic()
        entries = [*read(first, segment.last + 1, BATCH)]
        if not entries:
            break
        with shelf.together():
            shelf.add(place, entries)
        rows, first = rows + len(entries), entries[-1].id + 1
        alive()
        time.sleep(rest * (time.monotonic() - began))
    with shelf.together():
        swap = (
            "INSERT INTO segment SELECT %s, first, last, %s, CASE stale WHEN 1 THEN 1 ELSE 0 END "
            "FROM segment WHERE place = %s"
        )
        shelf.write(swap, [place, rows, segment.place])
        shelf.write("DELETE FROM segment WHERE place = %s", [segment.place])
    shelf.drop(segment.place)


def _open(shelf: Shelf) -> Segment:
    """The segment that new calls go to; another one when it is full."""
    known = shelf.segments()
    if known and known[0].rows < segments.ROWS and not known[0].stale:
        return known[0]
    place, first = _place(shelf), shelf.mark() + 1
    shelf.make(place)
    shelf.write("INSERT INTO segment VALUES (%s, %s, %s, 0, 0)", [place, first, first])
    return Segment(place, first, first, 0)


def _place(shelf: Shelf) -> int:
    return max([0, *shelf.tables(), *(segment.place for segment in shelf.segments())]) + 1


def _count(shelf: Shelf) -> None:
    """Counts one segment a minute, all in turn."""
    if time.monotonic() - _counted["at"] < COUNTED:
        return
    known = sorted(shelf.segments(), key=lambda segment: segment.place)
    if known:
        segment = next((one for one in known if one.place > _counted["place"]), known[0])
        _counted.update(at=time.monotonic(), place=segment.place)
        if calls(segment.first, segment.last) != segment.rows:
            shelf.write("UPDATE segment SET stale = 1 WHERE place = %s", [segment.place])


def calls(first: int, last: int) -> int:
    """How many calls the log has from ``first`` to ``last``: project by project, each by its index."""
    sql = (
        "WITH RECURSIVE p(id) AS (SELECT min(project_id) FROM traffic_exchange UNION ALL "
        "SELECT (SELECT min(project_id) FROM traffic_exchange WHERE project_id > p.id) FROM p WHERE p.id IS NOT NULL) "
        "SELECT coalesce(sum((SELECT count(*) FROM traffic_exchange WHERE project_id = p.id AND id >= %s AND id <= %s)"
        "), 0) FROM p WHERE p.id IS NOT NULL"
    )
    return int(walking.run(sql, [first, last])[0][0])
