"""Answers a filter: by the log's own indexes, or by the index of words where words are asked for.

What is newer than the word index is read, so a call that was just made is found at once. What the index finds is looked
at on the rows: they alone decide. All of it within a budget of time: a page that ends early says how far it looked.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence

from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.asking.planning import EVER, Plan
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import SHIFT, Exchange
from actionstudio.apps.traffic.walking import Bucket, Page
from actionstudio.apps.traffic.words.entries import Question, question
from actionstudio.apps.traffic.words.segments import Segment
from actionstudio.apps.traffic.words.shelf import open_shelf

SECONDS = 0.2  # one page may take where words are asked for
NEWER = 0.1  # of which reading what is newer than the index
CHUNK = 200  # ids asked of the index at a time
BARS = 0.1  # seconds for a histogram
FEW = 24  # candidates that it reads of one bucket, of those the index names
NEW = 500  # and of those newer than the index

type Clock = Callable[[], float]


def page(
    project_id: int,
    filter: Filter,
    before: int | None = None,
    size: int = walking.PAGE,
    clock: Clock = time.monotonic,
) -> Page:
    """The newest matching exchanges before ``before``."""
    plan = filter.plan(project_id)
    if not plan.wordy:
        return walking.page(project_id, filter, before, size, clock=clock)
    ids, end = ids_before(plan, before, size + 1, clock)
    if len(ids) > size:
        return Page(walking.rows(ids[:size]), ids[size - 1])
    return Page(walking.rows(ids), end, complete=end is None)


def ids_before(
    plan: Plan, before: int | None, size: int, clock: Clock = time.monotonic
) -> tuple[list[int], int | None]:
    """Up to ``size`` matching ids, newest first; and the id the search reached when it ended early."""
    until, mark = clock() + SECONDS, open_shelf().mark()
    found: list[int] = []
    if before is None or before > mark + 1:
        newer = plan.between(mark + 1, EVER)
        found, end = walking.ids_before(newer, before, size, until=clock() + (NEWER if mark else SECONDS), clock=clock)
        if len(found) == size or end is not None:
            return found, end
    end = min(plan.end, mark + 1, EVER if before is None else before)
    for ids, reached in _candidates(plan, end, size):
        for row in walking.read_rows(ids, plan.columns(plan.every)):
            if all(test.holds(row) for test in plan.every):
                found.append(row.id)
                if len(found) == size:
                    return found, None
        if clock() > until:
            return found, reached if reached > plan.first else None
    return found, None


def every(project_id: int, filter: Filter, size: int = 200) -> Iterator[Exchange]:
    """The matching exchanges with all their columns, newest first, a page at a time, to the end of the log."""
    before: int | None = None
    while True:
        found = page(project_id, filter, before, size)
        yield from Exchange.objects.filter(pk__in=[row.pk for row in found.rows]).order_by("-pk")
        before = found.older
        if before is None:
            return


def histogram(
    project_id: int, filter: Filter, since: int, until: int, buckets: int = 48, clock: Clock = time.monotonic
) -> list[Bucket]:
    """``buckets`` bars from ``since`` to ``until`` (ms), of what the word index says where words are asked for. Bars
    that the time does not suffice for are left empty, the oldest ones."""
    plan = filter.plan(project_id)
    if not plan.wordy:
        return walking.histogram(project_id, filter, since, until, buckets)
    edges = [since + (until - since) * n // buckets for n in range(buckets + 1)]
    spans = [*itertools.pairwise(edges)]
    bars = [Bucket(*span, 0, 0) for span in spans]
    stop, asked = clock() + BARS, question(project_id, plan.facets, plan.phrases)
    segments, mark = open_shelf().segments(), open_shelf().mark()
    for n in reversed(range(buckets)):
        within = plan.between(spans[n][0] << SHIFT, spans[n][1] << SHIFT)
        ids = _few(within, asked, segments, mark)
        read = [*walking.read_rows(ids, plan.columns((*plan.every, walking.STATUS)))]
        hits = [row for row in read if all(test.holds(row) for test in plan.every)]
        failed = sum(row.status >= 400 for row in hits)
        bars[n] = walking.bar(*spans[n], len(ids), len(hits), failed, max(ids, default=None), FEW)
        if clock() > stop:
            break
    return bars


def _few(plan: Plan, asked: Question, segments: Sequence[Segment], mark: int) -> list[int]:
    """The first few candidates of a bucket: what the index names, and all that is newer than it."""
    found: list[int] = []
    for segment in reversed(segments):
        if len(found) < FEW and segment.first < plan.end and segment.last >= plan.first:
            found += open_shelf().find(segment, asked, plan.first, plan.end, FEW - len(found), newest=False)
    if len(found) < FEW and plan.end > mark + 1 and plan.end > plan.first:
        found += reversed(walking.entries_before(plan.between(mark + 1, EVER), None, NEW)[0])
    return found


def _candidates(plan: Plan, end: int, size: int) -> Iterator[tuple[list[int], int]]:
    """Ids that the index names before ``end``, the newest first, in pieces; and how far each piece reaches."""
    shelf, asked = open_shelf(), question(plan.project_id, plan.facets, plan.phrases)
    for segment in shelf.segments():
        if segment.first >= end or segment.last < plan.first:
            continue
        before, many = end, max(CHUNK, size)
        while True:
            ids = shelf.find(segment, asked, plan.first, before, many)
            full = len(ids) == many
            before = ids[-1] if full else segment.first
            yield ids, before
            if not full:
                break
