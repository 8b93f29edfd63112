"""ChatGPT's editor: the GPTs of a project, one of them, and its actions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from actionstudio.apps.gpt import simulating
from actionstudio.apps.projects import access
from actionstudio.apps.simulator import actions, automatic, dialog, judging, places, setting, signing
from actionstudio.apps.simulator.calling import by_hand
from actionstudio.apps.simulator.gpt_forms import ActionForm, GptForm
from actionstudio.apps.simulator.models import Action, Gpt
from actionstudio.apps.web import htmx
from actionstudio.core.importer import Import, differing
from actionstudio.core.problem import Refused

KINDS = {
    dialog.NONE: lazy("No authentication"),
    dialog.KEY: lazy("API Key"),
    dialog.OAUTH: "OAuth",
}
PARTS = {
    differing.PLACE: lazy("where it is called"),
    differing.WORDS: lazy("its words"),
    differing.ARGUMENTS: lazy("its arguments"),
    differing.ANSWER: lazy("its answer"),
    differing.CONSENT: lazy("whether it asks each time"),
}
_ROWS = ("address__project", "address__pinned", "client", "gpt__project")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request, slug: str):
    """The project's GPTs; a post makes one more."""
    project = access.changeable(request, slug)
    setting.first(project)
    error = ""
    if request.method == "POST":
        try:
            made = setting.make(project, {"name": request.POST.get("name", "")})
            return htmx.redirect(_page(made), _("Made. Its first action is this project's address."))
        except Refused as refused:
            error = refused.problems[0].message
    gpts = project.gpts.prefetch_related("actions__address")
    rows = [(gpt, [places.where(action) for action in gpt.actions.all()]) for gpt in gpts]
    context = {"nav": "simulator", "project": project, "rows": rows, "error": error, "typed": request.POST.get("name")}
    return htmx.page(request, "simulator/gpts.html", context, status=422 if error else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, slug: str, key: str):
    """One GPT: what its builder writes, and its actions with what the editor says of them."""
    project = access.changeable(request, slug)
    gpt = _gpt(project, key)
    form = GptForm.of(gpt, request.POST or None)
    if form.is_valid():
        setting.change(gpt, form.given())
        return htmx.redirect(_page(gpt), _("Saved."))
    setting.ready(gpt)
    context = {
        "nav": "simulator",
        "project": project,
        "gpt": gpt,
        "form": form,
        "said": judging.of_itself(gpt),
        "actions": _judged(gpt),
        "allowed": [row.domain for row in by_hand.allowed(gpt, request.user)],
    }
    return htmx.page(request, "simulator/gpt.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def ask_again(request, slug: str, key: str):
    """Takes one's own "Always allow" of a domain back."""
    gpt = _gpt(access.changeable(request, slug), key)
    domain = request.POST.get("domain", "").replace("\0", "")
    by_hand.ask_again(gpt, request.user, domain)
    return htmx.redirect(_page(gpt), _("The next call to %(domain)s asks again.") % {"domain": domain[:253]})


@login_required
@require_POST
def delete(request, slug: str, key: str):
    """Deletes a GPT with its chats. The last one comes back fresh."""
    project = access.changeable(request, slug)
    gpt = _gpt(project, key)
    setting.delete(gpt)
    there = reverse("simulator:gpt", args=[project.slug])
    return htmx.redirect(there, _("“%(name)s” is deleted.") % {"name": gpt.name})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def action_new(request, slug: str, key: str):
    """One more action of a GPT."""
    gpt = _gpt(access.changeable(request, slug), key)
    form = ActionForm.of(gpt, request.user, request.POST or None)
    if (saved := _saved(form, gpt)) is not None:
        return htmx.redirect(_action_page(saved), _("The action is added."))
    return _shown(request, gpt, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def action(request, slug: str, key: str):
    """One action: its schema, authentication and privacy policy, and what arrives of it."""
    row = _action(request, slug, key)
    form = ActionForm.of(row.gpt, request.user, request.POST or None, row)
    if _saved(form, row.gpt, row) is not None:
        return htmx.redirect(_action_page(row), _("Saved."))
    return _shown(request, row.gpt, form, automatic.settle(row))


@login_required
@require_POST
def take(request, slug: str, key: str):
    """Imports the document of an action again."""
    row = _action(request, slug, key)
    try:
        actions.take(row)
    except Refused as refused:
        return htmx.redirect(_action_page(row), refused.problems[0].message, "bad")
    count = len(row.changes)
    words = _("Imported again. %(n)s operations differ.") % {"n": count} if count else _("Imported again: no change.")
    return htmx.redirect(_action_page(row), words)


@login_required
@require_POST
def remove(request, slug: str, key: str):
    """Takes an action out of its GPT."""
    row = _action(request, slug, key)
    actions.remove(row)
    return htmx.redirect(_page(row.gpt), _("The action is removed."))


def _saved(form: ActionForm, gpt: Gpt, row: Action | None = None) -> Action | None:
    if not form.is_valid():
        form.say_again()
        return None
    try:
        return actions.save(gpt, form.given(), row)
    except Refused as refused:
        form.add_problems(refused)
        form.say_again()
        return None


def _shown(request, gpt: Gpt, form: ActionForm, row: Action | None = None):
    context: dict[str, Any] = {"nav": "simulator", "project": gpt.project, "gpt": gpt, "form": form, "action": row}
    context["callback"] = automatic.callback_url()
    if row is not None:
        found = _import(row, judging.hosts(gpt, row))
        context |= {
            "sight": simulating.sight(found) if found else None,
            "host": places.host_of(row.url) if row.url else "",
            "changes": [(one, [PARTS[part] for part in one["parts"]]) for one in row.changes],
            "kind": KINDS[row.auth.get("type", dialog.NONE)],
            "bare": automatic.lacks(row),
            "grant": _grant(row, request.user),
            "newer": _newer(row),
        }
    return htmx.page(request, "simulator/action.html", context, status=422 if form.errors else 200)


def _grant(row: Action, user) -> dict[str, Any] | None:
    """How the user stands with the action's sign-in, None where it has none."""
    if row.auth.get("type") != dialog.OAUTH:
        return None
    grant = row.grants.filter(user=user).first()
    host = places.host_of(row.auth.get("client_url", ""))
    return {"needed": signing.needed(row, user), "row": grant, "host": host}


def _newer(row: Action) -> int:
    """The version that is served, where the copy is of an older one; else 0."""
    if row.address is None or row.follows or not row.document:
        return 0
    number = places.served(row.address)[1]
    return number if number != row.revision else 0


def _judged(gpt: Gpt) -> list[dict[str, Any]]:
    """The actions as the editor lists them, with what it says of each in the company of the others."""
    rows = list(gpt.actions.select_related(*_ROWS))
    prefetch_related_objects([gpt.project], "addresses")
    for row in rows:
        row.gpt = gpt
    hosts = [found.host if (found := _import(row)) else "" for row in rows]
    judged = []
    for at, row in enumerate(rows):
        found = _import(row, [host for other, host in enumerate(hosts) if other != at and host])
        sight = simulating.sight(found) if found else None
        kind = KINDS[row.auth.get("type", dialog.NONE)]
        bare = automatic.lacks(row)
        judged.append({"row": row, "where": places.where(row), "kind": kind, "bare": bare, "sight": sight})
    return judged


def _import(row: Action, domains: list[str] | tuple = ()) -> Import | None:
    """What the editor makes of an action; None when its address is gone."""
    try:
        return judging.of_action(row, domains)
    except Refused:
        return None


def _gpt(project, key: str) -> Gpt:
    return get_object_or_404(Gpt.objects.select_related("project"), project=project, key=key)


def _action(request, slug: str, key: str) -> Action:
    project = access.changeable(request, slug)
    return get_object_or_404(Action.objects.select_related(*_ROWS), gpt__project=project, key=key)


def _page(gpt: Gpt) -> str:
    return reverse("simulator:gpt-edit", args=[gpt.project.slug, gpt.key])


def _action_page(row: Action) -> str:
    return reverse("simulator:action", args=[row.gpt.project.slug, row.key])
