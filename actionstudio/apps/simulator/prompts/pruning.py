"""Retention of prompt runs, and what cases hold of calls that somebody deletes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone

from actionstudio.apps.simulator.models import PromptCase, PromptOutcome, PromptRun, PromptSuite
from actionstudio.apps.simulator.prompts import closing
from actionstudio.apps.traffic import pruning

KEPT = 100  # runs of one suite
CHUNK = 20


def prune(days: int | None = None) -> int:
    """Removes runs that are older than their project keeps calls, and all but the newest of each suite; how many."""
    closing.tidy()
    removed = 0
    for suite in PromptSuite.objects.select_related("project").iterator():
        removed += _delete(_old(suite, days))
        if oldest := list(suite.runs.order_by("-pk").values_list("pk", flat=True)[KEPT - 1 : KEPT]):
            removed += _delete(_over(suite).filter(pk__lt=oldest[0]))
    return removed


def due(days: int | None = None) -> int:
    """How many runs ``prune`` would remove for their age."""
    return sum(_old(suite, days).count() for suite in PromptSuite.objects.select_related("project").iterator())


def _over(suite: PromptSuite) -> QuerySet[PromptRun]:
    return suite.runs.exclude(state__in=closing.GOING)


def _old(suite: PromptSuite, days: int | None) -> QuerySet[PromptRun]:
    """The runs that are older than their project keeps calls."""
    kept = pruning.bounds(suite.project, days).days
    return (
        _over(suite).filter(created__lt=timezone.now() - datetime.timedelta(days=kept)) if kept else suite.runs.none()
    )


def forget(project_id: int, ids: Sequence[int]) -> int:
    """Empties what was kept of calls that somebody deletes: a case that was made of one no longer holds its arguments,
    nor do the outcomes of that case. Returns how many cases that are."""
    rows = list(PromptCase.objects.filter(suite__project=project_id, source__in=ids))
    for row in rows:
        row.calls = [{"operation": one["operation"], "arguments": {}} for one in row.calls]
        row.source = None
    PromptCase.objects.bulk_update(rows, ["calls", "source"], batch_size=200)
    about = PromptOutcome.objects.filter(case__in=[row.pk for row in rows])
    for outcome in about.only("expected", "called", "score", "run_id").iterator(chunk_size=200):
        calls = [{**one, "arguments": {}} for one in outcome.expected.get("calls", ())]
        score = {**outcome.score, "misses": []} if outcome.score else None
        PromptOutcome.objects.filter(pk=outcome.pk).update(
            expected={**outcome.expected, "calls": calls}, called=[], score=score, packed=None, text=""
        )
    return len(rows)


def _delete(runs: QuerySet[PromptRun]) -> int:
    removed = 0
    while ids := list(runs.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        PromptOutcome.objects.filter(run__in=ids).delete()
        PromptRun.objects.filter(base__in=ids).update(base=None)
        removed += PromptRun.objects.filter(pk__in=ids).delete()[0]
    return removed
