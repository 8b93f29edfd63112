"""Retention of runs, in small steps: a run of 10,000 calls is no single statement."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone

from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay.models import Item, Replay, Run
from actionstudio.apps.replay.runs import closing
from actionstudio.apps.traffic import pruning

CHUNK = 500
QUOTED = ("value", "header")  # kinds of changes that tell the values of their first call


def prune(days: int | None = None) -> int:
    """Removes the runs that their projects no longer keep and that are over, with their calls and replays; ``days``
    instead of the installation's setting. Returns how many."""
    closing.tidy()
    now, removed = timezone.now(), 0
    for project in Project.objects.filter(runs__isnull=False).distinct():
        if kept := pruning.bounds(project, days).days:
            old = Run.objects.filter(project=project, created__lt=now - datetime.timedelta(days=kept))
            for pk in list(old.exclude(state__in=closing.GOING).order_by("pk").values_list("pk", flat=True)):
                _emptied(Item.objects.filter(run=pk))
                _emptied(Replay.objects.filter(run=pk))
                removed += bool(Run.objects.filter(pk=pk).delete()[0])
    return removed


def forget(project_id: int, exchange_ids: Sequence[int]) -> None:
    """Runs of calls that somebody deletes quote none of their values any more, nor the filter that found them, which
    may name whose they were: what changed where stays."""
    items = Item.objects.filter(run__project=project_id, exchange_id__in=exchange_ids)
    for run in Run.objects.filter(pk__in=items.values("run")):
        run.groups = [one | ({"was": "", "now": ""} if one["kind"] in QUOTED else {}) for one in run.groups]
        run.selection = f"run={run.pk}"
        run.save(update_fields=["groups", "selection"])


def _emptied(rows: QuerySet) -> None:
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        rows.filter(pk__in=ids).delete()
