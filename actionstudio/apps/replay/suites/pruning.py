"""Retention of suites' runs, and what cases and outcomes hold of calls that somebody deletes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from actionstudio.apps.replay.suites.models import Case, Outcome, Suite, SuiteRun
from actionstudio.apps.traffic import pruning

KEPT = 200  # runs of one suite; a suite that runs every minute makes 1,440 a day
CHUNK = 50
GOING = (SuiteRun.State.WAITING, SuiteRun.State.RUNNING)


def prune(days: int | None = None) -> int:
    """Removes runs that are older than their project keeps calls, and all but the newest of each suite; how many."""
    removed = 0
    for suite in Suite.objects.select_related("project").iterator():
        runs = suite.runs.exclude(state__in=GOING)
        if kept := pruning.bounds(suite.project, days).days:
            removed += _delete(runs.filter(created__lt=timezone.now() - datetime.timedelta(days=kept)))
        if oldest := list(suite.runs.order_by("-pk").values_list("pk", flat=True)[KEPT - 1 : KEPT]):
            removed += _delete(runs.filter(pk__lt=oldest[0]))
    return removed


def forget(project_id: int, ids: Sequence[int]) -> None:
    """Empties what was kept of calls that somebody deletes: a case that was saved from one is switched off, and holds
    neither its request nor its answer any more."""
    cases = list(Case.objects.filter(suite__project=project_id, source__in=ids).values_list("pk", flat=True))
    about = Q(case__in=cases) | Q(result_exchange_id__in=ids)
    Outcome.objects.filter(about, run__suite__project=project_id).update(
        packed=None, call={}, before={}, after={}, again=None, facts={}, reasons=[], reason="", refusal="", path="…"
    )
    Case.objects.filter(pk__in=cases).update(
        enabled=False,
        whole=False,
        answer=None,
        path="/",
        query="",
        headers=[],
        body=b"",
        checks=[],
        extracts=[],
        source=None,
        conversation="",
    )


def _delete(runs: QuerySet[SuiteRun]) -> int:
    removed = 0
    while ids := list(runs.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        Outcome.objects.filter(run__in=ids).delete()
        removed += SuiteRun.objects.filter(pk__in=ids).delete()[0]
    return removed
