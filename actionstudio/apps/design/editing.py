"""The one door through which the working copy changes: rows and a new revision, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.design import load, store
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import following, serving
from actionstudio.apps.publishing.models import Revision
from actionstudio.core.changes import changes
from actionstudio.core.contract import Contract


@dataclass
class Edit:
    """What an ``editing`` block holds: afterwards ``revision`` is the new one, or None when nothing differed."""

    project: Project
    note: str = ""
    revision: Revision | None = None


@contextmanager
def editing(project: Project, by=None, note: str = "") -> Iterator[Edit]:
    """Change rows of ``project`` inside this block; a new revision is frozen and served when the block ends.

    One at a time per project (the project's row is locked). An exception inside changes nothing.
    """
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        edit = Edit(project, note)
        yield edit
        edit.revision = _freeze(project, by, edit.note)


def replace(project: Project, value: Contract, by=None, note: str = "") -> Revision | None:
    """Makes ``value`` the working copy as one revision (import, restore, repair)."""
    with editing(project, by, note) as edit:
        store.contract(project, value)
    return edit.revision


def restore(project: Project, number: int, by=None) -> Revision | None:
    """Makes an older revision the working copy again, as a new revision. Raises Revision.DoesNotExist."""
    old = project.revisions.get(number=number)
    return replace(project, old.contract(), by, note=_("Restored v%(n)s") % {"n": number})


def _freeze(project: Project, by, note: str) -> Revision | None:
    value = load.contract(project)
    last = project.revisions.first()
    differing = changes(last.contract(), value) if last else []
    if last and not differing:
        return None
    revision = Revision.objects.create(
        project=project,
        number=last.number + 1 if last else 1,
        author=by,
        note=note,
        changes=[{"kind": c.kind, "pointer": c.pointer, "label": c.label} for c in differing[:200]],
        content=Revision.freeze(value),
    )
    Project.objects.filter(pk=project.pk).update(updated=timezone.now())
    serving.changed(project)
    following.tell(project)
    return revision
