"""Retention of everything that holds calls: the log, the replays, the windows of rate limits, and ended sign-ins."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from actionstudio.apps.mocking import counting
from actionstudio.apps.oauth import pruning as sign_ins
from actionstudio.apps.oauth import tracing
from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay.models import Item, Replay
from actionstudio.apps.replay.runs import pruning as runs
from actionstudio.apps.replay.suites import pruning as suites
from actionstudio.apps.traffic import pruning

CHUNK = 500


def prune(days: int | None = None) -> tuple[int, int]:
    """Removes exchanges and replays that their projects no longer keep; ``days`` instead of the installation's
    setting. Returns how many of each."""
    counting.prune()
    sign_ins.prune()
    tracing.prune(settings.STUDIO_RETENTION_DAYS if days is None else days)
    runs.prune(days)
    suites.prune(days)
    return pruning.prune(days), sum(_delete(rows) for rows in old(days))


def old(days: int | None = None) -> Iterator[QuerySet[Replay]]:
    """The replays that are to go by their age: an answer of each project that bounds it. What bounds calls and bytes
    speaks of the log alone."""
    now = timezone.now()
    for project in Project.objects.filter(replays__isnull=False).distinct():
        if kept := pruning.bounds(project, days).days:
            yield Replay.objects.filter(project=project, created__lt=now - datetime.timedelta(days=kept))


def of_erased(project_id: int, ids: Sequence[int]) -> int:
    """Removes the replays of calls that somebody deletes, and what runs say of them: that there were so many stays."""
    Item.objects.filter(run__project=project_id, exchange_id__in=ids).update(path="…", conversation="", reason="")
    runs.forget(project_id, ids)
    suites.forget(project_id, ids)
    sent = models.Q(exchange_id__in=ids) | models.Q(result_exchange_id__in=ids)
    return _delete(Replay.objects.filter(sent, project=project_id))


def _delete(rows: QuerySet[Replay]) -> int:
    removed = 0
    while ids := [*rows.order_by("pk").values_list("pk", flat=True)[:CHUNK]]:
        removed += Replay.objects.filter(pk__in=ids).delete()[0]
    return removed
