"""The client emulator's pages: the form of a new run, and one run with what can be done with it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actionstudio.apps.projects import access
from actionstudio.apps.signin import emulating, pasting, picturing, runs
from actionstudio.apps.signin.forms import EmulatorForm
from actionstudio.apps.signin.profiles import PROFILES
from actionstudio.apps.signin.views import callback
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, slug: str):
    """The form; a post begins a run and leads to its page. ``?client=…`` begins it with that client of the project,
    ``?run=…`` with what was typed for that run."""
    project = access.changeable(request, slug)
    key = request.GET.get("run", "")
    before = runs.of(project, key) if key.isalnum() else None
    form = EmulatorForm.of(project, request.POST or None, request.GET.get("client", ""), before)
    if form.is_valid():
        try:
            run = emulating.begin(project, request.user, *form.setup())
            callback.expect(request, run)
            return htmx.redirect(_page(project, run))
        except Refused as refused:
            form.add_problems(refused)
    form.play(request.GET.get("itself", ""))  # from the page of a run with a test client
    form.say_again()
    context = {
        "nav": "emulator",
        "project": project,
        "form": form,
        "before": before,
        "profiles": PROFILES.values(),
        "callback": emulating.callback_url(),
        "runs": picturing.newest(project),
    }
    return htmx.page(request, "signin/emulator.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def run(request, slug: str, key: str):
    """One run. A post does one of its deeds again, or brings the URL that the browser was sent to."""
    project = access.changeable(request, slug)
    found = _run(project, key)
    error, pasted = "", request.POST.get("url", "")
    if request.method == "POST":
        deed = request.POST.get("deed", "")
        if deed == "paste":
            error = pasting.paste(found, request.user, pasted)
        elif deed not in picturing.deeds(found) or not emulating.again(found, request.user, deed):
            error = _("This run cannot do that any more. Begin a new one.")
        if not error:
            return htmx.redirect(_page(project, found))
    context = {"error": error, "pasted": pasted, **_context(project, found)}
    return htmx.page(request, "signin/run.html", context, status=422 if error else 200)


@login_required
@require_safe
def legs(request, slug: str, key: str):
    """The run's state and legs alone, for the page that waits."""
    project = access.viewable(request, slug)
    return render(request, "signin/run.html#legs", _context(project, _run(project, key)))


def _context(project, found) -> dict:
    return {"nav": "emulator", "project": project, **picturing.of(found)}


def _run(project, key: str):
    found = runs.of(project, key)
    if found is None:
        raise Http404(_("There is no such run."))
    return found


def _page(project, found) -> str:
    return reverse("signin:emulator-run", args=[project.slug, found.row.key])
