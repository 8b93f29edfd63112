"""Hides again what the log holds already: every row written as today's rules would have it, in small steps, as a job.

The rows go through the sink's own hands, which leave alone what is hidden: so whatever it would hide now is hidden,
nothing else is touched, and a repetition changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from django.db import connections, router
from django.utils.translation import gettext as _

from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.publishing import source
from actionstudio.apps.traffic import erasing, sink, storing
from actionstudio.apps.traffic.conversations import debugging
from actionstudio.apps.traffic.keeping import deleting, selections
from actionstudio.apps.traffic.models import DebugText, Exchange
from actionstudio.apps.traffic.words import feeding as words
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.app import frontdoor
from actionstudio.runtime.ports import Record

READ = 100  # calls read at once
TURN = 5.0  # seconds after which others of the queue get theirs
_PARSED = ("timings", "request_headers", "response_headers", "violations", "decisions")
_PAIRS = frozenset(("request_headers", "response_headers"))
_BODIES = frozenset(("request_body", "response_body"))
CHANGING = ("path", "query", "request_headers", "request_body", "response_headers", "response_body", "violations",
            "decisions")  # fmt: skip

_COPIES: list[Callable[[Project, frozenset[str]], int]] = []


def also(work: Callable[[Project, frozenset[str]], int]) -> None:
    """Has ``work(project, masks)`` hide again what another app keeps of calls; it says how many it changed."""
    if work not in _COPIES:
        _COPIES.append(work)


def masks_of(project: Project, wanted: frozenset[str] | None = None) -> frozenset[str]:
    """What the log hides for this project now: its own, and the names under which its credentials travel. ``wanted``
    instead of its own."""
    address = project.addresses.values_list("name", flat=True).first()
    program = frontdoor().registry.current(address) if address else None
    own = source.masks_of(project) if wanted is None else wanted
    return own | (frozenset(program.masks) if program else frozenset())


def changes(row: Exchange, masks: frozenset[str], rows: sink.Rows | None = None) -> dict[str, Any]:
    """The columns of a logged call that would be written otherwise, with what would stand there."""
    values = {name: getattr(row, name) for name in sink.COLUMNS}
    values |= {name: orjson.loads(values[name]) for name in _PARSED}
    values |= {name: [tuple(pair) for pair in values[name]] for name in _PAIRS}
    values |= {name: bytes(values[name]) for name in _BODIES}
    made = dict(zip(sink.COLUMNS, (rows or sink.Rows()).row(Record(**values, masks=masks)), strict=True))
    return {name: made[name] for name in CHANGING if made[name] != _stored(row, name)}


def _stored(row: Exchange, name: str) -> Any:
    value = getattr(row, name)
    if name in _BODIES:
        return bytes(value)
    return sink.dumps(orjson.loads(value)).decode() if name in _PARSED else value


def start(project: Project, by) -> Job:
    """Begins with what is in the log now."""
    if deleting.running(project):
        raise Refused(Problem("", _("Requests are being deleted or hidden already. Wait until that is done."), "busy"))
    total = storing.amount(project.pk).calls
    first = {"at": selections.newest(project) + 1, "looked": 0, "changed": 0}
    return jobs.start(work, owner=by, project=project, queue="bulk", total=total, result=first)


def work(progress: jobs.Progress) -> dict:
    """The job: newest first, from where it was. It remembers that with every step."""
    job, began, pace = progress.job, time.monotonic(), erasing.Pace()
    project, at = job.project, dict(job.result)
    masks = masks_of(project)
    while rows := _next(project.pk, at["at"]):
        changed = {row.pk: change for row in rows if (change := changes(row, masks))}
        keep(project.pk, rows, changed, pace)
        at = {"at": rows[-1].pk, "looked": at["looked"] + len(rows), "changed": at["changed"] + len(changed)}
        Job.objects.filter(pk=job.pk).update(result=at)
        progress.step(_("Hiding in the requests that are there"), at["looked"], max(job.total, at["looked"]))
        if jobs.stopping.is_set() or time.monotonic() - began > TURN:
            raise jobs.Again
    texts(project)
    copies = sum(work(project, masks) for work in _COPIES)
    return {**at, "copies": copies}


def _next(project_id: int, before: int) -> list[Exchange]:
    return [*Exchange.objects.filter(project_id=project_id, pk__lt=before).order_by("-pk")[:READ]]


def keep(
    project_id: int, rows: Iterable[Exchange], changed: Mapping[int, Mapping[str, Any]], pace: erasing.Pace
) -> None:
    """Writes the changed columns, in steps that hold the log as shortly as deleting does; their words are cut anew."""
    old = {row.pk: row for row in rows}
    left = [*changed.items()]
    while left:
        part, left = left[: pace.size], left[pace.size :]
        with pace.step(), connections[router.db_for_write(Exchange)].cursor() as cursor:
            for pk, columns in part:
                sets = ", ".join(f"{name} = %s" for name in columns)
                cursor.execute(
                    f"UPDATE traffic_exchange SET {sets} WHERE id = %s AND project_id = %s",
                    [*columns.values(), pk, project_id],
                )
            storing.resized([(pk, project_id, _grown(old[pk], columns)) for pk, columns in part])
        sink.told(sum(len(value) for _pk, columns in part for value in columns.values()))
    if changed:
        words.forget(sorted(changed))


def _grown(row: Exchange, columns: Mapping[str, Any]) -> int:
    return sum(len(value) - len(getattr(row, name)) for name, value in columns.items())


def texts(project: Project) -> int:
    """What people pasted of ChatGPT's own text."""
    changed = 0
    for row in DebugText.objects.filter(project_id=project.pk):
        if (text := debugging.masked(project, row.text)) != row.text:
            DebugText.objects.filter(pk=row.pk).update(text=text)
            changed += 1
    return changed
