"""The end of a run, however it came: nothing is left to send, what was typed in is gone, the counts are kept."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects import driven
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
        run.counts = counting.at_end(run).plain()
        found = grouping.counts(run)
        run.groups = [{**one, "count": found[number]} for number, one in enumerate(run.groups)]
        run.save(update_fields=["counts", "groups"])
    return True


def cancel(run: Run) -> None:
    """Stops a run: no further call leaves, and those on their way are waited for."""
    driven.cancel(run, close)


def look(run: Run) -> Run:
    """The run as it is, closed when nobody works at it any more."""
    return driven.look(run, close)


def tidy() -> int:
    """Closes every run that nobody works at any more; returns how many."""
    runs = Run.objects.filter(state__in=GOING).select_related("job")
    return sum(look(run).over for run in list(runs))
