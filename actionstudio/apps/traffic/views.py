"""The Requests page and one request beside it (on a phone: a page of its own)."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from actionstudio.apps.projects import access
from actionstudio.apps.traffic import (
    asking,
    bodies,
    callbacks,
    charting,
    composing,
    diagnoses,
    exporting,
    listing,
    verdict,
    why,
)
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.masking import hidden_headers
from actionstudio.apps.traffic.models import KIND_NAMES, Exchange, met_none
from actionstudio.apps.web import htmx

TABS = ("overview", "timing", "replays")


@login_required
def log(request, slug: str):
    """The list; without a question the view that the reader opens with. htmx asks for part ``log`` when a filter
    changes. ``set``: the menu of filters was used."""
    project = access.viewable(request, slug)
    if "set" in request.GET:
        return redirect(f"{request.path}?{composing.chosen(request.GET).query() or 'q='}")
    context = listing.context(request, project)
    if not request.GET and context["opening"]:
        return redirect(f"{request.path}?{context['opening']}")
    return htmx.page(request, "traffic/log.html", context, part="log")


@login_required
def complete(request, slug: str):
    """Suggestions for the word at the caret (``at``, in characters) of the question ``q``, and whether it can be read
    as it stands; as JSON."""
    project = access.viewable(request, slug)
    q, at = request.GET.get("q", ""), request.GET.get("at", "")
    caret = int(at) if at.isascii() and at.isdigit() and len(at) < 9 else len(q)
    offers = [
        {"label": one.label, "help": one.help, "text": one.text, "caret": one.caret, "more": one.goes_on}
        for one in asking.complete(q, caret, project)
    ]
    answer = JsonResponse({"offers": offers, "readable": not isinstance(asking.read(q), asking.Problems)})
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
def exchange(request, slug: str, public_id: str):
    """The list with one request opened; htmx asks for part ``detail`` when a row is chosen."""
    project = access.viewable(request, slug)
    row = find(project, public_id)
    if row is None:
        return gone(request, project, public_id)
    context = {"project": project, "nav": "requests", **detail_context(request, project, row)}
    if not htmx.wants_part(request):
        context |= listing.context(request, project)
    return htmx.page(request, "traffic/log.html", context, part="detail")


def gone(request, project, public_id: str):
    """Says that the log no longer has this request, and why."""
    context = {"project": project, "nav": "requests", "id": public_id, "days": settings.STUDIO_RETENTION_DAYS}
    return render(request, "traffic/gone.html", context, status=404)


def find(project, public_id: str) -> Exchange | None:
    """The project's exchange of that public id; None when retention has removed it. Raises Http404 for a bad id."""
    try:
        pk = Exchange.private_id(public_id)
    except ValueError:
        raise Http404(_("No such request.")) from None
    return Exchange.objects.filter(pk=pk, project_id=project.pk).first() if pk < 1 << 63 else None


def detail_context(request, project, row: Exchange) -> dict:
    """Everything of one request, for the tab that is asked for."""
    filter = composing.read(request.GET)
    sent, answered = bodies.of(row, "request"), bodies.of(row, "response")
    tab = request.GET.get("tab")
    shown = verdict.verdict(row)
    about = why.About(project, row)
    return {
        "r": row,
        "tab": tab if tab in TABS else "overview",
        "verdict": shown,
        "why": why.steps(project, row, about),
        "near": why.near(project, row),
        "diagnoses": diagnoses.of(diagnoses.Case(project, row)) if tab not in TABS[1:] else [],
        "plain": shown.kind == "ok" and not row.decided.get("trail"),
        "translated": verdict.translated(row),
        "has_endpoint": bool(about.ref),
        "endpoint_ref": about.ref,
        "offers": _offers(about),
        "sides": [
            _side(request, "request", _("Request body"), sent),
            _side(request, "response", _("Response body"), answered),
        ],
        "called_back": callbacks.of(row),
        "followed": callbacks.call_of(row),
        "hidden": hidden_headers(row.headers_in) + hidden_headers(row.headers_out),
        "from_openai": _openai(row),
        "stages": charting.waterfall(verdict.timings(row), row.duration_us),
        "curl": exporting.curl(row),
        "formats": exporting.FORMATS.values(),
        "kind_name": KIND_NAMES.get(row.kind, row.kind),
        "alike": _alike(row, filter),
        "qs": filter.query(),
        "and_qs": f"&{filter.query()}" if filter else "",
    }


def _offers(about: why.About) -> dict:
    """What can be made of a call: a new endpoint, an addition to its own, an example, another try."""
    row = about.row
    if row.kind in ("document", "callback"):
        return {}
    if not row.operation_id:
        return {"create": met_none(row)}
    if not about.ref:
        return {}
    tries = about.link("", "mocking:try", about.ref)
    kept = row.kind == "mock" and row.response_body and not row.lacks("response")
    return {"adopt": True, "example": bool(kept), "try": f"{tries[0][1]}?of={row.public_id}" if tries else ""}


def _alike(row: Exchange, filter) -> list[dict]:
    """What a call has in common with others, each with the filter that finds those among the ones asked for."""
    terms = {
        "op": (_("Endpoint name"), row.operation_id),
        "conversation": (_("Conversation"), row.conversation_id),
        "user": (_("User"), row.user_id),
        "sign-in": (_("Sign-in"), row.run),
        "gpt": (_("GPT"), row.gpt_id),
        "client": (_("Client"), row.client),
    }
    return [
        {"label": label, "value": value, "query": Filter(q=composing.put(filter.q, name, value)).query()}
        for name, (label, value) in terms.items()
        if value
    ]


def _side(request, name: str, title: str, body: bodies.Body) -> dict:
    view = body.view(request.GET.get(name, ""))
    level = bodies.level(body.value) if view == "tree" and body.large_tree else None
    return {"name": name, "title": title, "body": body, "view": view, "level": level}


def _openai(row: Exchange) -> list[tuple[str, str]]:
    """What ChatGPT says about itself in its headers."""
    return [(name, value) for name, value in row.headers_in if name.startswith("openai-")]
