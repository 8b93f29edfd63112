"""From a logged call to the definition: what would change, confirmed in one click; and a new endpoint of a call."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from actionstudio.apps.design import comparing
from actionstudio.apps.design.views.endpoint import url_of
from actionstudio.apps.projects import access
from actionstudio.apps.traffic import adopting
from actionstudio.apps.traffic.views import find, gone
from actionstudio.apps.web import htmx
from actionstudio.apps.web.telling import told
from actionstudio.core.behaviour import Rule, Template
from actionstudio.core.problem import Refused
from actionstudio.core.rules.words import sentence

SHOWN = 4000  # characters of a rule's body
UNSEEN = ("rule", "row")  # what no document shows
RECORDS = (
    "request-example",
    "example",
    "rule",
    "row",
)  # they declare nothing: only when asked for


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request, slug: str, public_id: str):
    """What a call offers to the definition. ``?only=example`` ticks that alone; a post looks again, or adds."""
    project = access.changeable(request, slug)
    row = find(project, public_id)
    if row is None:
        return gone(request, project, public_id)
    if row.kind == "callback":
        raise Http404(_("A callback adds nothing to the definition."))
    error = ""
    if request.method == "POST" and request.POST.get("_op") == "save":
        try:
            revision = adopting.adopt(project, row, request.POST.getlist("take"), request.user)
        except Refused as refused:
            error = str(refused)
        else:
            words = _("Added, live as v%(n)d.") % {"n": revision.number} if revision else _("Nothing had changed.")
            return htmx.redirect(reverse("traffic:exchange", args=[slug, public_id]), words)
    found = adopting.offer(project, row)
    if found.operation is None:
        raise Http404(_("This call belongs to no endpoint that is there today."))
    context = _shown(request, project, row, found) | {"error": error}
    return htmx.page(request, "traffic/adopt.html", context, part="form", status=422 if error else 200)


def _shown(request, project, row, found: adopting.Offer) -> dict:
    """The proposals, ticked or not, and what the ticked ones change: in words, and in the document."""
    only = request.GET.get("only", "")
    if request.method == "POST":
        ticked = set(request.POST.getlist("take"))
    else:
        ticked = {one.id for one in found.proposals if (one.kind == only if only else one.kind not in RECORDS)}
    chosen = [one for one in found.proposals if one.id in ticked]
    operation = project.operations.filter(method=found.operation.method, path=found.operation.path).first()
    return {
        "project": project,
        "nav": "requests",
        "r": row,
        "op": found.operation,
        "op_url": url_of(project.slug, operation.operation_id, operation.pk) if operation else "",
        "rows": [(one, adopting.label(one), one.id in ticked) for one in found.proposals],
        "chosen": len(chosen),
        "rule": next((_in_words(one.rule) for one in chosen if one.rule is not None), None),
        "diff": comparing.compare(*found.sides(chosen)) if any(one.kind not in UNSEEN for one in chosen) else None,
        "next": (project.revisions.values_list("number", flat=True).first() or 0) + 1,
    }


def _in_words(rule: Rule) -> dict:
    """A rule that is to come: what it asks of a call, and what it answers."""
    answer = rule.answer
    plain = {"status": answer.status, "body": answer.body[:SHOWN]} if isinstance(answer, Template) else {}
    return {"conditions": [told(sentence(one)) for one in rule.conditions], **plain}


@login_required
@require_POST
def new_endpoint(request, slug: str, public_id: str):
    """Opens the editor with a draft made of the call. A draft that is there is replaced only when that is said."""
    project = access.changeable(request, slug)
    row = find(project, public_id)
    if row is None:
        return gone(request, project, public_id)
    if row.kind == "callback":
        raise Http404(_("A callback adds nothing to the definition."))
    try:
        adopting.draft(project, row, request.user, force=bool(request.POST.get("force")))
    except adopting.Occupied as occupied:
        context = {"project": project, "nav": "requests", "r": row, "draft": occupied.draft}
        return render(request, "traffic/occupied.html", context, status=409)
    words = _("Made of the call; nothing is saved yet. Look at it, then save.")
    return htmx.redirect(reverse("design:endpoint-new", args=[slug]), words, "info")
