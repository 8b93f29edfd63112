"""Deletes a project with everything that belongs to it, also what lives in other databases.

Apps after this one register with :func:`also` the work that removes their part; it runs as a job afterwards, with the
project's former id in ``job.input``, because a log of a million rows takes longer than a request.
"""

from collections.abc import Callable

from django.db import transaction

from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Project
from actionstudio.runtime.registry import announce

_ALSO: list[Callable[[jobs.Progress], dict | None]] = []


def also(work: Callable[[jobs.Progress], dict | None]) -> Callable[[jobs.Progress], dict | None]:
    """Marks a job's work as a part of every deletion."""
    if work not in _ALSO:
        _ALSO.append(work)
    return work


def delete(project: Project, by) -> None:
    """Removes the project; its addresses stop answering at once."""
    names = list(project.addresses.values_list("name", flat=True))
    former = {"project_id": project.pk, "name": project.name}
    with transaction.atomic():
        project.delete()
        for work in _ALSO:
            jobs.start(work, owner=by, queue="bulk", input=former)
        transaction.on_commit(lambda: announce(names))
