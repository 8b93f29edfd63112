"""The clients of a project: the list, a new one, and one with its secrets and what to enter elsewhere."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.oauth import callbacks, entering, previewing, registering, secrets
from actionstudio.apps.oauth.client_form import ClientForm
from actionstudio.apps.oauth.models import Client
from actionstudio.apps.projects import access
from actionstudio.apps.web import htmx, once
from actionstudio.core.auth import Auth, OAuth
from actionstudio.core.problem import Refused

PAGE = 30
SECRETS_SHOWN = 10
VALUES_SHOWN = 5
OVERLAPS = {"0": 0, "1": 1, "24": 24, "168": 168}  # hours for which the secret before lives on


@dataclass(frozen=True, slots=True)
class State:
    """Whether people can sign in with a client, in a word and a sentence."""

    kind: str
    word: str
    words: str = ""


def _state(row: Client) -> State:
    if row.has_lapsed:
        return State("bad", _("ended"), _("It registered itself, and nobody has used it for long."))
    if not row.enabled:
        return State("bad", _("disabled"), _("Its sign-ins and tokens are refused."))
    if row.lacks_callback:
        said = _("Enter its values where people will sign in from, and save there: the callback is shown then.")
        return State("warn", _("waiting for its callback"), said)
    if row.pkce == Client.Pkce.OPTIONAL and row.pkce_seen:
        said = _(
            "It has signed in with PKCE, so every sign-in without a code_challenge is refused now. If programs without "
            "PKCE use it too, choose “Not asked for” under “More”."
        )
        return State("warn", _("ready, with PKCE only"), said)
    return State("ok", _("ready"))


@login_required
def listing(request, slug: str):
    """Every client of the project, the newest first."""
    project = access.viewable(request, slug)
    rows = project.clients.exclude(registering.PASSING).annotate(people=Count("consents")).order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found, auth = list(rows[: PAGE + 1]), registering.auth_of(project)
    context = {
        "nav": "clients",
        "project": project,
        "auth": auth,
        "ours": _ours(auth),
        "clients": [(row, registering.PRESETS[row.preset].title, _state(row)) for row in found[:PAGE]],
        "earlier": before,
        "before": found[PAGE - 1].pk if len(found) > PAGE else None,
        "waiting": callbacks.waiting(project)[: callbacks.NOTICED_MOST],
    }
    return htmx.page(request, "oauth/clients.html", context)


@login_required
def new(request, slug: str):
    """A new client: the kind of program first, then little more than its name."""
    project = access.changeable(request, slug)
    chosen = (request.POST if request.method == "POST" else request.GET).get("preset", "")
    preset = chosen if chosen in registering.PRESETS else ""
    auth = registering.auth_of(project)
    form = ClientForm.of(preset, auth, data=request.POST if request.method == "POST" else None) if preset else None
    if form is not None and form.is_valid():
        try:
            made = registering.register(project, preset, **form.fields_given())
        except Refused as refused:
            form.add_problems(refused)
        else:
            return _made(request, made)
    elif form is not None and form.is_bound:
        form.add_problems(Refused(*registering.problems(project, preset, form.cleaned_data)))
    if form is not None and form.is_bound:
        form.point()
    context = {
        "nav": "clients",
        "project": project,
        "ours": _ours(auth),
        "auth": auth,
        "presets": registering.PRESETS.items(),
        "preset": preset,
        "kind": registering.PRESETS.get(preset),
        "form": form,
    }
    return htmx.page(request, "oauth/client_new.html", context, status=422 if form and form.errors else 200)


def _made(request, client: Client):
    """On to its page, which shows its secret once."""
    url = _url(client)
    if client.token_method == Client.Method.NONE:
        return htmx.redirect(url, _("Made. It has no secret; PKCE protects it."))
    return once.show_next(request, url, client.pk, secrets.mint(client))


@login_required
def client(request, slug: str, client_id: str):
    """Shows and changes one client; ``deed`` says which part of the page was sent."""
    project = access.changeable(request, slug)
    row = get_object_or_404(Client, project=project, client_id=client_id)
    row.project = project
    deed = DEEDS.get(request.POST.get("deed", ""))
    return deed(request, row) if deed else _page(request, row)


def _save(request, row: Client):
    form = ClientForm.of(row.preset, registering.auth_of(row.project), row, request.POST)
    if form.is_valid():
        try:
            registering.change(row, **form.fields_given())
        except Refused as refused:
            form.add_problems(refused)
        else:
            return htmx.redirect(_url(row), _("Saved. It holds from the next request on."))
    else:
        form.add_problems(Refused(*registering.problems(row.project, row.preset, form.cleaned_data, row)))
    return _page(request, row, form)


def _rotate(request, row: Client):
    if row.token_method == Client.Method.NONE:
        return htmx.redirect(_url(row), _("This client has no secret: choose a token method first."), "warn")
    hours = OVERLAPS.get(request.POST.get("overlap", ""), 24)
    return once.show_next(request, _url(row), row.pk, secrets.rotate(row, timedelta(hours=hours)))


def _end(request, row: Client):
    pk = request.POST.get("secret", "")
    last4 = registering.end_secret(row, int(pk)) if pk.isascii() and pk.isdecimal() and len(pk) < 19 else ""
    if not last4:
        return htmx.redirect(_url(row), _("There is no such secret, or it has ended already."), "warn")
    return htmx.redirect(_url(row), _("The secret ••••%(last4)s is refused from now on.") % {"last4": last4})


def _disconnect(request, row: Client):
    registering.disconnect(row)
    return htmx.redirect(_url(row), _("Everybody is disconnected; they are asked again at their next sign-in."))


def _disable(request, row: Client):
    registering.switch(row, enabled=False)
    return htmx.redirect(_url(row), _("Disabled. Its sign-ins and tokens are refused from now on."))


def _enable(request, row: Client):
    registering.switch(row, enabled=True)
    return htmx.redirect(_url(row), _("Enabled. Its sign-ins and tokens are good again."))


def _delete(request, row: Client):
    registering.delete(row)
    return htmx.redirect(reverse("oauth:clients", args=[row.project.slug]), _("“%(name)s” is deleted.") % {"name": row})


DEEDS = {
    "save": _save,
    "rotate": _rotate,
    "end": _end,
    "disconnect": _disconnect,
    "disable": _disable,
    "enable": _enable,
    "delete": _delete,
}


def _page(request, row: Client, form: ClientForm | None = None):
    project, auth = row.project, registering.auth_of(row.project)
    made, text = once.shown(request)
    people = row.consents.count()
    context = {
        "nav": "clients",
        "project": project,
        "client": row,
        "kind": registering.PRESETS[row.preset],
        "state": _state(row),
        "auth": auth,
        "ours": _ours(auth),
        "form": form or ClientForm.of(row.preset, auth, row),
        "text": text if made == row.pk else "",
        "now": timezone.now(),
        "previews": previewing.previews(project, auth, row) if _ours(auth) else [],
        "secrets": row.secrets.all()[:SECRETS_SHOWN],
        "places": entering.places(row, auth, project) if isinstance(auth, OAuth) else [],
        "people": people,
        "connected": ngettext("%(n)s person is connected", "%(n)s people are connected", people) % {"n": people},
        "waiting": callbacks.waiting(project, row)[: callbacks.NOTICED_MOST],
        "refused": list(callbacks.refused(row)[: callbacks.NOTICED_MOST]),
        "lacks_secret": row.token_method != Client.Method.NONE and not secrets.live(row),
    }
    response = htmx.page(request, "oauth/client.html", context, status=422 if form and form.errors else 200)
    return once.forget(request, response) if text else response


def _ours(auth: Auth) -> bool:
    return isinstance(auth, OAuth) and auth.ours


def _url(row: Client) -> str:
    return reverse("oauth:client", args=[row.project.slug, row.client_id])


@login_required
def values(request, slug: str):
    """The part that the authentication page asks for: the clients whose ID and secret are entered in ChatGPT."""
    project = access.viewable(request, slug)
    rows = project.clients.filter(preset__in=(Client.Preset.GPT, Client.Preset.PLUGIN), enabled=True)[:VALUES_SHOWN]
    pairs = [(client, entering.exchange_method(client)) for client in rows]
    return htmx.page(request, "oauth/values.html", {"project": project, "clients": pairs})
