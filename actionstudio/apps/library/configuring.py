"""Changes a project's settings: each through the one door of the contract, or announced when it is not in it."""

from django.db import transaction
from django.utils.translation import gettext as _

from actionstudio.apps.design.editing import editing
from actionstudio.apps.design.models import Document
from actionstudio.apps.library import creating
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import serving
from actionstudio.apps.publishing.models import Revision


def change_document(project: Project, by, note: str = "", **columns) -> Revision | None:
    """Sets columns of the document as one revision; None when nothing differed."""
    with editing(project, by, note) as edit:
        Document.objects.filter(project=project).update(**columns)
    return edit.revision


def rename(project: Project, name: str, description: str) -> None:
    """The name and the sentence under it; its addresses stay."""
    Project.objects.filter(pk=project.pk).update(name=name, description=description)


def change_masks(project: Project, masks: list[str]) -> None:
    """What the log hides from now on."""
    with transaction.atomic():
        Project.objects.filter(pk=project.pk).update(masks=masks)
        serving.changed(project)


def change_logo(project: Project, png: bytes, by) -> Revision | None:
    """Keeps a checked image (b"" takes it away) as one revision."""
    with transaction.atomic():
        digest = creating.keep_logo(project, png) if png else ""
        return change_document(project, by, _("New logo") if png else _("Logo removed"), logo=digest)
