"""Whoever wants to know that a project has a new revision, without the editor knowing them: told once it is kept."""

import logging
from collections.abc import Callable

from django.db import transaction

from actionstudio.apps.projects.models import Project

log = logging.getLogger(__name__)
_FOLLOWERS: dict[str, Callable[[Project], object]] = {}


def follow(name: str, work: Callable[[Project], object]) -> None:
    """Calls ``work`` with a project whenever a revision of it was made. It must be short: it may start a job."""
    _FOLLOWERS[name] = work


def tell(project: Project) -> None:
    """Call inside the transaction that makes a revision. A follower that fails takes nothing back."""
    for name, work in _FOLLOWERS.items():
        transaction.on_commit(lambda name=name, work=work: _told(name, work, project))


def _told(name: str, work: Callable[[Project], object], project: Project) -> None:
    try:
        work(project)
    except Exception:
        log.exception("%s failed after a revision of project %s", name, project.pk)
