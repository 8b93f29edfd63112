"""New projects, the report of an import, the overview, and files out."""

import dataclasses
import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from actionstudio.apps.design import inspecting, newest
from actionstudio.apps.design.placing import places_to_mend
from actionstudio.apps.library import creating, detecting, exporting, importing, overview, starters, steps
from actionstudio.apps.library.forms import NewProjectForm
from actionstudio.apps.projects import access, jobs
from actionstudio.apps.projects.models import Job
from actionstudio.apps.web import htmx
from actionstudio.core import limits
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Refused

TYPED = ("source", "format", "name", "slug")  # what comes back from the page that only checks
PREFILLED = 1_000_000  # bytes of a failed import's text that come back into the paste box


@login_required
def new(request):
    """Paste, upload, link or example: the ways to a new project. With ``back`` in the post, what was typed so far."""
    if "back" in request.POST:
        return _page(request, NewProjectForm(initial={name: request.POST.get(name, "") for name in TYPED}))
    again = _failed_before(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = NewProjectForm(*sent, initial=again)
    if form.is_valid():
        try:
            return _begin(request, form)
        except Refused as refused:
            form.add_problems(refused)
    return _page(request, form)


def _page(request, form: NewProjectForm):
    context = {"nav": "projects", "form": form, "tiles": starters.tiles()}
    return htmx.page(request, "library/new.html", context, status=422 if form.errors else 200)


def _begin(request, form: NewProjectForm):
    """Starts what the form asks for and goes where it can be seen. Raises Refused."""
    key, wishes = request.POST.get("starter", ""), form.cleaned_data
    names = {"name": wishes["name"], "slug": wishes["slug"]}
    if key:
        project = creating.create(request.user, _starting_point(key, names["name"]), **names)
        return htmx.redirect(reverse("library:overview", args=[project.slug]), _("It is live."))
    data = form.data_given()
    url = "" if wishes["file"] else detecting.link(wishes["source"])
    if not url and not data.strip():
        detecting.refuse_text("")
    job = importing.begin(request.user, data=b"" if url else data, url=url, format=wishes["format"], **names)
    if job.state == Job.State.DONE and not _worth_a_look(job):
        return htmx.redirect(reverse("library:overview", args=[job.project.slug]), _("It is live."))
    return htmx.redirect(reverse("library:import", args=[job.pk]))


def _worth_a_look(job: Job) -> bool:
    """Whether the report of an import says more than that all is well: then it is shown first."""
    said = job.result
    expected = said["reader"] in (importing.PROJECT, "openapi")
    return bool(said["problems"]) or not expected or said["operations_kept"] > limits.OPERATIONS


def _choose_page(job: Job) -> str:
    """Where the operations for ChatGPT are chosen, when there are more than it takes; "" when there are not."""
    if job.project is None or job.result.get("operations_kept", 0) <= limits.OPERATIONS:
        return ""
    try:
        return reverse("gpt:choose", args=[job.project.slug])
    except NoReverseMatch:
        return ""


def _starting_point(key: str, name: str) -> Contract:
    try:
        value = starters.starter(key)
    except KeyError as error:
        raise detecting.refused(_("There is no such example.")) from error
    return dataclasses.replace(value, title=name) if name else value


def _failed_before(request) -> dict:
    """What was typed for the failed import that ``?again=<job>`` names."""
    try:
        wanted = uuid.UUID(request.GET.get("again", ""))
    except ValueError:
        return {}
    job = Job.objects.filter(owner=request.user, pk=wanted).first()
    if job is None or "name" not in job.input:
        return {}
    payload = bytes(job.payload or b"")[:PREFILLED].decode(errors="replace")
    fields = {name: job.input[name] for name in ("name", "slug", "format") if name in job.input}
    return {"source": job.input.get("url") or payload, **fields}


def _import_of(request, job_id) -> Job:
    """The user's own import of that id; other kinds of work have no page. Raises Http404."""
    job = get_object_or_404(Job.objects.select_related("project"), pk=job_id, owner=request.user)
    if "url" not in job.input or "reimport" in job.input:
        raise Http404(_("There is no such import."))
    return job


@login_required
def import_(request, job_id):
    """Progress of an import while it runs, then its report."""
    job = _import_of(request, job_id)
    context = {"nav": "projects", "job": job, "choose": _choose_page(job), "most": limits.OPERATIONS}
    return htmx.page(request, "library/import.html", context, part="state")


@login_required
@require_POST
def import_cancel(request, job_id):
    """Stops an import; nothing of it stays."""
    job = _import_of(request, job_id)
    jobs.cancel(job)
    return htmx.redirect(reverse("library:import", args=[job.pk]))


@login_required
def project_overview(request, slug: str):
    """Whether the project is ready, where it answers, and what came in lately."""
    project = access.viewable(request, slug)
    contract = newest.contract(project)
    places = overview.places(project)
    context = {
        "nav": "overview",
        "project": project,
        "contract": contract,
        "newest": project.revisions.values_list("number", flat=True).first() or 0,
        "places": places,
        "readiness": overview.readiness(contract, inspecting.findings(project), places_to_mend(project)),
        "unset": overview.unset(project, contract),
        "steps": steps.of(project, contract) if project.guided else None,
    }
    return htmx.page(request, "library/overview.html", context)


@login_required
@require_POST
def steps_leave(request, slug: str):
    """The first steps are not shown again."""
    project = access.changeable(request, slug)
    steps.leave(project)
    return htmx.redirect(reverse("library:overview", args=[project.slug]))


@login_required
@require_safe
def export(request, slug: str):
    """The project as a file: ``?as=`` a key of exporting.FORMATS, "bundle" when not said."""
    project = access.viewable(request, slug)
    wanted = request.GET.get("as", "bundle")
    if wanted not in exporting.FORMATS:
        raise Http404(_("There is no such format."))
    try:
        file = exporting.export(project, wanted, request.GET.get("strict", ""))
    except Refused as refused:
        raise Http404(refused) from refused
    return HttpResponse(
        file.content,
        content_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )
