"""The page of what the log holds: how much, how long, what is hidden, and how it goes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from actionstudio.apps.projects import access, jobs
from actionstudio.apps.traffic import pruning, storing
from actionstudio.apps.traffic.filters import write_time
from actionstudio.apps.traffic.keeping import archiving, changing, deleting, previewing, rehiding, selections
from actionstudio.apps.traffic.keeping.forms import KeepingForm, RulesFormSet
from actionstudio.apps.traffic.models import SHIFT, Exchange
from actionstudio.apps.web import htmx
from actionstudio.core.hiding import Masks
from actionstudio.core.problem import Refused

JOBS = 5
ASKED = ("q", "before", "user")  # the selections that people type


@login_required
def data(request, slug: str):
    """Shows and changes it; ``deed`` says which part of the page was sent. htmx asks for part ``jobs``."""
    project = access.changeable(request, slug) if request.method == "POST" else access.viewable(request, slug)
    deed = DEEDS.get(request.POST.get("deed", "")) if request.method == "POST" else None
    return deed(request, project) if deed else _page(request, project, part="jobs")


def _keep(request, project):
    form = KeepingForm(request.POST, project=project)
    if form.is_valid():
        changing.keep(project, **form.values())
        return _back(project, _("Saved. What is too old or too much goes with the next daily clean-up."))
    return _page(request, project, keeping=form)


def _prune(request, project):
    end = pruning.cutoff(project.pk, pruning.bounds(project))
    if not end or pruning.oldest(project.pk) >= end:
        return _back(project, _("Nothing is too old or too much."), "info")
    at = write_time((end >> SHIFT) + 1)
    return _started(request, project, {"before": at})


def _hide(request, project):
    rules = RulesFormSet.of(changing.of(project), request.POST)
    if not rules.is_valid():
        return _page(request, project, rules=rules)
    if "preview" in request.POST:
        wanted = Masks.of(map(str.lower, project.masks), rules.value(), project.keep_bodies, project.bodyless)
        return _page(request, project, rules=rules, preview=previewing.preview(project, wanted))
    changing.hide(project, rules.value())
    return _back(project, _("Saved. The rules hold for every call from now on."), at="rules")


def _rehide(request, project):
    try:
        rehiding.start(project, by=request.user)
    except Refused as refused:
        return _back(project, refused.problems[0].message, "warn")
    return _back(project, _("Begun. You can leave this page; the work goes on."), at="jobs")


DEEDS = {"keep": _keep, "prune": _prune, "hide": _hide, "rehide": _rehide}


@login_required
def delete(request, slug: str):
    """Tells what a deletion would take along and what stays; sent, it begins."""
    project = access.changeable(request, slug)
    sent = request.POST if request.method == "POST" else request.GET
    try:
        wanted = selections.read({**sent.dict(), "pick": sent.getlist("pick")})
        if request.method == "POST" and sent.get("sure"):
            return _started(request, project, wanted)
        outlook = deleting.outlook(project, wanted)
    except Refused as refused:
        context = {"project": project, "nav": "data", "problems": refused.problems, **_asked(sent)}
        return htmx.page(request, "traffic/data_delete.html", context, status=422)
    kind, value = next(iter(wanted.items()))
    context = {
        "project": project,
        "nav": "data",
        "outlook": outlook,
        "number": deleting.words(outlook.number, outlook.more),
        "kind": kind,
        "values": value if isinstance(value, list) else [value],
        "sure": request.method == "POST",
        **_asked(sent),
    }
    return htmx.page(request, "traffic/data_delete.html", context)


def _asked(sent) -> dict:
    """The field that was filled in, to be filled in otherwise; that of the filter for those that none asks for."""
    ask = next((name for name in ASKED if sent.get(name)), ASKED[0])
    return {"ask": ask, "value": sent.get(ask, "")}


@login_required
@require_safe
def user(request, slug: str):
    """All that the log has of one user of ChatGPT (``user``), as a file."""
    project = access.viewable(request, slug)
    try:
        body = archiving.of_user(project, request.GET.get("user", "").strip().replace("\0", ""))
    except Refused as refused:
        return _page(request, project, person=refused.problems)
    name = f'attachment; filename="{project.slug}-user.zip"'
    return StreamingHttpResponse(body, content_type="application/zip", headers={"Content-Disposition": name})


@login_required
@require_POST
def cancel(request, slug: str, job_id):
    """Stops a job; what it has done is done."""
    project = access.changeable(request, slug)
    jobs.cancel(get_object_or_404(deleting.of(project), pk=job_id))
    return _back(project, _("It stops. What is done already stays so."), at="jobs")


def _started(request, project, wanted):
    try:
        deleting.start(project, wanted, by=request.user)
    except Refused as refused:
        return _back(project, refused.problems[0].message, "warn")
    return _back(project, _("Begun. You can leave this page; the work goes on."), at="jobs")


def _back(project, message: str, kind: str = "ok", at: str = ""):
    url = reverse("traffic:data", args=[project.slug])
    return htmx.redirect(f"{url}#{at}" if at else url, message, kind)


def _page(request, project, part: str = "", keeping=None, rules=None, preview=None, person=()):
    found = [_about(job) for job in deleting.of(project)[:JOBS]]
    if part and htmx.wants_part(request) and not found:
        return HttpResponse(status=204)
    keeping = keeping or KeepingForm(project=project)
    rules = rules or RulesFormSet.of(changing.of(project))
    wrong = (keeping.is_bound and not keeping.is_valid()) or (rules.is_bound and not rules.is_valid())
    wrong = wrong or bool(person)
    bounds = pruning.bounds(project)
    oldest = pruning.oldest(project.pk)
    context = {
        "project": project,
        "nav": "data",
        "amount": storing.amount(project.pk),
        "oldest": Exchange(pk=oldest).at if oldest < 1 << 63 else None,
        "bounds": bounds,
        "usual": pruning.bounds(None),
        "keeping": keeping,
        "rules": rules,
        "names": len(project.masks),
        "preview": preview,
        "previewed": _hits(preview) if preview else "",
        "jobs": found,
        "busy": any(not job["job"].over for job in found),
        "wrong": wrong,
        "person": person,
        "named": request.GET.get("user", ""),
    }
    return htmx.page(request, "traffic/data.html", context, part=part or None, status=422 if wrong else 200)


def _hits(preview: previewing.Preview) -> str:
    values = {"n": preview.hit, "all": preview.looked}
    return (
        ngettext(
            "%(n)s of the newest %(all)s requests would change.",
            "%(n)s of the newest %(all)s requests would change.",
            preview.hit,
        )
        % values
    )


def _about(job) -> dict:
    """A job and its name."""
    hides = job.kind.startswith(rehiding.__name__)
    return {"job": job, "hides": hides, "name": _("Hiding in the past") if hides else _("Deleting requests")}
