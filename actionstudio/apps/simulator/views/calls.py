"""One call by hand: the operation and its arguments at the left; what ChatGPT asks, sends and tells the model at the
right."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actionstudio.apps.gpt import simulating
from actionstudio.apps.projects import access
from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator import dialog, places
from actionstudio.apps.simulator.calling import by_hand, describing, filing, logged
from actionstudio.apps.simulator.calling.by_hand import Bound, Done, Wish
from actionstudio.apps.traffic.views import find
from actionstudio.apps.web import htmx
from actionstudio.core.chatgpt import credential, files
from actionstudio.core.chatgpt.told import LENIENT, MODES, REPORTED
from actionstudio.core.importer.message import ImportedOperation
from actionstudio.core.problem import Problem, Refused

LONGEST = 200_000  # characters of arguments; ChatGPT sends less than half of it
OWN, NONE = "own", "none"
KINDS = (OWN, NONE, *credential.SCHEMES)


@dataclass
class Shown:
    """What the page shows: the form as it was typed, what is wrong in it, and what came of it."""

    operation: str = ""
    arguments: str = ""
    mode: str = REPORTED
    url: str = ""
    kind: str = OWN
    header: str = ""
    secret: str = field(default="", repr=False)
    conversation: str = ""
    action: str = ""
    of: str = ""  # the logged call that it was filled with
    note: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    done: Done | None = None

    @property
    def elsewhere(self) -> bool:
        """Whether the part of the form about other documents and keys is open."""
        return bool(self.url or self.kind != OWN or self.errors.keys() & {"url", "secret", "header"})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calls(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; a post chooses another operation, or makes the call. ``?call=`` fills it with a logged one."""
    posted = request.method == "POST"
    project = (access.changeable if posted else access.viewable)(request, slug)
    shown = _read(request)
    if not posted and request.GET.get("call"):
        _take(project, request.GET["call"], shown)
    try:
        bound = by_hand.bound(project, request.user, shown.url, _auth(shown), shown.action)
    except Refused as refused:
        _wrong(shown, refused)
        bound = None
    chosen = _chosen(bound, shown)
    if bound is not None and posted and "pick" not in request.POST and chosen is not None and not shown.errors:
        _make(request, project, shown)
    elif chosen is not None and (not shown.arguments or request.POST.get("pick") in ("operation", "action")):
        shown.arguments = describing.sample(bound.acting.imported, chosen, bound.acting.contract)
    return _page(request, project, shown, bound, chosen)


def _read(request: HttpRequest) -> Shown:
    """The form. A link may choose the operation, or a call of the project's own log, and nothing else: nobody is made
    to call a server by following one."""
    data = request.POST if request.method == "POST" else {"operation": request.GET.get("operation", "")}
    text = {name: data.get(name, "").replace("\0", "")[:LONGEST] for name in data}
    kind, mode = text.get("kind", OWN), text.get("mode", REPORTED)
    return Shown(
        text.get("operation", ""),
        text.get("arguments", ""),
        mode if mode in MODES else REPORTED,
        text.get("url", "").strip()[:2_000],
        kind if kind in KINDS else OWN,
        text.get("header", "").strip()[:100],
        text.get("secret", ""),
        text.get("conversation", "") if _goes_on(text) else "",
        text.get("action", ""),
    )


def _goes_on(text: dict[str, str]) -> bool:
    """Whether the conversation goes on: one belongs to a GPT, so with another action another one begins."""
    return describing.is_conversation(text.get("conversation", "")) and text.get("pick") != "action"


def _take(project: Project, public_id: str, shown: Shown) -> None:
    """Fills the form with a logged call. Raises Http404 where the log has none of that id."""
    row = find(project, public_id)
    if row is None:
        raise Http404(_("The log has no such call, or not any more."))
    found = logged.taken(project, row)
    shown.operation, shown.arguments = found.operation, found.arguments
    shown.of, shown.note = public_id, found.note


def _auth(shown: Shown) -> dict[str, Any] | None:
    """The authentication that the form says; None: what the GPT has."""
    if shown.kind == OWN:
        return {"type": "none"} if shown.url else None
    if shown.kind == NONE:
        return {"type": "none"}
    given = {"type": "service_http", "authorization_type": shown.kind, "api_key": shown.secret}
    return given | {"custom_auth_header": shown.header}


def _chosen(bound: Bound | None, shown: Shown) -> ImportedOperation | None:
    """The operation of the form, the first one unless it says another that there is."""
    kept = bound.acting.imported.kept if bound is not None else ()
    found = next((op for op in kept if op.operation_id == shown.operation), None)
    return found or (kept[0] if kept else None)


def _make(request: HttpRequest, project: Project, shown: Shown) -> None:
    """Makes the call, as far as the form says one."""
    try:
        _attach(request, project, shown)
        consent = request.POST.get("consent") or None
        paced = not request.POST.get("unpaced")
        where = shown.url, _auth(shown), shown.conversation
        wish = Wish(shown.operation, shown.arguments, consent, shown.mode, *where, 0, paced, shown.action)
        shown.done = by_hand.call(project, request.user, wish)
        shown.conversation = shown.done.identity.conversation
    except Refused as refused:
        _wrong(shown, refused)


def _attach(request: HttpRequest, project: Project, shown: Shown) -> None:
    """Keeps the files that came along and writes their ids into the arguments, where a model would write them."""
    given = request.FILES.getlist("files")
    if not given:
        return
    sent = filing.uploaded(given)
    try:
        arguments = json.loads(shown.arguments or "{}")
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        raise Refused(Problem("/files", _("Write the arguments as a JSON object first: the files' ids go in there.")))
    keys = [filing.keep(project, one.name, one.mime_type, one.content, request.user).key for one in sent]
    shown.arguments = json.dumps({**arguments, files.ARGUMENT: keys}, indent=2, ensure_ascii=False)


_FIELDS = {"/url": "url", "/auth/api_key": "secret", "/auth/custom_auth_header": "header", "/files": "files"}


def _wrong(shown: Shown, refused: Refused) -> None:
    for problem in refused.problems:
        shown.errors.setdefault(_FIELDS.get(problem.pointer, "all"), problem.message)


def _page(
    request: HttpRequest, project: Project, shown: Shown, bound: Bound | None, chosen: ImportedOperation | None
) -> HttpResponse:
    imported = bound.acting.imported if bound is not None else None
    context = {
        "project": project,
        "nav": "simulator",
        "s": shown,
        "operations": imported.kept if imported else (),
        "dropped": [op for op in imported.operations if not op.kept] if imported else [],
        "sight": simulating.sight(imported) if imported and shown.url else None,
        "chosen": chosen,
        "takes_files": chosen is not None and files.takes(chosen),
        "open": bound is not None and chosen is not None and chosen.operation_id in bound.acting.open,
        "base": bound.acting.base if bound is not None else "",
        "domain": bound.acting.domain if bound is not None else "",
        "callers": _callers(project),
        "lenient": LENIENT,
        "kinds": describing.kinds(),
        "error_all": shown.errors.get("all", ""),
        "r": describing.result(project, shown.done) if shown.done else None,
        "sign_in_url": _sign_in(project, shown),
        "sign_in_again": _sign_in_again(project, shown),
    }
    status = 422 if shown.errors else 200
    return htmx.page(request, "simulator/calls.html", context, part="calls", status=status)


def _callers(project: Project) -> list[tuple[str, str]]:
    """(key, label) of the actions that can call; none where there is one alone, and nothing to choose."""
    found = by_hand.choices(project)
    each = Counter(action.gpt_id for action in found)
    labels = [
        (one.key, f"{one.gpt.name} · {places.where(one)}" if each[one.gpt_id] > 1 else one.gpt.name) for one in found
    ]
    return labels if len(labels) > 1 else []


def _sign_in(project: Project, shown: Shown) -> str:
    action = shown.done.sign_in if shown.done else None
    return reverse("simulator:sign-in", args=[project.slug, action.key]) if action else ""


def _sign_in_again(project: Project, shown: Shown) -> str:
    """Where one signs in anew, when the server refused the token of a call: ChatGPT itself offers nothing (OA-10)."""
    one = shown.done.acting.row if shown.done and shown.kind == OWN else None
    last = shown.done.performed.last if shown.done else None
    refused = last is not None and last.response is not None and last.response["status"] == 401
    signs = one is not None and one.auth.get("type") == dialog.OAUTH
    return reverse("simulator:sign-in", args=[project.slug, one.key]) if refused and signs else ""
