"""The deed: a selection becomes a run, its calls are written down, and a job begins to send them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import batched

from django.db import transaction

from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import sealing
from actionstudio.apps.replay import sending
from actionstudio.apps.replay.models import Item, Run
from actionstudio.apps.replay.runs import options as wishes
from actionstudio.apps.replay.runs import reaching, running
from actionstudio.apps.replay.runs.options import Options
from actionstudio.apps.replay.runs.selecting import Selection
from actionstudio.core.problem import Refused

QUEUE = "bulk"
TOGETHER = 500  # rows in one statement
LONGEST_PATH = 300  # characters of a path that lists show


def start(
    project: Project,
    selection: Selection,
    target: str = sending.LIVE,
    options: Options | None = None,
    by=None,
    *,
    typed: str = "",
    confirmed: bool = False,
    parent: Run | None = None,
) -> Run:
    """Begins a run. ``typed`` is the value of the header ``options.typed``: sealed until the run is over.

    Raises Refused for what cannot be sent, and reaching.Unconfirmed for what needs ``confirmed``.
    """
    options = options or Options()
    to = sending.target(target, project)
    problems = wishes.problems(project, to, options)
    if not selection.calls:
        problems.append(selection.problem)
    if problems:
        raise Refused(*problems)
    method = str(options.overrides.get("method", "")).upper()
    risks = reaching.risks(reaching.contract(project, to), to, selection.calls, method)
    if risks and not confirmed:
        raise reaching.Unconfirmed(risks)
    with transaction.atomic():
        run = Run.objects.create(
            project=project,
            author=by,
            parent=parent,
            target=str(to),
            selection=selection.text,
            options=options.plain(),
            total=len(selection.calls),
            left_out=dict(selection.left_out),
        )
        for part in batched(_items(run, selection, method), TOGETHER):
            Item.objects.bulk_create(part)
        if options.typed and typed:
            run.sealed = sealing.seal(json.dumps([options.typed, typed]), running.place(run))
            run.save(update_fields=["sealed"])
        told = {"run": run.pk}
        job = jobs.start(
            running.work, owner=by or project.owner, project=project, queue=QUEUE, input=told, total=run.total
        )
        Run.objects.filter(pk=run.pk).update(job=job)
    run.refresh_from_db()
    return run


def _items(run: Run, selection: Selection, method: str) -> Iterable[Item]:
    for n, call in enumerate(selection.calls, 1):
        yield Item(
            run=run,
            n=n,
            exchange_id=call.pk,
            conversation=call.conversation_id,
            operation_id=call.operation_id,
            method=method or call.method,
            path=call.path[:LONGEST_PATH],
        )
