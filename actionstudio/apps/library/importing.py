"""Makes a project of a document: at once when it is small, as a job when it is large or must be fetched."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from actionstudio.apps.library import bundle, creating, detecting, sources
from actionstudio.apps.projects import jobs, naming
from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Problem
from actionstudio.core.specs import text
from actionstudio.core.specs.readers import openapi
from actionstudio.runtime import outbound
from actionstudio.runtime.parsing import parse_safely

SMALL = 200_000  # bytes that are imported while the person waits
LARGEST = text.LARGEST
STEPS = 4
SHOWN = 200  # problems that a report keeps


def begin(owner, *, data: bytes = b"", url: str = "", name: str = "", slug: str = "") -> Job:
    """Imports a document given as text or as a link. The job returned may be over already.

    Raises Refused for what can be seen at once: nothing was created then, and there is no job.
    """
    if slug:
        naming.checked_slug(slug)
    if len(data) > LARGEST:
        raise detecting.refused(_("The document is larger than 10 MB."), "size")
    wishes = {"url": url, "name": name, "slug": slug}
    if url or len(data) > SMALL:
        return jobs.start(work, owner=owner, input=wishes, payload=data or None, total=STEPS)
    project, report = create(owner, read(data), wishes)
    return Job.objects.create(
        owner=owner, kind=f"{__name__}.work", state=Job.State.DONE, project=project, input=wishes, result=report
    )


def work(progress: jobs.Progress) -> dict | None:
    """The import as a background job."""
    wishes = progress.job.input
    data = bytes(progress.job.payload or b"")
    if wishes["url"]:
        progress.step(_("Fetching the document"), 0, STEPS)
        data = fetched(wishes["url"])
    progress.step(_("Reading the text"), 1, STEPS)
    document = parsed(data)
    progress.step(_("Understanding the document"), 2, STEPS)
    found = understood(document)
    progress.step(_("Creating the project"), 3, STEPS)
    with progress.finishing() as job:
        job.project, job.result = create(job.owner, found, wishes)
        job.total = STEPS
    return None


def read(data: bytes) -> tuple[bundle.Bundle, dict]:
    """A document's bytes as what a project is made of, and the report. Raises Refused."""
    return understood(parsed(data))


def fetched(url: str) -> bytes:
    """The bytes behind a link. Raises Refused with the reason."""
    try:
        answer = outbound.fetch(
            "GET",
            url,
            (("accept", "application/json, application/yaml, text/yaml, */*;q=0.5"),),
            max_bytes=LARGEST,
            allow_private=settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS,
        )
    except outbound.OutboundRefused as error:
        raise detecting.refused(_("The link could not be fetched: %(why)s") % {"why": error}, "fetch") from error
    if answer.status != 200:
        message = _("The server answered %(status)s instead of the document.") % {"status": answer.status}
        raise detecting.refused(message, "fetch")
    return answer.body


def parsed(data: bytes) -> Any:
    """Text as a document; a project file stays bytes. Raises Refused with line numbers."""
    if bundle.looks_like(data):
        return data
    detecting.refuse_text(data[:1000].decode(errors="replace"))
    return parse_safely(data)


def understood(document: Any) -> tuple[bundle.Bundle, dict]:
    """A parsed document as what a project is made of, and the report."""
    if isinstance(document, bytes):
        found = bundle.unpack(document)
        count = len(found.contract.operations)
        return found, _report(_("Action Studio project"), count, count, ())
    detecting.refuse_document(document)
    report = openapi.read(document)
    details = _report(report.format, report.operations_in, report.operations_kept, report.problems)
    return bundle.Bundle(report.contract), details


def create(owner, found: tuple[bundle.Bundle, dict], wishes: dict) -> tuple[Project, dict]:
    parts, report = found
    with transaction.atomic():
        project = creating.create(
            owner,
            parts.contract,
            name=wishes["name"] or parts.name,
            slug=wishes["slug"] or (naming.free_slug(parts.slug) if parts.slug else ""),
            description=parts.description,
            masks=parts.masks,
            logo=parts.logo,
            note=_("Imported from %(what)s") % {"what": wishes["url"][:120] or report["format"]},
        )
        sources.remember(project, parts.contract, url=wishes["url"], format=report["format"])
    return project, report


def _report(format: str, operations_in: int, operations_kept: int, problems: tuple[Problem, ...]) -> dict:
    return {
        "format": format,
        "operations_in": operations_in,
        "operations_kept": operations_kept,
        "problems": [{"pointer": p.pointer, "message": told(p.message), "code": p.code} for p in problems[:SHOWN]],
        "problems_count": len(problems),
    }
