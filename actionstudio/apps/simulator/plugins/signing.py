"""A user's sign-in at a plugin with OAuth, sent as the client emulator's plugin profile sends it.

Source: OpenAI, "Plugin authentication" (2023): apps/signin/profiles/plugin.py. The token request is JSON or a form, as
the manifest's ``authorization_content_type`` says; the client's secret is in its body.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects import leases
from actionstudio.apps.signin import verdict
from actionstudio.apps.signin.profiles.plugin import PROFILE
from actionstudio.apps.signin.profiles.profile import FORM, JSON, POST
from actionstudio.apps.signin.verdict import Verdict
from actionstudio.apps.signin.wire import SECONDS, Heard, Wire
from actionstudio.apps.simulator import automatic, keeping, signing
from actionstudio.apps.simulator.models import PluginInstall
from actionstudio.apps.simulator.plugins.judging import CLIENT_SECRET
from actionstudio.core.chatgpt.plugin.reading import OAUTH, Manifest
from actionstudio.core.lint import hosts
from actionstudio.core.problem import Problem, Refused

_LOOK = 0.1  # seconds between two looks at a refresh that another thread makes


@dataclass(frozen=True, slots=True)
class Returned:
    """How a sign-in came back: ``fault`` is why it failed, "" when it did not."""

    install: PluginInstall
    back: str
    fault: str = ""


def needed(install: PluginInstall) -> bool:
    """Whether the user has to sign in before the plugin can be called."""
    if Manifest(install.manifest).kind != OAUTH:
        return False
    held = keeping.held(install)
    return not held.get("access") or (_expired(install) and not held.get("refresh"))


def begin(install: PluginInstall, back: str) -> str:
    """The URL that the user's browser is to open; afterwards it comes to ``back``. Raises Refused."""
    manifest = Manifest(install.manifest)
    if manifest.kind != OAUTH:
        raise Refused(Problem("", _("This plugin has no sign-in."), "kind"))
    where = str(manifest.auth.get("client_url", ""))
    if hosts.parsed(where) is None:
        raise Refused(Problem("", _("The manifest does not say where people sign in."), "kind"))
    if not install.oauth_client_id:
        raise Refused(Problem("/client_id", _("Fill in the client's ID first."), "required"))
    state = PROFILE.state()
    _write(install, {"state": state, "back": back}, digest=signing.digest(state), fault="")
    query = PROFILE.query(_values(install) | {"state": state, "response_type": "code"})
    return f"{where}{'&' if '?' in where else '?'}{query}"


def returned(user: Any, query: str) -> Returned | None:
    """What the browser brought back; a good code becomes a token. None when no plugin's sign-in waits for it."""
    got = parse_qs(query, keep_blank_values=True, max_num_fields=50)
    state = (got.get("state") or [""])[0]
    rows = PluginInstall.objects.select_related("project", "user").filter(user=user)
    row = rows.filter(digest=signing.digest(state)).first() if state else None
    if row is None or not PluginInstall.objects.filter(pk=row.pk, digest=row.digest).update(digest=""):
        return None
    row.digest = ""
    held = keeping.held(row)
    found = verdict.of_callback(got, held.get("state", ""))
    if not found.failed:
        found, heard = _ask(row, PROFILE.token, grant_type="authorization_code", code=got["code"][0])
    if found.failed:
        _write(row, {"state": "", "back": ""}, fault=signing.why(found))
    else:
        _keep(row, heard)
    return Returned(row, held.get("back", ""), signing.why(found) if found.failed else "")


def access(install: PluginInstall) -> str:
    """The user's access token, refreshed when its time has passed; "" when they have to sign in (again)."""
    if _expired(install):
        _refreshed(install)
    return "" if _expired(install) else keeping.held(install).get("access", "")


def forget(install: PluginInstall) -> None:
    """Signs the user out, here alone: the plugin's server is not told."""
    _write(install, {"access": "", "refresh": "", "state": "", "back": ""}, digest="", fault="", scope="", expires=None)


def _expired(install: PluginInstall) -> bool:
    return install.expires is not None and install.expires <= timezone.now()


def _refreshed(install: PluginInstall) -> None:
    """Of several at once one asks and the others wait: a refresh token may be used once (RFC 9700, section 4.14.2)."""
    name, me, deadline = f"simulator-plugin-{install.pk}", secrets.token_hex(16), time.monotonic() + SECONDS
    while not leases.hold(name, SECONDS + 5, me):
        if time.monotonic() > deadline:
            return
        time.sleep(_LOOK)
    try:
        install.refresh_from_db(fields=["sealed", "expires", "scope", "fault", "digest"])
        refresh = keeping.held(install).get("refresh", "")
        if _expired(install) and refresh:
            _renew(install, refresh)
    finally:
        leases.release(name, me)


def _renew(install: PluginInstall, refresh: str) -> None:
    found, heard = _ask(install, PROFILE.refresh, grant_type="refresh_token", refresh_token=refresh)
    if not found.failed:
        _keep(install, heard)
    elif found.code in signing.REFUSED:
        _write(install, {"access": "", "refresh": ""}, fault=signing.why(found), expires=None)
    else:  # no answer, or none that says anything of the token: the next call asks again
        _write(install, {}, fault=signing.why(found))


def _ask(install: PluginInstall, names: tuple[str, ...], **values: str) -> tuple[Verdict, Heard]:
    auth = Manifest(install.manifest).auth
    kind = FORM if auth.get("authorization_content_type") == FORM else JSON
    told = _values(install) | {"client_secret": keeping.held(install).get(CLIENT_SECRET, "")} | values
    url, body = str(auth.get("authorization_url", "")), PROFILE.body(names, told, POST, kind)
    heard = Wire(install.project, "simulator").send("POST", url, PROFILE.sent(told, POST, kind), body)
    return verdict.of_token(heard, PROFILE, refreshing=names == PROFILE.refresh), heard


def _values(install: PluginInstall) -> dict[str, str]:
    scope = Manifest(install.manifest).auth.get("scope")
    return {
        "client_id": install.oauth_client_id,
        "redirect_uri": automatic.callback_url(),
        "scope": scope if isinstance(scope, str) else "",
    }


def _keep(install: PluginInstall, heard: Heard) -> None:
    texts, expires, scope = signing.brought(heard, _values(install)["scope"])
    _write(install, {**texts, "state": "", "back": ""}, expires=expires, scope=scope, fault="")


def _write(install: PluginInstall, texts: dict[str, str], **fields: Any) -> None:
    """Changes a sign-in as it is now; "" takes a text out."""
    with transaction.atomic():
        row = PluginInstall.objects.select_for_update(no_key=True).get(pk=install.pk)
        keeping.put_held(row, {**keeping.held(row), **texts})
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=["sealed", *fields])
    for name in ("sealed", *fields):
        setattr(install, name, getattr(row, name))
