"""The page on which a person chooses the operations that ChatGPT gets."""

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionstudio.apps.gpt import choosing
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request, slug: str):
    """Search, tick, save; every tick comes back with a filter or a refusal."""
    project = access.changeable(request, slug)
    asked = request.POST if request.method == "POST" else request.GET
    found = choosing.Filter(*(asked.get(name, "")[:200].strip() for name in ("q", "tag", "method")))
    if request.method != "POST":
        return _page(request, project, choosing.choice(project, found))
    ticked = {int(pk) for pk in request.POST.getlist("o") if pk.isascii() and pk.isdigit() and len(pk) < 19}
    deed = request.POST.get("deed", "save")
    if deed != "save":
        return _page(request, project, _turned(choosing.choice(project, found, ticked), deed))
    try:
        revision = choosing.save(project, ticked, by=request.user)
    except Refused as refused:
        error = refused.problems[0].message
        return _page(request, project, choosing.choice(project, found, ticked), error, status=422)
    back = reverse("gpt:import", args=[project.slug])
    if revision is None:
        return htmx.redirect(back, _("Nothing changed: these operations are the ones offered already."), "info")
    return htmx.redirect(back, _("Saved, live as v%(n)s.") % {"n": revision.number})


def _turned(choice: choosing.Choice, deed: str) -> choosing.Choice:
    """The choice after a button of the bar: all that is shown, or none of it."""
    if deed in ("all", "none"):
        for row in choice.rows:
            if row.shown and row.fits:
                row.chosen = deed == "all"
    return choice


def _page(request, project, choice: choosing.Choice, error: str = "", status: int = 200):
    context = {"nav": "gpt-import", "project": project, "choice": choice, "error": error, "days": choosing.DAYS}
    return htmx.page(request, "gpt/choose.html", context, status=status)
