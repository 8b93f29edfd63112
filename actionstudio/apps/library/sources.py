"""What a project was imported from: remembered at each import, asked for at the next."""

import hashlib

from django.utils import timezone

from actionstudio.apps.library.models import Source
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.core.contract import Contract


def remember(project: Project, value: Contract, *, url: str = "", filename: str = "", format: str = "") -> Source:
    """Keeps that ``value``, as it was read, is what the newest revision was imported from."""
    content = Revision.freeze(value)
    fields = {
        "url": url[:2000],
        "filename": filename[:200],
        "format": format[:80],
        "fetched": timezone.now(),
        "digest": hashlib.sha256(content).hexdigest(),
        "revision": project.revisions.defer("content").first(),
        "content": content,
    }
    return Source.objects.update_or_create(project=project, defaults=fields)[0]


def of(project: Project) -> Source | None:
    """The project's source without what it said; None when it was made here."""
    return (
        Source.objects.filter(project=project).defer("content", "revision__content").select_related("revision").first()
    )


def base_contract(project: Project) -> Contract | None:
    """What the document said when it was imported last; None when the project was made here."""
    found = Source.objects.filter(project=project).first()
    return found.contract() if found else None
