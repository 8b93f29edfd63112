"""Deletes a selection of calls as a job: what goes and what stays is told before; stopped, a repeat goes on with it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.traffic import erasing
from actionstudio.apps.traffic.keeping import selections
from actionstudio.core.problem import Problem, Refused

COUNTED = 10_000  # calls that are counted before; more are "10,000+"
TURN = 5.0  # seconds after which others of the queue get theirs
GOING = (Job.State.READY, Job.State.RUNNING)
TOLD = 0.5  # seconds between two words about how far it is

type Link = tuple[str, str]  # a name and its page
_STAYS: list[Callable[[Project, Sequence[int]], list[Link]]] = []


def stays(look: Callable[[Project, Sequence[int]], list[Link]]) -> None:
    """Has ``look(project, ids)`` name what was made of calls and is not deleted with them."""
    if look not in _STAYS:
        _STAYS.append(look)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a deletion would do. ``more``: at least that many."""

    number: int
    more: bool
    stays: list[Link]


def outlook(project: Project, wanted: Mapping[str, Any]) -> Outlook:
    """Looks ahead, a bounded way. Raises Refused."""
    ids = [*itertools.islice(selections.ids(project, wanted, selections.newest(project)), COUNTED + 1)]
    kept = [link for look in _STAYS for link in look(project, ids)]
    return Outlook(min(len(ids), COUNTED), len(ids) > COUNTED, kept)


def start(project: Project, wanted: Mapping[str, Any], by) -> Job:
    """Begins to delete; what arrives from now on stays. Raises Refused for a selection that cannot be read."""
    end = selections.newest(project)
    next(selections.ids(project, wanted, end), None)
    if running(project):
        raise Refused(Problem("", _("Requests are being deleted or hidden already. Wait until that is done."), "busy"))
    return jobs.start(work, owner=by, project=project, queue="bulk", input={"wanted": wanted, "end": end})


def work(progress: jobs.Progress) -> dict:
    """The job. Repeated, it finds what is left."""
    job = progress.job
    if not job.input:  # done, and killed before that was written down
        return {"deleted": job.done}
    ids = selections.ids(job.project, job.input["wanted"], job.input["end"])
    before, began, told = job.done, time.monotonic(), [0.0]

    def tell(done: int) -> None:
        over = jobs.stopping.is_set() or time.monotonic() - began > TURN
        if over or time.monotonic() - told[0] > TOLD:
            told[0] = time.monotonic()
            progress.step(_("Deleting requests"), before + done)
        if over:
            raise jobs.Again

    done = before + erasing.erase(job.project_id, ids, tell)
    Job.objects.filter(pk=job.pk).update(done=done, total=done)
    over = of(job.project).exclude(state__in=GOING)  # nobody reads what they were asked, which may name a person
    (over | of(job.project).filter(pk=job.pk)).order_by().update(input={})
    return {"deleted": done}


def running(project: Project) -> bool:
    """Whether a job of this kind has not ended yet."""
    return of(project).filter(state__in=GOING).exists()


def of(project: Project):
    """The jobs that delete or hide, the newest first."""
    return Job.objects.filter(project=project, kind__startswith=f"{__package__}.").order_by("-created")


def words(number: int, more: bool = False) -> str:
    """``12 requests``, or ``10,000+ requests``."""
    if more:
        return _("more than %(n)s requests") % {"n": f"{number:,}"}
    return ngettext("%(n)s request", "%(n)s requests", number) % {"n": f"{number:,}"}
