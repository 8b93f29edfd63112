"""Plugins of 2023: the way of an install as ChatGPT's dialog had it, step by step, and a call at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from actionstudio.apps.gpt import simulating
from actionstudio.apps.projects import access
from actionstudio.apps.simulator import automatic, keeping, places
from actionstudio.apps.simulator.calling import describing
from actionstudio.apps.simulator.calling.by_hand import Done
from actionstudio.apps.simulator.models import PluginInstall
from actionstudio.apps.simulator.plugins import calling, installing, judging, own, signing
from actionstudio.apps.simulator.plugins.calling import Wish
from actionstudio.apps.simulator.views.calls import LONGEST
from actionstudio.apps.web import htmx
from actionstudio.apps.web.marks import LEVELS, SURE, Mark
from actionstudio.apps.web.telling import told
from actionstudio.core.chatgpt import told as telling
from actionstudio.core.chatgpt.plugin.reading import NONE, OAUTH, SERVICE, USER
from actionstudio.core.problem import Refused

KINDS = {
    "": lazy("A kind that ChatGPT did not know"),
    NONE: lazy("No authentication"),
    USER: lazy("A token of each user (user_http)"),
    SERVICE: lazy("A token of the service (service_http)"),
    OAUTH: lazy("OAuth"),
}
_FIELDS = ("domain", "token", "secret", "client_id")
_MARKS = LEVELS | {
    "fatal": Mark("bad", "circle-x", lazy("Not installed")),
    "degrades": Mark("warn", "triangle-alert", lazy("Works, but worse")),
    "publish": Mark("info", "info", lazy("Only for the store")),
}


@dataclass
class Typed:
    """What was typed and what is wrong with it; what came of a call."""

    fields: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    done: Done | None = None

    def refuse(self, refused: Refused) -> None:
        """Says each problem beside its field, what belongs to none above all."""
        for one in refused.problems:
            name = one.pointer.strip("/").partition("/")[0]
            self.errors.setdefault(name if name in _FIELDS else "all", told(one.message))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request, slug: str):
    """Finds a plugin by its domain, the project's own unless another is written; and those that were found."""
    project = access.changeable(request, slug)
    ours, typed = own.domains(project), Typed()
    typed.fields["domain"] = request.POST.get("domain", ours[0] if ours else "")[:500]
    if request.method == "POST":
        try:
            row = installing.find(project, request.user, typed.fields["domain"])
            return htmx.redirect(_page(row), _("Found the manifest."))
        except Refused as refused:
            typed.refuse(refused)
    rows = [
        {"row": one, "name": str(one.manifest.get("name_for_human", ""))[:100], "faulty": _is_faulty(one)}
        for one in PluginInstall.objects.filter(project=project, user=request.user).select_related("project")
    ]
    context = {"nav": "simulator", "project": project, "rows": rows, "ours": ours, "t": typed}
    return htmx.page(request, "simulator/plugins.html", context, status=422 if typed.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plugin(request, slug: str, key: str):
    """One plugin on its way; ``deed`` says which step was taken."""
    row, typed = _plugin(request, slug, key), Typed()
    if request.method == "POST":
        deed = _DEEDS.get(request.POST.get("deed", ""))
        if deed is None:
            raise Http404
        try:
            if (answer := deed(request, row, typed)) is not None:
                return answer
        except Refused as refused:
            typed.refuse(refused)
    return _shown(request, row, typed)


@login_required
@require_safe
def sign_in(request, slug: str, key: str):
    """On to where people sign in at the plugin."""
    row = _plugin(request, slug, key)
    try:
        return htmx.redirect(signing.begin(row, _page(row)))
    except Refused as refused:
        return htmx.redirect(_page(row), refused.problems[0].message, "bad")


def _again(request, row: PluginInstall, _typed: Typed) -> HttpResponse:
    return htmx.redirect(_page(installing.find(row.project, request.user, row.domain)), _("Found the manifest again."))


def _place(request, row: PluginInstall, _typed: Typed) -> HttpResponse:
    own.place_token(row, request.user)
    return htmx.redirect(_page(row), _("The token is in the project's manifest. Verify it now."))


def _verify(_request, row: PluginInstall, _typed: Typed) -> HttpResponse:
    installing.verify(row)
    return htmx.redirect(_page(row), _("The manifest has the token: verified."))


def _give(request, row: PluginInstall, typed: Typed) -> HttpResponse:
    """An empty field keeps the secret that there is."""
    secret, typed.fields["client_id"] = request.POST.get("secret", ""), request.POST.get("client_id", "")
    kept = not secret and bool(_secret(row))
    installing.give(row, secret=None if kept else secret, client_id=typed.fields["client_id"])
    return htmx.redirect(_page(row), _("Kept, encrypted."))


def _fill(_request, row: PluginInstall, _typed: Typed) -> HttpResponse:
    own.fill(row)
    return htmx.redirect(_page(row), _("Made for this install alone; it ends with it."))


def _install(_request, row: PluginInstall, _typed: Typed) -> HttpResponse:
    installing.install(row)
    return htmx.redirect(_page(row), _("Installed."))


def _remove(_request, row: PluginInstall, _typed: Typed) -> HttpResponse:
    installing.remove(row)
    return htmx.redirect(reverse("simulator:plugins", args=[row.project.slug]), _("The plugin is removed."))


def _sign_out(_request, row: PluginInstall, _typed: Typed) -> HttpResponse:
    signing.forget(row)
    return htmx.redirect(_page(row), _("Signed out. The next call asks you again."))


def _pick(request, _row: PluginInstall, typed: Typed) -> None:
    typed.fields["operation"] = request.POST.get("operation", "")[:200]


def _call(request, row: PluginInstall, typed: Typed) -> None:
    sent = {name: request.POST.get(name, "").replace("\0", "")[:LONGEST] for name in ("operation", "arguments", "mode")}
    talk = request.POST.get("conversation", "")
    typed.fields |= sent
    mode = sent["mode"] if sent["mode"] in telling.MODES else telling.REPORTED
    conversation = talk if describing.is_conversation(talk) else ""
    wish = Wish(sent["operation"], sent["arguments"], mode, conversation, paced=not request.POST.get("unpaced"))
    typed.done = calling.call(row, wish)


_DEEDS: dict[str, Callable[[Any, PluginInstall, Typed], HttpResponse | None]] = {
    "find": _again,
    "place": _place,
    "verify": _verify,
    "give": _give,
    "fill": _fill,
    "install": _install,
    "remove": _remove,
    "sign-out": _sign_out,
    "pick": _pick,
    "call": _call,
}


def _shown(request, row: PluginInstall, typed: Typed) -> HttpResponse:
    found = judging.judged(row)
    kind = found.manifest.kind
    context = {
        "nav": "simulator",
        "project": row.project,
        "row": row,
        "t": typed,
        "found": found,
        "name": found.manifest.text("name_for_human")[:100] or row.domain,
        "flaws": [(one, _MARKS[one.level], SURE[one.sure]) for one in found.flaws],
        "sight": None if row.missing else simulating.sight(found.imported),
        "kind": kind,
        "kind_name": KINDS[kind],
        "verifies": found.manifest.verified,
        "ours": own.address(row),
        "has_secret": bool(_secret(row)),
        "callback": automatic.callback_url(),
        "sign_in_needed": signing.needed(row),
        "sign_in_host": places.host_of(str(found.manifest.auth.get("client_url", ""))),
        **_callable(row, found, typed),
    }
    return htmx.page(request, "simulator/plugin.html", context, status=422 if typed.errors else 200)


def _callable(row: PluginInstall, found: judging.Judged, typed: Typed) -> dict[str, Any]:
    """What the form of a call shows."""
    kept = found.imported.kept
    chosen = next((op for op in kept if op.operation_id == typed.fields.get("operation")), kept[0] if kept else None)
    sample = describing.sample(found.imported, chosen) if chosen else "{}"
    needs = typed.done is not None and typed.done.performed.code == "sign-in"
    return {
        "operations": kept,
        "chosen": chosen,
        "arguments": typed.fields.get("arguments") or sample,
        "r": describing.result(row.project, typed.done) if typed.done else None,
        "sign_in_url": reverse("simulator:plugin-sign-in", args=[row.project.slug, row.key]) if needs else "",
    }


def _secret(row: PluginInstall) -> str:
    held = keeping.held(row)
    return held.get(judging.CREDENTIAL) or held.get(judging.CLIENT_SECRET, "")


def _is_faulty(row: PluginInstall) -> bool:
    """Whether it has faults that keep it from being installed."""
    return row.installed is None and judging.judged(row).broken


def _plugin(request, slug: str, key: str) -> PluginInstall:
    project = access.changeable(request, slug)
    rows = PluginInstall.objects.select_related("project", "user", "client")
    return get_object_or_404(rows, project=project, user=request.user, key=key)


def _page(row: PluginInstall) -> str:
    return reverse("simulator:plugin", args=[row.project.slug, row.key])
