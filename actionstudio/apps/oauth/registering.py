"""Clients of a project: what each kind of program needs, and how one is made, changed, switched off and deleted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.design import newest
from actionstudio.apps.oauth import callbacks, offered, revoking
from actionstudio.apps.oauth.models import Client
from actionstudio.apps.projects.models import Project
from actionstudio.core.auth import Auth, OAuth
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.tokens import forget

CODE, REFRESH, MACHINE = "authorization_code", "refresh_token", "client_credentials"
GRANTS = (CODE, REFRESH, MACHINE)
MOST = 200  # clients that a builder makes; those that register themselves are counted apart
NAME_LONGEST = 80
# Made for one run of the sign-in test's client emulator: the builder's own clients never lapse
PASSING = Q(registration_source=Client.RegistrationSource.MANUAL, lapses__isnull=False)
# Made for a GPT of the studio's own simulator: nobody types its values anywhere
SIMULATED = Q(registration_source=Client.SIMULATOR)
ORIGINS_MOST = 20
FIELDS = (
    "name", "gpt_id", "redirect_uris", "grants", "token_method", "pkce", "consent", "scopes", "json_bodies",
    "allowed_origins",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preset:
    """A kind of program: how it is called, what it is, and the ``values`` that its client starts with.

    ``waits``: its callback is only known once it has the client id, so the client is kept without one until then.
    """

    title: Promise
    words: Promise
    icon: str
    values: Mapping[str, Any] = field(default_factory=dict)
    waits: bool = False


_PEOPLE = (CODE, REFRESH)
_USUAL = {
    "redirect_uris": (), "grants": _PEOPLE, "token_method": Client.Method.POST, "pkce": Client.Pkce.OPTIONAL,
    "consent": Client.Consent.REMEMBER, "scopes": (), "json_bodies": False, "allowed_origins": (),
}  # fmt: skip
PRESETS: Mapping[str, Preset] = {
    Client.Preset.GPT: Preset(
        lazy("ChatGPT"),
        lazy("A GPT with this project as its action. ChatGPT shows its Callback URL once the action is saved."),
        "bot",
        _USUAL,
        waits=True,
    ),
    Client.Preset.PLUGIN: Preset(
        lazy("Plugin of 2023"),
        lazy("A ChatGPT plugin, or what speaks like one: it sends its token request as JSON."),
        "plug",
        _USUAL | {"json_bodies": True},
        waits=True,
    ),
    Client.Preset.MCP: Preset(
        lazy("MCP client"),
        lazy("A connector of ChatGPT, Claude, or a program on one's own computer: no secret, PKCE instead."),
        "workflow",
        _USUAL
        | {
            "redirect_uris": (callbacks.CONNECTOR, *callbacks.CLAUDE, *callbacks.COMPUTER),
            "token_method": Client.Method.NONE,
            "pkce": Client.Pkce.REQUIRED,
        },
    ),
    Client.Preset.LIBRECHAT: Preset(
        lazy("LibreChat"),
        lazy("An action of an agent in LibreChat, which shows its callback once the action is saved."),
        "message-square",
        _USUAL,
        waits=True,
    ),
    Client.Preset.OTHER: Preset(
        lazy("Another program"),
        lazy("A website or service of your own, or a library that speaks OAuth 2."),
        "square-terminal",
        _USUAL | {"token_method": Client.Method.ANY, "pkce": Client.Pkce.REQUIRED},
    ),
}


def values(preset: str, auth: Auth) -> dict[str, Any]:
    """What a client of that kind starts with in a project whose people sign in by ``auth``."""
    made = dict(PRESETS[preset].values)
    if preset in (Client.Preset.GPT, Client.Preset.LIBRECHAT) and isinstance(auth, OAuth):
        made["token_method"] = Client.Method.BASIC if auth.token_exchange == "basic_auth_header" else Client.Method.POST
    return made


def auth_of(project: Project) -> Auth:
    """How people sign in to the project as it is saved now."""
    return newest.contract(project).auth


def register(project: Project, preset: str, **fields: Any) -> Client:
    """A new client of that kind; ``fields`` (FIELDS) differ from the kind's values. A ``gpt_id`` also registers the two
    callbacks of that GPT. Raises Refused."""
    auth = auth_of(project)
    made = _with_gpt({"name": "", "gpt_id": ""} | values(preset, auth) | fields)
    client = Client(project=project, preset=preset, hash_client_secret=False)
    problems = _judge(client, made, auth)
    if project.clients.filter(registration_source=Client.RegistrationSource.MANUAL).count() >= MOST:
        problems.append(Problem("", _("Use at most %(n)s clients; delete one first.") % {"n": MOST}, "many"))
    if problems:
        raise Refused(*problems)
    _fill(client, made)
    client.save()
    return client


def problems(project: Project, preset: str, fields: Mapping[str, Any], client: Client | None = None) -> list[Problem]:
    """What is wrong with these fields of a new client, or of ``client``: for forms that cannot read one of their
    fields, to tell at once what is wrong with the others."""
    auth = auth_of(project)
    had = _kept(client) if client else {"name": "", "gpt_id": ""} | values(preset, auth)
    judged = client or Client(project=project, preset=preset)
    return [one for one in _judge(judged, had | fields, auth) if one.pointer.strip("/") in fields]


def change(client: Client, **fields: Any) -> Client:
    """Changes what ``fields`` (FIELDS) name; another ``gpt_id`` adds the callbacks of that GPT. Tokens with more than
    it may have then are revoked. Raises Refused, and then nothing was changed."""
    auth = auth_of(client.project)
    with transaction.atomic():
        # no_key: whoever makes tokens of a person, whom revoking waits for, refers to the client meanwhile
        kept = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
        had = _kept(kept)
        made = _with_gpt(had | fields, had) if "gpt_id" in fields else had | fields
        if problems := _judge(kept, made, auth):
            raise Refused(*problems)
        _fill(kept, made)
        kept.decided = True
        kept.save()
        callbacks.settle(kept)
        if any(set(made[name]) != set(had[name]) for name in ("scopes", "redirect_uris")):
            revoking.beyond(kept)
        _forget(kept)
    return kept


def switch(client: Client, enabled: bool) -> None:
    """Off: its sign-ins and tokens are refused at once, on until it is switched on again. Nothing is lost by it."""
    with transaction.atomic():
        Client.objects.filter(pk=client.pk).update(enabled=enabled)
        _forget(client)


def disconnect(client: Client) -> int:
    """Ends what everybody allowed it, and its tokens, at once; returns how many tokens worked until now."""
    with transaction.atomic():
        client.consents.all().delete()
        return revoking.client(client)


def delete(client: Client) -> None:
    """The client, its secrets, and every sign-in and token made with it, at once."""
    with transaction.atomic():
        list(Client.objects.select_for_update(no_key=True).filter(pk=client.pk))  # before its people: holding.py
        revoking.client(client)
        client.delete()
        _forget(client)


def end_secret(client: Client, pk: int) -> str:
    """Ends one of its secrets now; returns its last characters, "" when there is no such living one."""
    now = timezone.now()
    living = client.secrets.filter(Q(expires=None) | Q(expires__gt=now), pk=pk)
    last4 = living.values_list("last4", flat=True).first() or ""
    return last4 if living.update(expires=now) else ""


def begin(project: Project, contract: Contract) -> None:
    """A ChatGPT client for a new project whose people sign in on its own address (library/creating.py)."""
    if isinstance(contract.auth, OAuth) and contract.auth.ours:
        register(project, Client.Preset.GPT, name="ChatGPT")


def origin_objection(text: str) -> str:
    """Why a text is no origin of a web page (RFC 6454: scheme, host and port), "" when it is one."""
    if objection := callbacks.objection(text):
        return objection
    if urlsplit(text).path or "?" in text:
        return _("Leave out the path: an origin ends with the host, or its port.")
    return ""


def _forget(client: Client) -> None:
    transaction.on_commit(lambda: forget(client.project_id))


def _kept(client: Client) -> dict[str, Any]:
    """FIELDS of a client, as ``change`` takes them."""
    return {name: getattr(client, name) for name in FIELDS} | {
        "redirect_uris": client.uris,
        "allowed_origins": client.allowed_origins.split(),
    }


def _with_gpt(made: dict[str, Any], had: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """With the callbacks of a GPT or plugin of which it had none yet, and its id out of what was pasted."""
    gpt_id = callbacks.ids(made["gpt_id"])
    if not gpt_id:
        return made
    pair = callbacks.pair(gpt_id)
    there = had is not None and had["gpt_id"] == gpt_id and not set(pair).isdisjoint(had["redirect_uris"])
    uris = dict.fromkeys([*made["redirect_uris"], *([] if there else pair)])
    return made | {"gpt_id": gpt_id, "redirect_uris": list(uris)}


def _fill(client: Client, made: Mapping[str, Any]) -> None:
    if made["pkce"] != client.pkce:
        client.pkce_seen = False  # what was noticed under another rule binds nobody
    for name in FIELDS:
        value = made[name]
        if name in ("redirect_uris", "allowed_origins"):
            value = " ".join(dict.fromkeys(value))
        setattr(client, name, list(value) if isinstance(value, tuple) else value)
    public = client.token_method == Client.Method.NONE
    client.client_type = Client.CLIENT_PUBLIC if public else Client.CLIENT_CONFIDENTIAL
    by_code = CODE in client.grants
    client.authorization_grant_type = Client.GRANT_AUTHORIZATION_CODE if by_code else Client.GRANT_CLIENT_CREDENTIALS


def _judge(client: Client, made: Mapping[str, Any], auth: Auth) -> list[Problem]:
    return [
        *_of_name(made["name"]),
        *_of_gpt(client, made["gpt_id"]),
        *_of_uris(client, made),
        *_of_origins(made["allowed_origins"]),
        *_of_choices(made),
        *_of_scopes(client, made["scopes"], auth),
    ]


def _of_name(name: str) -> Iterable[Problem]:
    if not name.strip():
        yield Problem("/name", _("Give it a name: people read it when they are asked to allow it."), "required")
    if len(name) > NAME_LONGEST or not name.isprintable():
        yield Problem("/name", _("Use at most %(n)s characters on one line.") % {"n": NAME_LONGEST}, "name")


def _of_gpt(client: Client, gpt_id: str) -> Iterable[Problem]:
    if gpt_id and gpt_id != client.gpt_id and callbacks.ids(gpt_id) != gpt_id:
        said = _("This is no id of a GPT (g-…) or plugin (plugin-…), nor the Callback URL that ChatGPT shows.")
        yield Problem("/gpt_id", said, "gpt_id")


def _of_uris(client: Client, made: Mapping[str, Any]) -> Iterable[Problem]:
    uris = list(dict.fromkeys(made["redirect_uris"]))
    if len(uris) > callbacks.MOST:
        yield Problem("/redirect_uris", callbacks.too_many(), "many")
    for uri in uris[: callbacks.MOST]:
        if why := callbacks.objection(uri):
            yield Problem("/redirect_uris", f"{_short(uri)}: {why}", "redirect_uri")
    if not uris and CODE in made["grants"] and not PRESETS[client.preset].waits:
        said = _("Write at least one callback: people are sent back there after they have signed in.")
        yield Problem("/redirect_uris", said, "required")


def _of_origins(origins: Iterable[str]) -> Iterable[Problem]:
    found = list(dict.fromkeys(origins))
    if len(found) > ORIGINS_MOST:
        yield Problem("/allowed_origins", _("Use at most %(n)s origins.") % {"n": ORIGINS_MOST}, "many")
    for one in found[:ORIGINS_MOST]:
        if why := origin_objection(one):
            yield Problem("/allowed_origins", f"{_short(one)}: {why}", "origin")


def _of_choices(made: Mapping[str, Any]) -> Iterable[Problem]:
    grants, public = made["grants"], made["token_method"] == Client.Method.NONE
    for name, known in (("token_method", Client.Method), ("pkce", Client.Pkce), ("consent", Client.Consent)):
        if made[name] not in known.values:
            yield Problem(f"/{name}", _("Use one of: %(all)s.") % {"all": ", ".join(known.values)}, "choice")
    if not grants or not set(grants) <= set(GRANTS):
        yield Problem("/grants", _("Use at least one of: %(all)s.") % {"all": ", ".join(GRANTS)}, "choice")
    if REFRESH in grants and CODE not in grants:
        yield Problem("/grants", _("Refreshing needs the authorization code that it begins with."), "grants")
    if MACHINE in grants and public:
        yield Problem(
            "/grants", _("Without a secret a program cannot act for itself: choose a token method."), "grants"
        )
    if public and made["pkce"] != Client.Pkce.REQUIRED:
        said = _("Without a secret PKCE is all that protects the code: it must be required.")
        yield Problem("/pkce", said, "pkce")
    if public and made["consent"] == Client.Consent.SKIP:
        said = _("Anybody can pretend to be a client without a secret: people must be asked.")
        yield Problem("/consent", said, "consent")


def _of_scopes(client: Client, scopes: Iterable[str], auth: Auth) -> Iterable[Problem]:
    known = {scope.name for scope in offered.scopes(auth)} | set(client.scopes)
    for name in scopes:
        if name not in known:
            yield Problem("/scopes", _("The project has no scope “%(name)s”.") % {"name": _short(name)}, "scope")


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"
