"""Walks the log newest first, by index alone and a bounded way: what a page costs does not depend on the log's size.

Every statement reads one range of one index (``asking.planning`` names it), at most so many entries of it, and tests
the facets on those entries; the index carries them. What else is asked is decided on the rows themselves, within a
budget of rows and time. A rare combination may not fill a page within that: then the page says how far it looked and
where to go on.
"""

from __future__ import annotations

import bisect
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from django.db import connections, router

from actionstudio.apps.traffic.asking.planning import Plan
from actionstudio.apps.traffic.asking.term import Test
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import SHIFT, Exchange

PAGE = 100  # rows on a page
WALK = 100_000  # index entries one page may look at, if its time suffices
BETWEEN = 10_000  # between two looks at the clock: about 5 ms
COUNT = 10_000  # counts end here and say "10,000+"
COUNT_WALK = 20_000  # index entries one count may look at when facets must be tested
CHUNK, LARGEST = 250, 1_000  # rows read at a time, the first time and in the end
MOST = 20_000  # rows one page may read to decide on them
SECONDS = 0.02  # how long a page may look; whichever ends first
LOOKED = 2_000  # entries at most where each costs the look at a row
SAMPLE = 2_000  # index entries the histogram reads of one bucket before it estimates
FEW = 30  # rows the histogram reads of one bucket where rows must be read to decide on them

ENTRY = "SELECT id, status, method, source, kind FROM traffic_exchange"  # what every index carries
STATUS = Test(columns=("status",))
CALLS = "kind <> 'callback'"  # those of others; callbacks are the mock's own
SHOWN = (
    "id", "project_id", "method", "path", "query", "status", "operation_id", "duration_us", "timings", "source",
    "kind",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first. ``older`` is the id to go on before, or None at the end of the log.

    ``complete`` is False when the walk ended before the page was full: older matches may exist.
    """

    rows: Sequence[Exchange]
    older: int | None
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """How many match. ``more`` means: at least that many."""

    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar of the histogram. ``estimated`` when it held more entries than were read."""

    since: int
    until: int
    total: int
    failed: int
    estimated: bool = False


def page(
    project_id: int,
    filter: Filter,
    before: int | None = None,
    size: int = PAGE,
    walk: int = WALK,
    seconds: float = SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> Page:
    """The newest ``size`` exchanges that match and are older than ``before``."""
    ids, end = ids_before(filter.plan(project_id), before, size + 1, walk, clock() + seconds, clock)
    if len(ids) > size:
        return Page(rows(ids[:size]), ids[size - 1])
    return Page(rows(ids), end, complete=end is None)


def ids_before(
    plan: Plan,
    before: int | None,
    size: int,
    walk: int = WALK,
    until: float | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[list[int], int | None]:
    """Up to ``size`` matching ids, newest first; and the id the walk reached when it ended early: for its length, or
    at the time ``until``."""
    if not plan.rest:
        return _walk(plan, before, size, walk, until, clock)
    found: list[int] = []
    read, chunk, walk = 0, CHUNK, min(walk, BETWEEN)
    while True:
        ids, end = entries_before(plan, before, chunk, walk)
        for row in read_rows(ids, plan.columns(plan.rest)):
            if plan.holds(row):
                found.append(row.id)
                if len(found) == size:
                    return found, None
        if len(ids) < chunk:
            return found, end
        before, read, chunk = ids[-1], read + len(ids), min(2 * chunk, LARGEST)
        if read >= MOST or (until is not None and clock() > until):
            return found, before


def _walk(
    plan: Plan, before: int | None, size: int, walk: int, until: float | None, clock: Callable[[], float]
) -> tuple[list[int], int | None]:
    """The same where index entries decide alone."""
    found: list[int] = []
    while True:
        ids, end = entries_before(plan, before, size - len(found), min(walk, BETWEEN))
        found, walk, before = found + ids, walk - BETWEEN, end
        if end is None or walk <= 0 or (until is not None and clock() > until):
            return found, end


def entries_before(plan: Plan, before: int | None, size: int, walk: int = WALK) -> tuple[list[int], int | None]:
    """The same by what index entries tell: candidates, where rows must be read to decide."""
    driver, params = plan.range(before)
    test, test_params = plan.tests()
    walk = walk if plan.drive.covers else min(walk, LOOKED)
    entries = f"{ENTRY} WHERE {driver} ORDER BY id DESC LIMIT %s"
    if not test:
        return [row[0] for row in run(entries, [*params, size])], None
    found = run(f"SELECT id FROM ({entries}) AS walked WHERE {test} LIMIT %s", [*params, walk, *test_params, size])
    ids = [row[0] for row in found]
    if len(ids) == size:
        return ids, None
    last = f"SELECT id FROM traffic_exchange WHERE {driver} ORDER BY id DESC LIMIT 1 OFFSET %s"
    end = run(last, [*params, walk - 1])
    return ids, end[0][0] if end else None


def read_rows(ids: Sequence[int], columns: Sequence[str]) -> Iterator[SimpleNamespace]:
    """These columns of the rows, in this order; less than a model, because it is made of thousands of rows."""
    if not ids:
        return
    marks = ", ".join(["%s"] * len(ids))
    names = ", ".join(columns)
    found = {row[0]: row for row in run(f"SELECT {names} FROM traffic_exchange WHERE id IN ({marks})", ids)}
    for pk in ids:
        if pk in found:
            yield SimpleNamespace(**dict(zip(columns, found[pk], strict=True)))


def of_sign_ins(project_id: int, keys: Sequence[str], size: int) -> list[Exchange]:
    """The latest ``size`` calls made with the tokens of these sign-ins, without the legs of the sign-ins themselves."""
    if not keys:
        return []
    sql, params = calls_of(project_id, keys, size)
    return rows([row[0] for row in run(sql, params)])


def calls_of(project_id: int, keys: Sequence[str], size: int) -> tuple[str, list]:
    """The statement for :func:`of_sign_ins`: so many entries of one index for each key, whatever the log's size."""
    one = (  # NOT (…) as the index says it: else SQLite does not use it
        "SELECT id FROM (SELECT id FROM traffic_exchange WHERE sign_in = %s AND NOT (sign_in = '') AND project_id = %s "
        "AND kind <> 'oauth' ORDER BY id DESC LIMIT %s) AS latest"
    )
    sql = f"{' UNION ALL '.join([one] * len(keys))} ORDER BY id DESC LIMIT %s"
    return sql, [*(value for key in keys for value in (key, project_id, size)), size]


def rows(ids: Sequence[int]) -> list[Exchange]:
    """The list's columns of these exchanges, in this order. Bodies stay where they are."""
    found = {row.pk: row for row in Exchange.objects.filter(pk__in=ids).only(*SHOWN)}
    return [found[pk] for pk in ids if pk in found]


def counts(project_id: int, filters: Iterable[Filter], clock: Callable[[], float] = time.monotonic) -> list[Count]:
    """How many exchanges match each filter, capped: in one statement, or a short walk each where rows must be read."""
    plans = [filter.plan(project_id) for filter in filters]
    if any(plan.rest for plan in plans):
        return [_count(plan, clock() + SECONDS / len(plans), clock) for plan in plans]
    parts: list[str] = []
    params: list = []
    limits = []
    for plan in plans:
        driver, driver_params = plan.range()
        test, test_params = plan.tests()
        most = COUNT_WALK if test else COUNT + 1
        limits.append(most if plan.drive.covers else min(most, LOOKED))
        match = f"count(CASE WHEN {test} THEN 1 END)" if test else "count(*)"
        parts.append(
            f"SELECT {len(parts)} AS n, count(*), {match} "
            f"FROM ({ENTRY} WHERE {driver} ORDER BY id DESC LIMIT %s) AS walked"
        )
        params += [*test_params, *driver_params, limits[-1]]
    found = sorted(run(" UNION ALL ".join(parts), params))
    return [
        Count(min(matched, COUNT), walked == limit or matched > COUNT)
        for (_, walked, matched), limit in zip(found, limits, strict=True)
    ]


def together(whole: Count, parts: Iterable[Count]) -> Count:
    """The count of a whole beside those of its ``parts``, which share no call: it is no less than they are together,
    however far each of these walks came."""
    parts = [*parts]
    number = sum(part.number for part in parts)
    if number <= whole.number:
        return whole
    return Count(min(number, COUNT), whole.more or number > COUNT or any(part.more for part in parts))


def _count(plan: Plan, until: float, clock: Callable[[], float]) -> Count:
    ids, end = ids_before(plan, None, COUNT + 1, COUNT_WALK, until, clock)
    return Count(min(len(ids), COUNT), end is not None or len(ids) > COUNT)


def histogram(project_id: int, filter: Filter, since: int, until: int, buckets: int = 48) -> list[Bucket]:
    """``buckets`` bars from ``since`` to ``until`` (ms). A crowded bar is estimated from its first entries."""
    edges = [since + (until - since) * n // buckets for n in range(buckets + 1)]
    plan = filter.plan(project_id)
    if plan.rest:
        return _read_bars(plan, edges)
    test, test_params = plan.tests()
    most = SAMPLE if plan.drive.covers else FEW
    match = test or "1 = 1"
    parts, params = [], []
    for start, end in itertools.pairwise(edges):
        driver, driver_params = plan.between(start << SHIFT, end << SHIFT).range()
        parts.append(
            f"SELECT {len(parts)} AS n, count(*), count(CASE WHEN {match} THEN 1 END), "
            f"count(CASE WHEN {match} AND status >= 400 THEN 1 END), max(id) "
            f"FROM ({ENTRY} WHERE {driver} ORDER BY id LIMIT %s) AS w"
        )
        params += [*test_params, *test_params, *driver_params, most]
    found = sorted(run(" UNION ALL ".join(parts), params), key=lambda row: row[0])
    return [bar(edges[n], edges[n + 1], *row, most) for n, *row in found]


def _read_bars(plan: Plan, edges: Sequence[int]) -> list[Bucket]:
    """The bars where rows must be read: of all that a narrow index holds, else of the first few of each bucket."""
    spans = [*itertools.pairwise(edges)]
    whole = plan.between(edges[0] << SHIFT, edges[-1] << SHIFT)
    driver, params = whole.range()
    ids = [row[0] for row in run(f"{ENTRY} WHERE {driver} ORDER BY id DESC LIMIT %s", [*params, SAMPLE])]
    crowded = len(ids) == SAMPLE
    if crowded:
        parts, params = [], []
        for start, end in spans:
            driver, driver_params = plan.between(start << SHIFT, end << SHIFT).range()
            parts.append(f"SELECT id FROM ({ENTRY} WHERE {driver} ORDER BY id LIMIT %s) AS w")
            params += [*driver_params, FEW]
        ids = [row[0] for row in run(" UNION ALL ".join(parts), params)]
    walked, totals, failures = [0] * len(spans), [0] * len(spans), [0] * len(spans)
    last: list[int | None] = [None] * len(spans)
    for row in read_rows(sorted(ids), plan.columns((*plan.every, STATUS))):
        n = bisect.bisect_right(edges, row.id >> SHIFT) - 1
        walked[n], last[n] = walked[n] + 1, row.id
        if all(test.holds(row) for test in plan.every):
            totals[n] += 1
            failures[n] += row.status >= 400
    most = FEW if crowded else SAMPLE + 1
    return [bar(*span, walked[n], totals[n], failures[n], last[n], most=most) for n, span in enumerate(spans)]


def newest(project_id: int) -> int | None:
    """The id of the project's newest exchange."""
    found = run("SELECT id FROM traffic_exchange WHERE project_id = %s ORDER BY id DESC LIMIT 1", [project_id])
    return found[0][0] if found else None


def hours(projects: Sequence[int], since: int, until: int, buckets: int = 24) -> dict[int, list[Bucket]]:
    """The bars of several projects' calls, callbacks left out, in one statement however many they are."""
    edges = [since + (until - since) * n // buckets for n in range(buckets + 1)]
    spans = [*itertools.pairwise(edges)]
    sql = (
        f"WITH asked(p) AS (VALUES {_marks(projects, '(%s)')}), "
        f"bars(n, lo, hi) AS (VALUES {_marks(spans, '(%s, %s, %s)')}) "
        f"SELECT p, n, (SELECT count(*) || ' ' || count(CASE WHEN {CALLS} THEN 1 END) || ' ' "
        f"|| count(CASE WHEN {CALLS} AND status >= 400 THEN 1 END) || ' ' "
        f"|| coalesce(max(id), 0) FROM ({ENTRY} WHERE project_id = p AND id >= lo AND id < hi "
        f"ORDER BY id LIMIT {SAMPLE}) AS w) FROM asked CROSS JOIN bars ORDER BY p, n"
    )
    params = [*projects]
    for n, (start, end) in enumerate(spans):
        params += [n, start << SHIFT, end << SHIFT]
    found: dict[int, list[Bucket]] = {project: [] for project in projects}
    for project, n, text in run(sql, params) if projects else ():
        walked, calls, failed, last = map(int, text.split())
        found[project].append(bar(*spans[n], walked, calls, failed, last))
    return found


def durations_of(projects: Sequence[int], since: int, most: int = 100) -> dict[int, list[int]]:
    """How long each project's newest calls since ``since`` (ms) took, in microseconds, sorted; in one statement."""
    part = (
        "SELECT p, duration_us FROM (SELECT project_id AS p, duration_us FROM traffic_exchange "
        f"WHERE project_id = %s AND id >= %s AND {CALLS} ORDER BY id DESC LIMIT %s) AS w"
    )
    params = [value for project in projects for value in (project, since << SHIFT, most)]
    found: dict[int, list[int]] = {project: [] for project in projects}
    for project, took in run(" UNION ALL ".join([part] * len(projects)), params) if projects else ():
        found[project].append(took)
    return {project: sorted(times) for project, times in found.items()}


def run(sql: str, params: Sequence) -> list[tuple]:
    """All rows of a statement on the log's database."""
    with connections[router.db_for_read(Exchange)].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def explain(sql: str, params: Sequence) -> list[str]:
    """How the database would answer a statement, a line a step."""
    database = connections[router.db_for_read(Exchange)]
    prefix = "EXPLAIN QUERY PLAN " if database.vendor == "sqlite" else "EXPLAIN "
    return [str(row[-1]) for row in run(prefix + sql, params)]


def _marks(values: Sequence, one: str) -> str:
    return ", ".join([one] * len(values))


def bar(
    since: int, until: int, walked: int, total: int, failed: int, last: int | None, most: int | None = None
) -> Bucket:
    """When the sample filled up, what it held up to its last entry stands for the rest of the bucket."""
    if walked < (most or SAMPLE) or last is None:
        return Bucket(since, until, total, failed)
    scale = (until - since) / max(1, (last >> SHIFT) - since + 1)
    return Bucket(since, until, round(total * scale), round(failed * scale), estimated=True)
