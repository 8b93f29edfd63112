"""What the Requests page shows of a question: its rows, chips, histogram, what is wrong with it, and its forms."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.traffic import asking, charting, composing, exporting, searching, walking
from actionstudio.apps.traffic.asking import splitting
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.forms import FilterForm
from actionstudio.apps.traffic.models import SHIFT, Exchange
from actionstudio.apps.traffic.saved import keeping
from actionstudio.runtime.app import frontdoor

CLASSES = ("2xx", "3xx", "4xx", "5xx")
MOST = 10_000  # calls that a selection takes
AROUND = 24  # characters of the question shown on either side of what cannot be read


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be read in a question: its place, the text around it, and why, with the cure."""

    start: int
    end: int
    before: str
    word: str
    after: str
    message: str


def context(request, project, asked=None) -> dict:
    """Everything of the list: rows, chips, histogram, and where the tail begins; of what the address asks, or
    ``asked``."""
    asked = request.GET if asked is None else asked
    filter = composing.read(asked)
    before = asked.get("before", "")
    before = int(before) if before.isascii() and before.isdigit() and len(before) < 20 else None
    page = searching.page(project.pk, filter, before)
    newest = page.rows[0].pk if page.rows else None
    chips, total = status_chips(project, filter)
    return {
        "project": project,
        "nav": "requests",
        "filter": filter,
        "faults": faults(filter),
        "notes": [] if filter.problems else asking.notes(filter.asked),
        "doubts": [] if page.rows or filter.problems else asking.doubts(filter.asked, project),
        "form": FilterForm(filter.q, _operations(project)),
        "help": asking.HELP,
        "page": page,
        "days": by_day(page.rows),
        "before": before,
        "searched_to": Exchange(pk=page.older).at if page.older and not page.complete else None,
        "chips": chips,
        "total": total,
        "set": words(filter),
        "histogram": charting.histogram(project.pk, filter, newest),
        "formats": exporting.FORMATS.values(),
        "tail_after": newest or walking.newest(project.pk) or 0,
        "tail_key": format(zlib.crc32(filter.query().encode()), "08x"),  # another filter is another stream
        "qs": filter.query(),
        "nothing_yet": not page.rows and not filter and before is None,
        "sample": _sample(project) if not page.rows else "",
        "lost": frontdoor().journal.lost,
        **_views(request, project, filter),
    }


def _views(request, project, filter: Filter) -> dict:
    """The saved views, the one that is open marked; and the query of the one that the page opens with."""
    rows = keeping.seen(project, request.user)
    first = keeping.opening(rows, request.user)
    return {
        "views": [(row.name, Filter(q=row.q).query() or "q=", row.q == filter.q) for row in rows],
        "opening": first and (Filter(q=first.q).query() or "q="),
    }


def faults(filter: Filter) -> list[Fault]:
    """What is wrong with the question, in the order in which it stands there."""
    text = filter.q
    return [
        Fault(
            one.start,
            one.end,
            ("…" if one.start > AROUND else "") + text[max(0, one.start - AROUND) : one.start],
            text[one.start : one.end][: 2 * AROUND],
            text[one.end : one.end + AROUND] + ("…" if len(text) > one.end + AROUND else ""),
            one.message,
        )
        for one in filter.problems
    ]


def by_day(rows) -> list[tuple[str, list[Exchange]]]:
    """Rows under the day (in the reader's zone) they came on."""
    days: list[tuple] = []
    for row in rows:
        day = timezone.localtime(row.at).date()
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(row)
    return days


def status_chips(project, filter: Filter) -> tuple[list[dict], walking.Count | None]:
    """All and the status classes, with how many each would show; and how many the filter itself finds. Words are not
    counted: that reads bodies."""
    now = _status(filter.q)
    asked = [Filter(q=composing.put(filter.q, "status", value)) for value in ("", *CLASSES)]
    states = [now == ([value] if value else []) for value in ("", *CLASSES)]
    every = asked if any(states) else [*asked, filter]
    counted = not filter.problems and not filter.plan(project.pk).phrases
    counts = walking.counts(project.pk, every) if counted else [None] * len(every)
    if counted:
        counts[0] = walking.together(counts[0], counts[1 : len(asked)])
    chips = []
    for value, each, on, count in zip(("", *CLASSES), asked, states, counts, strict=False):
        rare = value == "3xx" and not on and not (count and count.number)
        chip = {"value": value, "label": value or _("All"), "query": each.query() or "q=", "on": on, "rare": rare}
        chips.append({**chip, "count": written(count)})
    return chips, counts[states.index(True) if any(states) else -1]


def written(count: walking.Count | None) -> str:
    """A count as a chip shows it."""
    return f"{number_format(count.number, 0, force_grouping=True)}{'+' if count.more else ''}" if count else ""


def words(filter: Filter) -> list[dict]:
    """The words of the question that no status chip shows, each with the query without it."""
    wrong = {one.start for one in filter.problems}
    shown = len(_status(filter.q)) == 1 and _status(filter.q)[0] in CLASSES
    return [
        {
            "label": _said(filter.q, word),
            "query": Filter(q=composing.without(filter.q, [word])).query() or "q=",
            "wrong": word.start in wrong,
        }
        for word in splitting.split(filter.q)[: asking.MOST]
        if not (shown and word.name == "status" and not word.negated)
    ]


def _status(q: str) -> list[str]:
    """The statuses that are asked for, as typed."""
    return [word.value.lower() for word in splitting.split(q) if word.name == "status" and not word.negated]


def _said(text: str, word: splitting.Word) -> str:
    """A word as its chip shows it: as typed, but exact times in the reader's zone."""
    if word.name in ("since", "until") and "T" in word.value:
        ms = composing.span(Filter(q=text[word.start : word.end]))[word.name == "until"]
        if ms is not None:
            at = timezone.localtime(Exchange(pk=ms << SHIFT).at).strftime("%Y-%m-%d %H:%M:%S")
            return (_("from %(time)s") if word.name == "since" else _("before %(time)s")) % {"time": at}
    return text[word.start : word.end]


def _operations(project) -> list[str]:
    rows = project.operations.values_list("operation_id", "method", "path")[:500]
    return [name or f"{method} {path}" for name, method, path in rows]


def _sample(project) -> str:
    """A command that makes the first call."""
    address = project.addresses.first()
    return f"curl -i {base_urls(address.name, address.domain)[0]}/openapi.json" if address else ""
