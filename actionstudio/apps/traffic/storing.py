"""How much the log keeps of each project: calls and bytes by the hour, counted in the background and never by a scan.

The log's writer pays nothing for it. One process at a time reads on from a mark and writes counters and mark in one
transaction; whoever deletes calls takes them out in the transaction that deletes them (erasing.py).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import connections, router, transaction
from django.db.models import F, Sum

from actionstudio.apps.projects import leases
from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.models import SHIFT, Counted, Stored

NAME = "stored"  # of the lease and of the mark
EVERY = 5.0  # seconds between looks
LAG = 10_000  # milliseconds in which a call that was answered is surely in the log
CHUNK = 1_000  # calls of one step
SECONDS = 3.0  # a look ends then
REST = 2.0  # pauses between steps, as long as so many of them
HOUR = 3_600_000  # milliseconds
ROW = 500  # bytes that a call takes besides its texts: its other columns, and its places in the indexes
_TEXTS = ("request_body", "response_body", "request_headers", "response_headers", "path", "query", "violations")
SIZE = f"{ROW} + length(decisions) + {' + '.join(f'length({name})' for name in _TEXTS)}"  # a body's is not read for it


@dataclass(frozen=True, slots=True)
class Amount:
    """So many calls, and about so many bytes."""

    calls: int = 0
    bytes: int = 0


type Sized = tuple[int, int, int]  # id, project, bytes


def work(clock: Callable[[], float] = time.monotonic) -> int:
    """Counts what has come, for some seconds at most; how many calls that were. Work of ``worker.every``."""
    began, done = clock(), 0
    while True:
        at = clock()
        read = step()
        done += read
        if read < CHUNK or clock() - began > SECONDS or not leases.hold(NAME):
            return done
        time.sleep(REST * (clock() - at))


def step(now: float | None = None, size: int = CHUNK) -> int:
    """Counts the next ``size`` calls behind the mark, or none when another process was faster. How many it read."""
    until, upto = int((now or time.time()) * 1000 - LAG) << SHIFT, mark()
    rows = sized("id > %s AND id < %s ORDER BY id LIMIT %s", [upto, until, size])
    if not rows:
        return 0
    with transaction.atomic(using=router.db_for_write(Stored)):
        Counted.objects.get_or_create(name=NAME)
        if not Counted.objects.filter(name=NAME, upto=upto).update(upto=rows[-1][0]):
            return 0
        add(rows)
    return len(rows)


def mark() -> int:
    """The last call that is counted; 0 before the first."""
    return Counted.objects.filter(name=NAME).values_list("upto", flat=True).first() or 0


def sized(condition: str, params: Sequence) -> list[Sized]:
    """Id, project and size of the calls of a condition. Reads no body."""
    return [
        tuple(row)
        for row in walking.run(f"SELECT id, project_id, {SIZE} FROM traffic_exchange WHERE {condition}", params)
    ]


def add(rows: Iterable[Sized], sign: int = 1) -> None:
    """Adds calls to the counters, or takes them out (``sign`` -1). Inside a transaction."""
    calls: Counter[tuple[int, int]] = Counter()
    sizes: Counter[tuple[int, int]] = Counter()
    for id_, project_id, size in rows:
        place = project_id, (id_ >> SHIFT) // HOUR
        calls[place] += sign
        sizes[place] += sign * size
    values = [(*place, calls[place], sizes[place]) for place in sorted(calls)]
    with connections[router.db_for_write(Stored)].cursor() as cursor:
        cursor.executemany(
            "INSERT INTO traffic_stored (project_id, hour, calls, bytes) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (project_id, hour) DO UPDATE SET calls = traffic_stored.calls + excluded.calls, "
            "bytes = traffic_stored.bytes + excluded.bytes",
            values,
        )


def take_out(rows: Sequence[Sized]) -> None:
    """Takes deleted calls out of the counts. Inside the transaction that deletes them."""
    upto = Counted.objects.select_for_update().filter(name=NAME).values_list("upto", flat=True).first() or 0
    add([row for row in rows if row[0] <= upto], -1)


def resized(rows: Iterable[Sized]) -> None:
    """Adds to the bytes of calls that are counted. Inside the transaction that changes them."""
    upto = Counted.objects.select_for_update().filter(name=NAME).values_list("upto", flat=True).first() or 0
    for id_, project_id, size in rows:
        if id_ <= upto and size:
            place = Stored.objects.filter(project_id=project_id, hour=(id_ >> SHIFT) // HOUR)
            place.update(bytes=F("bytes") + size)


def forget(project_id: int, before: int | None = None) -> None:
    """Forgets the counters of a project, or those of hours that ended before this id."""
    rows = Stored.objects.filter(project_id=project_id)
    (rows if before is None else rows.filter(hour__lt=(before >> SHIFT) // HOUR)).delete()


def amount(project_id: int) -> Amount:
    """What the log keeps of a project."""
    told = Stored.objects.filter(project_id=project_id).aggregate(calls=Sum("calls"), bytes=Sum("bytes"))
    return Amount(max(0, told["calls"] or 0), max(0, told["bytes"] or 0))


def total() -> Amount:
    """What the log keeps of all projects."""
    told = Stored.objects.aggregate(calls=Sum("calls"), bytes=Sum("bytes"))
    return Amount(max(0, told["calls"] or 0), max(0, told["bytes"] or 0))


def beyond(project_id: int, most: int) -> int:
    """The smallest id that may stay when a project's calls may take ``most`` bytes, by the hour and then call by call;
    0 when all may."""
    left = most
    for hour, size in Stored.objects.filter(project_id=project_id).order_by("-hour").values_list("hour", "bytes"):
        left -= max(0, size)
        if left < 0:
            return _within(project_id, hour, -left)
    return 0


def _within(project_id: int, hour: int, over: int) -> int:
    """How far into an hour calls must go for ``over`` bytes to be free."""
    begin, end = hour * HOUR << SHIFT, (hour + 1) * HOUR << SHIFT
    while True:
        rows = sized("project_id = %s AND id >= %s AND id < %s ORDER BY id LIMIT %s", [project_id, begin, end, CHUNK])
        for id_, _project, size in rows:
            over -= size
            if over <= 0:
                return id_ + 1
        if len(rows) < CHUNK:
            return end
        begin = rows[-1][0] + 1


def nth(project_id: int, most: int) -> int:
    """The smallest id that may stay when a project may keep its ``most`` newest calls; 0 when all may."""
    sql = "SELECT id FROM traffic_exchange WHERE project_id = %s ORDER BY id DESC LIMIT 1 OFFSET %s"
    found = walking.run(sql, [project_id, most])
    return found[0][0] + 1 if found else 0


def projects() -> list[int]:
    """The ids of all projects that have calls, those of deleted ones among them: a look at the index for each."""
    sql = (
        "WITH RECURSIVE p(id) AS (SELECT min(project_id) FROM traffic_exchange UNION ALL "
        "SELECT (SELECT min(project_id) FROM traffic_exchange WHERE project_id > p.id) FROM p WHERE p.id IS NOT NULL) "
        "SELECT id FROM p WHERE id IS NOT NULL"
    )
    return [row[0] for row in walking.run(sql, [])]
