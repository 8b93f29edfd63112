"""What a person enters in a client for a project's provider, and the way to begin a sign-in by hand."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Case, When
from django.utils.translation import gettext as _

from actionstudio.apps.design import newest
from actionstudio.apps.oauth import entering, registering
from actionstudio.apps.oauth.entering import Value
from actionstudio.apps.oauth.models import Client, SignIn
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import first_url
from actionstudio.core.auth import Auth, OAuth
from actionstudio.core.contract import Contract


@dataclass(frozen=True, slots=True)
class Values:
    """The lines of the client's dialog, in its order. ``by_hand`` is a URL that begins a sign-in in the browser, ""
    when the client has no callback to return to; ``base`` is the address's URL."""

    base: str
    lines: tuple[Value, ...]
    by_hand: str = ""


def first_client(project: Project) -> Client | None:
    """The client that a person most probably wants to try: one of a GPT, the newest that is switched on."""
    order = Case(When(preset=Client.Preset.GPT, then=0), default=1)
    return (
        project.clients.filter(enabled=True)
        .exclude(registering.PASSING | registering.SIMULATED)
        .order_by(order, "-pk")
        .first()
    )


def is_test(client: Client | None) -> bool:
    """Whether a client was made for one run of the emulator: nobody types its values anywhere."""
    made = client is not None and client.lapses is not None
    return made and client.registration_source == Client.RegistrationSource.MANUAL


def of(project: Project, client: Client | None, auth: Auth | None = None) -> Values:
    """The values of a client; without one the URLs, which are the same for all."""
    auth = auth or newest.contract(project).auth
    if not isinstance(auth, OAuth):
        return Values(first_url(project), ())
    if client is None:
        base = first_url(project)
        authorize, token = auth.urls(base)
        lines = Value("authorize", _("Authorization URL"), authorize), Value("token", _("Token URL"), token)
        return Values(base, lines)
    places = entering.places(client, auth, project)
    if not places:
        return Values("", ())
    return Values(places[0].base, places[0].values, _by_hand(places[0].base, client, auth))


def again(run: SignIn | None, client: Client | None, values: Values, contract: Contract) -> dict[str, str]:
    """The emulator's form, filled in so that one press signs in as this client does; {} where its page has to be asked:
    for another provider, or without a client."""
    setup = run.emulator.get("setup", {}) if run is not None else {}
    auth = contract.auth
    if client is None or not values.base or not isinstance(auth, OAuth) or (setup and not setup.get("client")):
        return {}
    first = next((one for one in contract.operations if one.method == "GET" and "{" not in one.path), None)
    profile = setup.get("profile") or _PROFILES.get(run.who if run is not None else client.preset, "gpt")
    return {
        "profile": profile,
        "where": "ours",
        "base": setup.get("issuer") or values.base,
        "client": _played(setup, client),
        "method": setup.get("method") or ("basic" if client.token_method == Client.Method.BASIC else "post"),
        "scope": setup.get("scope") or entering.scope(client, auth),
        "back": "studio",
        "operation": setup.get("operation") or (f"{first.method} {first.path}" if first else ""),
    }


def _played(setup: dict, client: Client) -> str:
    like = setup.get("like") if setup.get("made") else client.pk
    return f"like:{like}" if like else "new"


# Who signed in, or a client's preset, to the emulator's profile
_PROFILES = {
    "plugin": "plugin", "librechat": "librechat", "mcp": "mcp", "connector": "mcp", "claude": "mcp", "local": "mcp",
}  # fmt: skip


def _by_hand(base: str, client: Client, auth: OAuth) -> str:
    if not client.uris or "authorization_code" not in client.grants:
        return ""
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.uris[0],
        "scope": entering.scope(client, auth),
        "state": f"by-hand-{secrets.token_hex(6)}",
    }
    return f"{auth.urls(base)[0]}?{urlencode(asked)}"
