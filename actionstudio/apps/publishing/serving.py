"""Tells the data plane that what a project's addresses serve has changed."""

from django.db import transaction
from django.db.models import F

from actionstudio.apps.projects.models import Project
from actionstudio.runtime.registry import announce


def changed(project: Project) -> None:
    """Call inside the transaction that changes a revision, pin, key, logo or mask.

    Other workers see it within FRESH; this process serves it at once after commit.
    """
    project.addresses.update(version=F("version") + 1)
    names = list(project.addresses.values_list("name", flat=True))
    transaction.on_commit(lambda: announce(names))
