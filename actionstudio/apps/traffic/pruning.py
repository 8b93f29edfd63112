"""Retention: removes what the log may no longer keep, by age and by each project's own bounds, a little at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic import erasing, storing, walking
from actionstudio.apps.traffic.models import SHIFT, SavedView


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a project's log may keep; None bounds nothing."""

    days: int | None = None
    calls: int | None = None
    bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Keeper:
    """What another app keeps for as long as a project keeps its calls. ``what`` names it for the command; ``prune`` and
    ``due`` take days as ``bounds`` does, and say how many went, or would go."""

    what: str
    prune: Callable[[int | None], int]
    due: Callable[[int | None], int]


_KEEPERS: list[Keeper] = []


def also(keeper: Keeper) -> None:
    """Has the keeper's rows go with the command that removes what is no longer kept."""
    if keeper not in _KEEPERS:
        _KEEPERS.append(keeper)


def others(days: int | None = None, *, dry: bool = False) -> dict[str, int]:
    """Removes what other apps keep no longer; what that was, and how many. ``dry``: only counts."""
    found = {one.what: (one.due if dry else one.prune)(days) for one in _KEEPERS}
    return {what: number for what, number in found.items() if number}


def bounds(project: Project | None, days: int | None = None) -> Bounds:
    """What holds for a project (None: one that is gone). ``days``: the installation's, instead of its setting."""
    usual = (settings.STUDIO_RETENTION_DAYS if days is None else days) or None
    if project is None:
        return Bounds(usual)
    return Bounds(
        usual if project.keep_days is None else project.keep_days or None, project.keep_calls, project.keep_bytes
    )


def prune(days: int | None = None, now: float | None = None) -> int:
    """Removes what each project's bounds no longer keep; ``days`` instead of the installation's (0 keeps everything).
    Returns how many calls that were."""
    return sum(erasing.erase_before(project_id, end) for project_id, end in due(days, now))


def due(days: int | None = None, now: float | None = None) -> list[tuple[int, int]]:
    """(project, id) for every project that has calls older than that id, which are to go."""
    ids = storing.projects()
    known = Project.objects.in_bulk(ids)
    ends = [(pk, cutoff(pk, bounds(known.get(pk), days), now)) for pk in ids]
    return [(pk, end) for pk, end in ends if end and oldest(pk) < end]


def cutoff(project_id: int, bound: Bounds, now: float | None = None) -> int:
    """The smallest id that a project's bounds keep, 0 for all."""
    ends = [0]
    if bound.days:
        ends.append(max(0, int(((now or time.time()) - bound.days * 86_400) * 1000)) << SHIFT)
    if bound.calls is not None:
        ends.append(storing.nth(project_id, bound.calls))
    if bound.bytes is not None:
        ends.append(storing.beyond(project_id, bound.bytes))
    return max(ends)


def would_go(project_id: int, end: int) -> int:
    """How many calls of a project are older than an id: by its index alone."""
    sql = "SELECT count(*) FROM traffic_exchange WHERE project_id = %s AND id < %s"
    return walking.run(sql, [project_id, end])[0][0]


def oldest(project_id: int) -> int:
    """The id of a project's oldest call; beyond all ids when it has none."""
    found = walking.run("SELECT min(id) FROM traffic_exchange WHERE project_id = %s", [project_id])
    return found[0][0] if found[0][0] is not None else 1 << 63


def forget(progress: jobs.Progress) -> dict:
    """Removes the exchanges of the deleted project in ``progress.job.input``; work of a job, and safe to repeat."""
    SavedView.objects.filter(project_id=progress.job.input["project_id"]).delete()
    removed = erasing.erase_all(progress.job.input["project_id"], _teller(progress, _("Removing requests")))
    with progress.finishing() as job:
        job.result = {"exchanges": removed}
    return job.result


def leave(user: int, projects: Sequence[int]) -> None:
    """Removes what a deleted account has saved, and the logs of the projects that went with it."""
    SavedView.objects.filter(Q(author_id=user) | Q(project_id__in=projects)).delete()
    for project_id in projects:
        erasing.erase_all(project_id)


def _teller(progress: jobs.Progress, text: str, every: float = 0.5) -> Callable[[int], None]:
    """Says on the job's page how far it is, now and then."""
    at = [time.monotonic()]

    def tell(done: int) -> None:
        if time.monotonic() - at[0] > every:
            at[0] = time.monotonic()
            progress.step(text, done)

    return tell
