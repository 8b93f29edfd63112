"""The numbers behind the log's pictures: the histogram, the last day in brief, the stages of one call."""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from actionstudio.apps.traffic import composing, searching, walking
from actionstudio.apps.traffic.filters import Filter, write_time
from actionstudio.apps.traffic.models import SHIFT
from actionstudio.runtime.pacing import UNWAITED

BUCKETS = 48
HEIGHT = 44
HOUR = 3_600_000
SPANS = (4 * HOUR, 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the histogram as it is drawn (SVG numbers); ``query`` is the filter that asks for it alone."""

    x: str
    total: tuple[str, str] | None  # top and height
    failed: tuple[str, str] | None
    title: str
    query: str
    since: str = ""  # as the filter writes times
    until: str = ""
    clock: tuple[str, str] = ("", "")  # the same as people read them
    calls: int = 0


@dataclass(frozen=True, slots=True)
class Histogram:
    """The whole picture: bars, the times below them, and what it shows in words. ``out`` is the filter of a span three
    times as long; "" where none is chosen."""

    bars: list[Bar]
    axis: list[str]
    label: str
    out: str = ""
    width: str = f"{1000 / BUCKETS - 2:.1f}"


@dataclass(frozen=True, slots=True)
class Day:
    """The last 24 hours of a project."""

    calls: int
    failed: int
    median_us: int | None
    values: list[int]
    failures: list[int]
    estimated: bool

    @property
    def failed_share(self) -> float:
        return 100 * self.failed / self.calls if self.calls else 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a call on the waterfall, as shares (of 1,000) of the whole."""

    name: str
    start: str
    width: str
    us: int


def histogram(project_id: int, filter: Filter, newest: int | None = None, now: int | None = None) -> Histogram:
    """The bars over the filter's time, or over the shortest of SPANS that holds the ``newest`` exchange shown."""
    now = now or _now()
    since, until = _range(filter, newest, now)
    buckets = searching.histogram(project_id, filter, since, until, BUCKETS)
    most = max((bucket.total for bucket in buckets), default=0) or 1
    bars = [
        Bar(
            f"{n * 1000 / BUCKETS + 1:.1f}",
            _rise(bucket.total, most),
            _rise(bucket.failed, most),
            _bar_title(bucket),
            composing.within(filter, bucket.since, bucket.until).query(),
            write_time(bucket.since),
            write_time(bucket.until),
            (_long(bucket.since), _long(bucket.until)),
            bucket.total,
        )
        for n, bucket in enumerate(buckets)
    ]
    ticks = [since + (until - since) * n // 4 for n in range(5)]
    long = until - since > 26 * HOUR
    axis = [_clock(tick, "j M" if long else "H:i") for tick in ticks]
    if until >= now:
        axis[-1] = _("now")
    label = _("Calls over time, %(from)s to %(to)s") % {"from": _long(since), "to": _long(until)}
    return Histogram(bars, axis, label, _out(filter, since, until, now))


def day(project_id: int, now: int | None = None) -> Day:
    """What happened in the last 24 hours, an hour a value."""
    return days([project_id], now)[project_id]


def days(project_ids: Sequence[int], now: int | None = None) -> dict[int, Day]:
    """The same of several projects, by their id, in two statements however many they are."""
    since, until = _last_day(now or _now())
    bars, times = walking.hours(project_ids, since, until), walking.durations_of(project_ids, since)
    return {project: _day(bars[project], times[project]) for project in project_ids}


def _last_day(now: int) -> tuple[int, int]:
    until = -(-now // HOUR) * HOUR
    return until - 24 * HOUR, until


def _day(buckets: Sequence[walking.Bucket], times: Sequence[int]) -> Day:
    return Day(
        calls=sum(bucket.total for bucket in buckets),
        failed=sum(bucket.failed for bucket in buckets),
        median_us=times[len(times) // 2] if times else None,
        values=[bucket.total for bucket in buckets],
        failures=[bucket.failed for bucket in buckets],
        estimated=any(bucket.estimated for bucket in buckets),
    )


def waterfall(timings: Sequence[Sequence], total_us: int) -> list[Stage]:
    """The stages one after the other; what no stage accounts for comes last."""
    names = {
        "guard": _("Check the credential"),
        "read": _("Read and check the request"),
        "respond": _("Make the answer"),
        "wait": _("Wait on purpose"),
        UNWAITED: _("Wait on purpose"),
    }
    known = [(names.get(name, str(name)), max(0, int(us))) for name, us in timings]
    rest = total_us - sum(us for _name, us in known)
    if rest > 0:
        known.append((_("Find the endpoint, and the rest"), rest))
    whole = max(1, sum(us for _name, us in known))
    stages, start = [], 0
    for name, us in known:
        stages.append(Stage(name, f"{1000 * start / whole:.1f}", f"{max(2, 1000 * us / whole):.1f}", us))
        start += us
    return stages


def _range(filter: Filter, newest: int | None, now: int) -> tuple[int, int]:
    first, end = composing.span(filter)
    if first is not None or end is not None:
        until = end if end is not None else now
        since = first if first is not None else until - SPANS[0]
        return since, max(until, since + BUCKETS)
    age = now - (newest >> SHIFT) if newest else 0
    span = next((span for span in SPANS if age < span - span // BUCKETS), SPANS[-1])
    step = span // BUCKETS
    until = -(-now // step) * step
    return until - span, until


def _out(filter: Filter, since: int, until: int, now: int) -> str:
    """The filter that shows as much again on both sides; no end where that lies ahead."""
    if composing.span(filter) == (None, None):
        return ""
    wider = until - since
    later = until + wider
    return composing.within(filter, max(0, since - wider), None if later >= now else later).query()


def _rise(number: int, most: int) -> tuple[str, str] | None:
    """Top and height of a bar; what happened at all is never too small to be seen."""
    height = max(1.0, number / most * HEIGHT)
    return (f"{HEIGHT - height:.1f}", f"{height:.1f}") if number else None


def _bar_title(bucket: walking.Bucket) -> str:
    words = (
        _("about %(calls)s calls, %(failed)s errors") if bucket.estimated else _("%(calls)s calls, %(failed)s errors")
    )
    numbers = {"calls": formats.number_format(bucket.total), "failed": formats.number_format(bucket.failed)}
    return f"{_long(bucket.since)} – {_clock(bucket.until, 'H:i')}: {words % numbers}"


def _clock(ms: int, style: str) -> str:
    at = datetime.datetime.fromtimestamp(ms / 1000, datetime.UTC)
    return formats.date_format(timezone.localtime(at), style)


def _long(ms: int) -> str:
    return _clock(ms, "j M H:i")


def _now() -> int:
    return int(time.time() * 1000)
