"""A newer document for a project: read into a job, shown as a plan, and what is accepted of it made one revision.

Between the two pages the document waits, read, in the job's ``result``; jobs are forgotten a week after they end.
"""

import base64
import dataclasses
import hashlib
import zlib
from collections.abc import Collection
from dataclasses import dataclass

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from actionstudio.apps.design import editing, load
from actionstudio.apps.library import bundle, creating, detecting, importing, sources
from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.core import codec
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.reimport import Plan, apply, echo, plan

STEPS = 3
KIND = f"{__name__}.work"
PARTIAL = ("curl", "har", "json-sample")


class Stale(Exception):
    """The project was changed since the plan was shown: it must be looked at again."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A newer document, read: what it says, and where it came from.

    ``reader`` is the key of its format, ``format`` that in words. ``logo`` is a project file's image.
    """

    contract: Contract
    url: str = ""
    filename: str = ""
    reader: str = ""
    format: str = ""
    logo: bytes = b""

    @property
    def partial(self) -> bool:
        """Whether it holds some calls only: what it does not mention is not gone."""
        return self.reader in PARTIAL


def begin(project: Project, by, *, data: bytes = b"", url: str = "", filename: str = "") -> Job:
    """Reads a document given as text or as a link; the job returned may be over already. Nothing is changed.

    Raises Refused for what can be seen at once; there is no job then.
    """
    if len(data) > importing.LARGEST:
        raise detecting.refused(_("The document is larger than 10 MB."), "size")
    wishes = {"reimport": True, "url": url, "filename": filename[:200]}
    found = None if url or len(data) > importing.SMALL else importing.parsed(data)
    if found is None or found.names_another:
        return jobs.start(work, owner=by, project=project, input=wishes, payload=data or None, total=STEPS)
    result = _kept(importing.understood(found))
    return Job.objects.create(
        owner=by, kind=KIND, state=Job.State.DONE, project=project, input=wishes, result=result, total=STEPS
    )


def work(progress: jobs.Progress) -> dict:
    """The reading as a background job."""
    wishes = progress.job.input
    data, origin = bytes(progress.job.payload or b""), ""
    if wishes["url"]:
        progress.step(_("Fetching the document"), 0, STEPS)
        data, origin = importing.opened(wishes["url"])
    progress.step(_("Reading the text"), 1, STEPS)
    document = importing.parsed(data)
    progress.step(_("Understanding the document"), 2, STEPS)
    return _kept(importing.understood(document, origin))


def _kept(found: tuple[bundle.Bundle, dict]) -> dict:
    """What the reader found as the job's result."""
    parts, report = found
    creating.check(parts.contract)
    content = base64.b64encode(Revision.freeze(parts.contract)).decode()
    return {"report": report, "content": content, "logo": base64.b64encode(parts.logo).decode()}


def arrived(job: Job) -> Arrival | None:
    """The document that a job has read; None when it was taken over already."""
    content = job.result.get("content")
    if not content:
        return None
    value = codec.load(orjson.loads(zlib.decompress(base64.b64decode(content))))
    parts = bundle.Bundle(value, logo=base64.b64decode(job.result["logo"]))
    return arrival((parts, job.result["report"]), url=job.input["url"], filename=job.input["filename"])


def arrival(found: tuple[bundle.Bundle, dict], *, url: str = "", filename: str = "") -> Arrival:
    """What a reader found as an arrival. Raises Refused for what no project can be."""
    parts, report = found
    creating.check(parts.contract)
    return Arrival(parts.contract, url, filename, report["reader"], report["format"], parts.logo)


def planned(project: Project, arrival: Arrival, accept: Collection[str] | None = None) -> tuple[Plan, int]:
    """What the document would change, and the number of the revision that this holds for.

    What comes of it holds for ``accept`` (None: all that loses no hand edit).
    """
    current, base = load.contract(project), sources.base_contract(project)
    return plan(current, _fitting(arrival, current, base), base, accept), newest(project)


def newest(project: Project) -> int:
    """The number of the newest revision."""
    return project.revisions.values_list("number", flat=True).first() or 0


def take(
    project: Project, arrival: Arrival, accept: Collection[str] | None, *, by, against: int | None = None
) -> Revision | None:
    """Makes what is accepted (None: all that loses no hand edit) one revision, and remembers the document.

    None when that changes nothing. ``against`` is the revision that the plan was made for. Raises Stale when there is
    a newer one, and Refused when an id is not in the plan; nothing is changed then.
    """
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        if against is not None and newest(project) != against:
            raise Stale
        current, base = load.contract(project), sources.base_contract(project)
        incoming = _fitting(arrival, current, base)
        _refuse_strangers(plan(current, incoming, base), accept)
        value = apply(current, incoming, accept, base)
        creating.check(value)
        if arrival.logo and value.logo != current.logo:
            creating.keep_logo(project, arrival.logo)
        note = _("Imported again from %(what)s") % {"what": (arrival.url or arrival.filename or arrival.format)[:120]}
        revision = editing.replace(project, value, by=by, note=note)
        _remember(project, arrival, incoming)
    return revision


def _remember(project: Project, arrival: Arrival, incoming: Contract) -> None:
    """A few calls do not become what the project comes from; what they said is remembered all the same."""
    known = sources.of(project) if arrival.partial else None
    origin = known or arrival
    about = {"url": origin.url, "filename": origin.filename, "format": origin.format}
    sources.remember(project, incoming, **about)


def close(job: Job, revision: Revision | None) -> None:
    """The plan of this job was carried out: its document is not needed any more."""
    job.result = {"report": job.result["report"], "revision": revision.number if revision else None}
    job.save(update_fields=["result"])


def _fitting(arrival: Arrival, current: Contract, base: Contract | None) -> Contract:
    """The document as one for this project: the rest around a few calls, and a logo that the project can have."""
    value = _around(base or echo(current), arrival.contract) if arrival.partial else arrival.contract
    kept = hashlib.sha256(arrival.logo).hexdigest() if arrival.logo else base.logo if base else current.logo
    return dataclasses.replace(value, logo=kept)


def _around(whole: Contract, part: Contract) -> Contract:
    """``whole`` with the operations and shared schemas of ``part`` in the place of those of the same name."""
    operations = {(op.method, op.path): op for op in (*whole.operations, *part.operations)}
    shared = {component.name: component for component in (*whole.components, *part.components)}
    return dataclasses.replace(whole, operations=tuple(operations.values()), components=tuple(shared.values()))


def _refuse_strangers(found: Plan, accept: Collection[str] | None) -> None:
    strange = [key for key in accept or () if key not in found.ids]
    if strange:
        message = _("There is no “%(id)s” in the plan.")
        raise Refused(*(Problem("/accept", message % {"id": key[:200]}, "unknown-item") for key in strange[:20]))
