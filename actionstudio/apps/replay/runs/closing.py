"""The end of a run, however it came: nothing is left to send, what was typed in is gone, the counts are kept."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects import jobs
from actionstudio.apps.replay.models import Item, Run
from actionstudio.apps.replay.runs import counting, grouping

GOING = (Run.State.WAITING, Run.State.RUNNING)


def close(run: Run, state: str, error: str = "") -> bool:
    """Ends a run. What was not sent is skipped; what was on its way stays unknown. False when it was over already."""
    with transaction.atomic():
        mine = Run.objects.filter(pk=run.pk, state__in=GOING)
        if not mine.update(state=state, finished=timezone.now(), sealed=None, error=error):
            return False
        left = Item.objects.filter(run=run)
        why = _("The run was cancelled before.") if state == Run.State.CANCELLED else _("The run ended before.")
        left.filter(state=Item.State.READY).update(state=Item.State.SKIPPED, reason=why)
        lost = _("The run ended while this call was on its way. It may have arrived.")
        left.filter(state=Item.State.SENT).update(state=Item.State.UNKNOWN, reason=lost)
        run.refresh_from_db()
        run.counts = {}
        run.counts = counting.of_run(run).plain()
        found = grouping.counts(run)
        run.groups = [{**one, "count": found[number]} for number, one in enumerate(run.groups)]
        run.save(update_fields=["counts", "groups"])
    return True


def cancel(run: Run) -> None:
    """Stops a run: no further call leaves, and those on their way are waited for."""
    if run.over:
        return
    if run.job is not None:
        jobs.cancel(run.job)
        run.job.refresh_from_db()
    if run.job is None or run.job.over:
        close(run, Run.State.CANCELLED)


def look(run: Run) -> Run:
    """The run as it is. One whose job ended without it (a worker that was killed too often) is closed here."""
    job = run.job
    if not run.over and (job is None or job.over):
        cancelled = job is not None and job.state == job.State.CANCELLED
        error = "" if cancelled or job is None else job.error
        close(run, Run.State.CANCELLED if cancelled else Run.State.FAILED, error or _("This run was interrupted."))
        run.refresh_from_db()
    return run


def tidy() -> int:
    """Closes every run that nobody works at any more; returns how many."""
    runs = Run.objects.filter(state__in=GOING).select_related("job")
    return sum(look(run).over for run in list(runs))
