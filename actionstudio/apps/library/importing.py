"""Makes a project of anything that is read: at once when it is small, as a job when it is large or must be fetched."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actionstudio.apps.library import bundle, creating, detecting, findings, sources
from actionstudio.apps.projects import jobs, naming
from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.publishing.reach import private_allowed
from actionstudio.apps.publishing.source import is_ours
from actionstudio.apps.web.telling import told
from actionstudio.core.specs import text
from actionstudio.core.specs.readers import READERS, Report, Wanted
from actionstudio.core.specs.readers import auth as declared
from actionstudio.runtime import outbound
from actionstudio.runtime.parsing import parse_safely

SMALL = 200_000  # bytes that are imported while the person waits
LARGEST = text.LARGEST
STEPS = 4
SECONDS = 20  # for a document behind a link
PROJECT = "project"  # the format of our own files
ACCEPTED = (("accept", "application/json, application/yaml, text/yaml, */*;q=0.5"),)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text that was read: what it says, and the key of the reader that knows it (PROJECT: a file of ours)."""

    document: Any
    format: str

    @property
    def names_another(self) -> bool:
        """Whether it is only the way to a document that must be fetched."""
        return self.format == "ai-plugin"


def begin(
    owner, *, data: bytes = b"", url: str = "", format: str = detecting.AUTO, name: str = "", slug: str = ""
) -> Job:
    """Imports something given as text or as a link. The job returned may be over already.

    Raises Refused for what can be seen at once: nothing was created then, and there is no job.
    """
    if slug:
        naming.checked_slug(slug)
    if len(data) > LARGEST:
        raise detecting.refused(_("The document is larger than 10 MB."), "size")
    wishes = {"url": url, "format": format, "name": name, "slug": slug}
    if url or len(data) > SMALL:
        return jobs.start(work, owner=owner, input=wishes, payload=data or None, total=STEPS)
    found = parsed(data, format)
    if found.names_another:
        _first(found)  # what is wrong with it can be said at once
        return jobs.start(work, owner=owner, input=wishes, payload=data, total=STEPS + 1)
    project, report = create(owner, understood(found), wishes)
    return Job.objects.create(
        owner=owner, kind=f"{__name__}.work", state=Job.State.DONE, project=project, input=wishes, result=report
    )


def work(progress: jobs.Progress) -> dict | None:
    """The import as a background job."""
    wishes = progress.job.input
    data, origin = bytes(progress.job.payload or b""), ""
    if wishes["url"]:
        progress.step(_("Fetching the document"), 0, STEPS)
        data, origin = opened(wishes["url"])
    progress.step(_("Reading the text"), 1, STEPS)
    found = parsed(data, wishes.get("format", detecting.AUTO))
    progress.step(_("Understanding the %(what)s") % {"what": title(found)}, 2, STEPS)

    total = STEPS + found.names_another
    made = understood(found, origin, lambda: progress.step(_("Fetching the document that it names"), 3, total))
    progress.step(_("Creating the project"), total - 1, total)
    with progress.finishing() as job:
        job.project, job.result = create(job.owner, made, wishes)
    return None


def read(data: bytes, format: str = detecting.AUTO, origin: str = "") -> tuple[bundle.Bundle, dict]:
    """A document's bytes as what a project is made of, and the report. ``origin`` is the address they came from: a
    manifest may name its document relative to it. Raises Refused."""
    return understood(parsed(data, format), origin)


def read_document(data: bytes) -> tuple[bundle.Bundle, dict]:
    """The same for those who may fetch nothing: the document that a manifest names is not read. Raises Refused."""
    found = parsed(data)
    first = _first(found) if found.names_another else None
    if isinstance(first, Wanted):
        message = _("This is a plugin manifest. Check the document it names instead: %(url)s") % {"url": first.url}
        raise detecting.refused(message)
    return understood(found)


def read_from(url: str, format: str = detecting.AUTO) -> tuple[bundle.Bundle, dict]:
    """The same for what is behind a link."""
    data, origin = opened(url)
    return read(data, format, origin)


def fetched(url: str) -> bytes:
    """The bytes behind a link. Raises Refused with the reason."""
    return opened(url)[0]


def opened(url: str) -> tuple[bytes, str]:
    """The bytes behind a link, and the address where they were found in the end. Raises Refused with the reason."""
    try:
        answer = outbound.fetch(
            "GET",
            url,
            ACCEPTED,
            timeout=SECONDS,
            max_bytes=LARGEST,
            allow_private=private_allowed(),
        )
    except outbound.OutboundRefused as error:
        raise detecting.refused(_("The link could not be fetched: %(why)s") % {"why": error}, "fetch") from error
    if answer.status != 200:
        message = _("The server answered %(status)s instead of the document.") % {"status": answer.status}
        raise detecting.refused(message, "fetch")
    return answer.body, answer.url


def parsed(data: bytes, format: str = detecting.AUTO) -> Parsed:
    """Text as a document; a project file and curl commands stay what they are. Raises Refused with line numbers."""
    if bundle.looks_like(data):
        return Parsed(data, PROJECT)
    start = data[:4000].decode(errors="replace")
    detecting.refuse_text(start)
    if detecting.is_text_format(start, format):
        return Parsed(text.decode(data), format if format != detecting.AUTO else "curl")
    document = parse_safely(data)
    return Parsed(document, format if format != detecting.AUTO else detecting.recognised(document, start))


def title(found: Parsed) -> str:
    """What was recognised, in words."""
    return title_of(found.format)


def title_of(format: str) -> str:
    """What the reader of that key reads, in words."""
    return _("Action Studio project") if format == PROJECT else told(READERS[format].name)


def understood(
    found: Parsed, origin: str = "", further: Callable[[], None] = lambda: None
) -> tuple[bundle.Bundle, dict]:
    """What was read as what a project is made of, and the report.

    What names another document gets it fetched, once; ``further`` is called before. Raises Refused.
    """
    if found.format == PROJECT:
        parts = bundle.unpack(found.document)
        count = len(parts.contract.operations)
        return parts, findings.report(PROJECT, title(found), count, count)
    read = _first(found, origin)
    if isinstance(read, Wanted):
        further()
        read = read.then(_named(read))
    counts = (read.operations_in, read.operations_kept)
    contract = declared.settled(read.contract, is_ours)
    problems = read.problems
    if contract is not read.contract:  # people sign in here already: nothing is to be chosen
        problems = tuple(one for one in problems if (one.pointer, one.code) != ("/auth", "auth"))
    about = findings.report(found.format, told(read.format), *counts, problems, read.secrets)
    return bundle.Bundle(contract), about


def _first(found: Parsed, origin: str = "") -> Report | Wanted | None:
    """What the reader says at first sight; None for a project file."""
    return READERS[found.format].read(found.document, origin) if found.format != PROJECT else None


def _named(wanted: Wanted) -> Report:
    """The document that something names, fetched and read. It must be one that needs no further one."""
    data, origin = opened(wanted.url)
    inner = parsed(data)
    report = _first(inner, origin) if inner.format in ("openapi", "swagger2") else None
    if not isinstance(report, Report):
        message = _("What it names as its document is none: %(url)s is a %(what)s.")
        raise detecting.refused(message % {"url": wanted.url[:200], "what": title(inner)}, "no-document")
    return report


def create(owner, found: tuple[bundle.Bundle, dict], wishes: dict) -> tuple[Project, dict]:
    """The project of what was read. Raises Refused; nothing is created then."""
    parts, report = found
    with transaction.atomic():
        project = creating.create(
            owner,
            parts.contract,
            name=wishes["name"] or parts.name,
            slug=wishes["slug"] or (naming.free_slug(parts.slug) if parts.slug else ""),
            description=parts.description,
            masks=parts.masks,
            keeping=parts.keeping,
            logo=parts.logo,
            parts=parts.carried,
            note=wishes.get("note") or _("Imported from %(what)s") % {"what": wishes["url"][:120] or report["format"]},
        )
        sources.remember(project, parts.contract, url=wishes["url"], format=report["format"])
    return project, report
