"""The end of a prompt run, however it came: nothing more is asked, the counts are kept."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects import driven
from actionstudio.apps.simulator.models import PromptOutcome, PromptRun, PromptSuite

QUIET = datetime.timedelta(minutes=5)  # a run that no job drives, without a sign of life for that long, is over
State, Verdict = PromptRun.State, PromptOutcome.Verdict
GOING = (State.WAITING, State.RUNNING)


def close(run: PromptRun, state: str, error: str = "") -> bool:
    """Ends a run: what was not asked is skipped. False when it was over already."""
    with transaction.atomic():
        mine = PromptRun.objects.filter(pk=run.pk, state__in=GOING)
        if not mine.update(state=state, finished=timezone.now(), error="" if state == State.DONE else error):
            return False
        rows = PromptOutcome.objects.filter(run=run)
        left = rows.exclude(state=PromptOutcome.State.DONE)
        left.update(state=PromptOutcome.State.DONE, verdict=Verdict.SKIPPED, error=_("The run ended before."))
        run.refresh_from_db()
        run.counts = dict(rows.order_by().values_list("verdict").annotate(n=Count("pk")))
        run.save(update_fields=["counts"])
        newest = PromptRun.objects.filter(suite=run.suite_id).exclude(state__in=GOING).first()
        if newest is not None and newest.pk == run.pk and state != State.CANCELLED:
            PromptSuite.objects.filter(pk=run.suite_id).update(state=_told(run))
    return True


def cancel(run: PromptRun) -> None:
    """Stops a run: no further request leaves."""
    driven.cancel(run, close)


def look(run: PromptRun) -> PromptRun:
    """The run as it is, closed when nobody works at it any more."""
    return driven.look(run, close, QUIET)


def tidy() -> int:
    """Closes every run that nobody works at any more; returns how many."""
    runs = PromptRun.objects.filter(state__in=GOING).select_related("job", "suite")
    return sum(look(run).over for run in list(runs))


def _told(run: PromptRun) -> str:
    """How a suite is, by its own bar, whatever bar the run had."""
    if run.state == State.FAILED or run.counts.get(Verdict.ERROR, 0) == sum(run.counts.values()):
        return PromptSuite.State.FAILED
    enough = run.state == State.DONE and run.share is not None and run.share >= run.suite.fail_under
    return PromptSuite.State.PASSED if enough else PromptSuite.State.BELOW
