"""The page of repairs: what applies, what it would change, and what is on."""

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionstudio.apps.design import newest
from actionstudio.apps.gpt import explaining, repairing, reviewing, simulating
from actionstudio.apps.projects import access
from actionstudio.apps.release import reach
from actionstudio.apps.web import htmx
from actionstudio.core.problem import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def repair(request, slug: str):
    """Preview by ``?code=…`` (all that apply without it); applying, taking back and the texts of a review are
    posted."""
    project = access.changeable(request, slug)
    if request.method == "POST":
        return _deed(request, project)
    return _page(request, project)


def _deed(request, project):
    """Apply the ticked ones, take one back, or keep the texts that a person looked at."""
    name, _colon, code = request.POST.get("deed", "").partition(":")
    try:
        if name == "apply":
            return _applied(request, project)
        if name == "undo":
            done = repairing.undo(project, [code], by=request.user)
            title = repairing.title(code)
            return _back(project, "gpt:repair", done, _("“%(title)s” is taken back.") % {"title": title})
        if name == "texts":
            return _accepted(request, project)
    except Refused as refused:
        return _page(request, project, refused, status=422)
    return _page(request, project)


def _applied(request, project):
    codes = request.POST.getlist("code")
    if not codes:
        return htmx.redirect(reverse("gpt:repair", args=[project.slug]), _("Tick at least one repair."), "info")
    base = simulating.address_of(project)
    before = simulating.served(newest.contract(project), base)
    done = repairing.apply(project, codes, by=request.user)
    message = repairing.counted(before, simulating.served(done.contract, base))
    review = any(not text.accepted for text in reviewing.review(done.contract))
    return _back(project, "gpt:repair" if review else "gpt:import", done, message)


def _accepted(request, project):
    texts = reviewing.typed(request.POST.getlist("pointer"), request.POST.getlist("text"))
    try:
        done = reviewing.accept(project, texts, by=request.user)
    except Refused:
        return _page(request, project, texts=texts, status=422)
    return _back(project, "gpt:import", done, _("The texts are kept."))


def _back(project, page: str, done, message: str):
    url = reverse(page, args=[project.slug])
    if done.revision is None:
        return htmx.redirect(url, _("Nothing changed."), "info")
    live = _("Live as v%(n)s.") % {"n": done.revision.number}
    return htmx.redirect(url, f"{message} {live}")


def _page(request, project, refused: Refused | None = None, texts: dict | None = None, status: int = 200):
    contract = newest.contract(project)
    asked = request.GET if request.method != "POST" else request.POST
    codes = asked.getlist("code")
    found, chosen = repairing.wanted(project, contract, codes)
    missing = [] if "set" in asked or request.method == "POST" else [one for one in codes if one not in chosen]
    if "set" in asked:
        chosen = [code for code in chosen if code in codes]
    context = {
        "nav": "gpt-import",
        "project": project,
        "found": [(item, item.code in chosen) for item in found],
        "chosen": chosen,
        "choose": repairing.CHOOSE,
        "why": [explaining.why(project, contract, code) for code in dict.fromkeys(missing)],
        "elsewhere": lambda: repairing.elsewhere(project, contract, found),  # asked by the whole page only
        "preview": repairing.preview(project, contract, chosen) if chosen else None,
        "active": repairing.active(contract),
        "review": reviewing.review(contract, texts),
        "flaw": reach.flaw_of(project),
        "faulty": texts is not None,
        "problems": refused.problems if refused else (),
    }
    return htmx.page(request, "gpt/repair.html", context, part="preview", status=status)
