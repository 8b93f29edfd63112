"""The review of a provider: which run's, whether the builder may test it, and what was found."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actionstudio.apps.oauth import limiting
from actionstudio.apps.projects import access
from actionstudio.apps.signin import picturing, reviewing, runs
from actionstudio.apps.web import htmx

MOST, WINDOW = 10, 600  # reviews of a project within so many seconds: strangers' servers are not to be hammered


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request, slug: str):
    """The page. A post starts a review of the provider of ``run``, when ``mine`` says that it may be tested."""
    project = access.changeable(request, slug)
    errors = {}
    if request.method == "POST":
        found = runs.of(project, request.POST.get("run", ""))
        if found is None or not reviewing.usable(found):
            errors["run"] = _("Choose a run that still knows its provider, or begin a new one.")
        elif (busy := reviewing.newest(project)) and not busy.over:
            errors["run"] = _("A check is going on. Begin the next one when it is over.")
        if not request.POST.get("mine"):
            errors["mine"] = _("Only a server that is yours, or that you were allowed to test, may be tried.")
        if not errors and (wait := limiting.allowed(f"review:{project.pk}", MOST, WINDOW)):
            errors["run"] = _("That was often enough for now: try again in %(n)s seconds.") % {"n": wait}
        if not errors:
            reviewing.begin(found, request.user)
            return htmx.redirect(reverse("signin:review", args=[slug]))
    context = {
        "nav": "emulator",
        "project": project,
        "runs": picturing.reviewable(project),
        "chosen": request.POST.get("run") or request.GET.get("run", ""),
        "errors": errors,
        "checks": reviewing.table(),
        **_told(project),
    }
    return htmx.page(request, "signin/review.html", context, status=422 if errors else 200)


@login_required
@require_safe
def results(request, slug: str):
    """The results alone, for the page that waits."""
    project = access.viewable(request, slug)
    return render(request, "signin/review.html#results", {"project": project, **_told(project)})


def _told(project) -> dict:
    job = reviewing.newest(project)
    return {"job": job, **reviewing.picture(job)}
