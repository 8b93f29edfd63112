"""Importing again: the newer document in, the plan of what it changes, and what was ticked of it carried out."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from actionstudio.apps.library import forecasting, reimporting, sources
from actionstudio.apps.library.forms import ReimportForm
from actionstudio.apps.projects import access, jobs
from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Refused
from actionstudio.core.reimport import Item, Plan
from actionstudio.core.sidebyside import Fold, Line, fold, side_by_side
from actionstudio.core.specs import openapi

PREFILLED = 1_000_000  # bytes of a failed import's text that come back into the paste box
ROWS = 2_000  # rows of all differences on one page; the others open one at a time
ROWS_OF_ONE = 1_000
CHOICE = 2_000  # characters of each side of a choice
GROUPS = (("added", lazy("Added")), ("changed", lazy("Changed")), ("removed", lazy("Removed")))


@dataclass
class Chosen:
    """A thing changed on both sides, as the page shows it."""

    id: str
    label: str
    ours: str
    theirs: str
    ticked: bool


@dataclass
class Row:
    """One item of the plan on the page. ``lines`` are its difference, unless it is too long to stand there unasked."""

    item: Item
    number: int
    ticked: bool
    choices: list[Chosen]
    lines: list[Line | Fold] = field(default_factory=list)
    cut: int = 0
    opened: bool = False


@login_required
def reimport(request, slug: str):
    """Where the newer document is given: pasted, as a link, as a file, or fetched again."""
    project = access.changeable(request, slug)
    source = sources.of(project)
    known = source.url if source else ""
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ReimportForm(*sent, initial={"source": _failed_before(request, project) or known})
    again = request.POST.get("deed") == "fetch" and known
    if again or form.is_valid():
        try:
            given = {"url": known} if again else form.given()
            job = reimporting.begin(project, request.user, **given)
            return htmx.redirect(reverse("library:reimport-plan", args=[project.slug, job.pk]))
        except Refused as refused:
            form.add_problems(refused)
    context = {"nav": "document", "project": project, "form": form, "source": source}
    return htmx.page(request, "library/reimport.html", context, status=422 if form.errors else 200)


def _failed_before(request, project: Project) -> str:
    """What was given to the failed import that ``?again=<job>`` names."""
    try:
        wanted = uuid.UUID(request.GET.get("again", ""))
    except ValueError:
        return ""
    job = _imports(request, project).filter(pk=wanted).first()
    return (job.input["url"] or bytes(job.payload or b"")[:PREFILLED].decode(errors="replace")) if job else ""


def _imports(request, project: Project):
    return Job.objects.filter(owner=request.user, project=project, kind=reimporting.KIND)


@login_required
def reimport_plan(request, slug: str, job_id):
    """Progress while the document is read; then what it would change, to be ticked; nothing is changed before."""
    project = access.changeable(request, slug)
    job = get_object_or_404(_imports(request, project), pk=job_id)
    arrival = reimporting.arrived(job) if job.state == Job.State.DONE else None
    if arrival and request.method == "POST" and "forecast" in request.POST and htmx.wants_part(request):
        return _plan_page(request, project, job, arrival, part="forecast")
    if request.method == "POST" and arrival and "show" not in request.POST and "forecast" not in request.POST:
        return _taken(request, project, job, arrival)
    context = {"nav": "document", "project": project, "job": job, "steps": reimporting.STEPS}
    if arrival is None:
        return htmx.page(request, "library/reimport_job.html", context, part="state")
    if htmx.wants_part(request):  # the page that waited goes on to the plan
        return htmx.redirect(request.path)
    return _plan_page(request, project, job, arrival)


def _taken(request, project: Project, job: Job, arrival: reimporting.Arrival):
    """Carries the plan out as far as it was ticked."""
    accept, against = request.POST.getlist("accept"), request.POST.get("against", "")
    if not accept:
        return _plan_page(request, project, job, arrival, error=_("Tick what is to be taken over."))
    try:
        number = int(against) if against.isdecimal() and len(against) < 10 else 0
        revision = reimporting.take(project, arrival, accept, by=request.user, against=number)
    except reimporting.Stale:
        message = _("The project was changed since this plan was made. Here is the new one: look at it, then apply it.")
        return _plan_page(request, project, job, arrival, error=message, status=409)
    except Refused as refused:
        return _plan_page(request, project, job, arrival, error=" ".join(str(p.message) for p in refused.problems))
    reimporting.close(job, revision)
    if revision is None:
        return htmx.redirect(reverse("library:overview", args=[project.slug]), _("Nothing differs now."), "info")
    message = _("Imported again, live as v%(n)s.") % {"n": revision.number}
    verdict = forecasting.said(project)
    if verdict.outcome == "silent":
        return htmx.redirect(reverse("release:versions", args=[project.slug]), message)
    return htmx.redirect(reverse("gpt:import", args=[project.slug]), f"{message} {told(verdict.sentence)}", "warn")


def _plan_page(
    request,
    project: Project,
    job: Job,
    arrival: reimporting.Arrival,
    error: str = "",
    status: int = 422,
    part: str | None = None,
):
    accepted = set(request.POST.getlist("accept")) if request.method == "POST" else None
    found, number = reimporting.planned(project, arrival, accepted)
    rows = _rows(found, accepted, request.POST.get("show", ""))
    groups = [_group(kind, title, [row for row in rows if row.item.kind == kind]) for kind, title in GROUPS]
    context = {
        "nav": "document",
        "project": project,
        "job": job,
        "arrival": arrival,
        "plan": found,
        "groups": [group for group in groups if group[2]],
        "against": number,
        "error": error,
        "summary": _summary(found),
        "forecast": forecasting.forecast(project, found),
    }
    return htmx.page(request, "library/reimport_plan.html", context, part=part, status=status if error else 200)


def _group(kind: str, title: str, rows: list[Row]) -> tuple[str, str, list[Row], int]:
    """The items of one kind, and how many of them break callers of today."""
    return kind, title, rows, sum(row.item.breaking for row in rows)


def _summary(found: Plan) -> list[str]:
    """The plan in a few words."""
    said = []
    for kind, title in GROUPS:
        if count := sum(item.kind == kind for item in found.items):
            said.append(f"{count} {str(title).lower()}")
    if found.breaking:
        said.append(ngettext("%(n)s breaks callers", "%(n)s break callers", found.breaking) % {"n": found.breaking})
    return said


def _rows(found: Plan, accepted: set[str] | None, shown: str) -> list[Row]:
    rows, left = [], ROWS
    for number, item in enumerate(found.items, 1):
        ticked = item.suggested if accepted is None else item.id in accepted
        choices = [
            Chosen(one.id, one.label, _text(one.ours), _text(one.theirs), one.id in (accepted or ()))
            for one in item.choices
        ]
        row = Row(item, number, ticked, choices, opened=item.id == shown)
        lines = _lines(item) if left > 0 or item.id == shown else []
        if len(lines) <= left or item.id == shown:
            row.lines, row.cut = lines[:ROWS_OF_ONE], max(0, len(lines) - ROWS_OF_ONE)
        left -= len(lines)
        rows.append(row)
    return rows


def _text(value: Any) -> str:
    """One side of a choice for reading."""
    if value is None:
        return _("nothing")
    text = value if isinstance(value, str) else openapi.to_json(value).decode()
    return text if len(text) <= CHOICE else f"{text[:CHOICE]} …"


def _lines(item: Item) -> list[Line | Fold]:
    """The item's two versions as YAML, side by side."""
    before, after = ("" if side is None else openapi.to_yaml(side) for side in (item.before, item.after))
    return fold(side_by_side(before, after))


@login_required
@require_POST
def reimport_cancel(request, slug: str, job_id):
    """Stops the reading; nothing of it stays."""
    project = access.changeable(request, slug)
    job = get_object_or_404(_imports(request, project), pk=job_id)
    jobs.cancel(job)
    return htmx.redirect(reverse("library:reimport-plan", args=[project.slug, job.pk]))
