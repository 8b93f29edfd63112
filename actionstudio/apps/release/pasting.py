"""What to type into ChatGPT's authentication dialog for a project's kind of sign-in.

The app that keeps a project's clients registers with :func:`usual_client` which of them ChatGPT is.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.core.auth import ApiKey, Declared, NoAuth, OAuth, ServiceHttp, UserHttp
from actionstudio.core.contract import Contract
from actionstudio.core.importer import credential
from actionstudio.core.importer.profile import profile
from actionstudio.core.resolve import Resolver
from actionstudio.core.specs import manifest

# ChatGPT's own words for its token_exchange_method
EXCHANGES = {"default_post": "Default (POST request)", "basic_auth_header": "Basic authorization header"}


@dataclass
class Dialog:
    """The dialog's fields in its own order, as (label, value), and what one should know beside it. ``asks_client``:
    it takes a client's id and secret first, which only the client's own page can tell."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    takes_key: bool = False
    asks_client: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """The client that ChatGPT is: its name, and ChatGPT's words for how it sends its secret."""

    name: str
    exchange: str


_FINDERS: list[Callable[[Project], Client | None]] = []


def usual_client(find: Callable[[Project], Client | None]) -> Callable[[Project], Client | None]:
    """Marks what knows the client that ChatGPT is in a project whose people sign in here, None while there is none."""
    if find not in _FINDERS:
        _FINDERS.append(find)
    return find


def client_of(project: Project) -> Client | None:
    """The client that ChatGPT is, as far as one is registered."""
    return next(filter(None, (find(project) for find in _FINDERS)), None)


def dialog(contract: Contract, base: str = "", client: Client | None = None) -> Dialog:
    """The dialog for a project at an address with the URL ``base``; the key itself is only known while it is shown.
    ``client`` is asked in place of the contract where both say how a secret is sent."""
    auth = contract.auth
    if isinstance(auth, Declared):
        return _declared(contract)
    return _oauth(contract, auth, base, client) if isinstance(auth, OAuth) else _DIALOGS[type(auth)](auth)


def encoded(text: str) -> str:
    """The text as RFC 7617 encodes Basic credentials."""
    return base64.b64encode(text.encode()).decode()


def _none(auth: NoAuth) -> Dialog:
    return Dialog([(_("Authentication Type"), "None")])


def _api_key(auth: ApiKey) -> Dialog:
    kinds = {"bearer": "Bearer", "basic": "Basic", "header": "Custom"}
    fields = [(_("Authentication Type"), "API Key"), (_("Auth Type"), kinds[auth.scheme])]
    notes = [_("ChatGPT has one key for the whole GPT; all its users share it.")]
    if auth.scheme == "header":
        fields.append((_("Custom Header Name"), auth.header))
    if auth.scheme == "basic":
        notes.append(_("ChatGPT sends “Authorization: Basic” and the key exactly as you type it, not base64-encoded."))
        notes.append(_("A server that decodes RFC 7617 wants name:password encoded: then issue the encoded text."))
    notes.append(_("Opening the dialog again shows the key field empty: type the key again before you save."))
    return Dialog(fields, notes, takes_key=True)


def _service(auth: ServiceHttp) -> Dialog:
    kind = "Bearer" if auth.authorization_type == "bearer" else "Basic"
    fields = [(_("Authentication Type"), "API Key"), (_("Auth Type"), kind)]
    return Dialog(fields, [_("Plugin clients read the kind and the verification tokens from ai-plugin.json.")], True)


@dataclass(frozen=True, slots=True)
class Followed:
    """The scheme of a document that ChatGPT's credential follows, as it is sent; its scopes, and whether calls are
    refused even so."""

    scheme: dict[str, Any]
    scopes: list[str]
    denied: bool


def followed(contract: Contract) -> Followed | None:
    """What ChatGPT reads of the document's own ``security``, in the GPT profile; None when it asks for nothing."""
    made = profile(contract).contract
    resolver = Resolver(made)
    schemes = resolver.schemes()
    asked = {op.pointer: resolver.security(op) for op in made.operations}
    choice = credential.choose(asked, schemes)
    if not choice.name:
        return None
    scopes = [scope for ways in asked.values() for way in ways for scope in way.get(choice.name, ())]
    return Followed(credential.as_sent(schemes[choice.name]), scopes, bool(choice.denied))


def _declared(contract: Contract) -> Dialog:
    """The values of the scheme that ChatGPT reads: what the GPT profile asks for."""
    made = followed(contract)
    if made is None:
        return _none(NoAuth())
    found = _of_scheme(made.scheme, made.scopes)
    if made.denied:
        words = _(
            "Calls are refused with 401 even so: the document asks for what ChatGPT cannot send. A repair mends it."
        )
        found.notes.insert(0, words)
    return found


def _of_scheme(scheme: dict[str, Any], scopes: list[str]) -> Dialog:
    if scheme.get("type") == "apiKey":
        return _api_key(ApiKey("header", str(scheme.get("name", ""))))
    if scheme.get("type") == "http":
        return _api_key(ApiKey("basic" if str(scheme.get("scheme", "")).lower() == "basic" else "bearer"))
    flows = scheme.get("flows")
    flow = flows.get("authorizationCode") if isinstance(flows, dict) else None
    if isinstance(flow, dict):
        return _declared_oauth(flow, scopes)
    found = _api_key(ApiKey("bearer"))
    found.notes.append(_("ChatGPT knows OAuth with an authorization code only; a token can be sent as a key."))
    return found


def _oauth(contract: Contract, auth: OAuth, base: str, client: Client | None) -> Dialog:
    """OAuth with the addresses of the project's provider, or of a server of the builder's own."""
    authorize, token = auth.urls(base)
    usual = EXCHANGES[auth.token_exchange]
    client = client if auth.ours else None
    fields = [
        (_("Authentication Type"), "OAuth"),
        (_("Authorization URL"), authorize),
        (_("Token URL"), token),
        (_("Scope"), " ".join(manifest.wanted(contract, auth))),
        (_("Token Exchange Method"), client.exchange if client else usual),
    ]
    if not auth.ours:
        return Dialog(fields, _at_server())
    words = _("ChatGPT shows its Callback URL after the first save: paste it into the client, or allow it there.")
    notes = [words]
    if client and client.exchange != usual:
        said = _(
            "The Token Exchange Method is the one of the client “%(name)s”, which counts. The one chosen on this "
            "page is for new clients."
        )
        notes.insert(0, said % {"name": client.name})
    return Dialog(fields, notes, asks_client=True)


def _declared_oauth(flow: dict[str, Any], asked: list[str]) -> Dialog:
    """OAuth as the document describes it; who the client is only the server that signs people in can say."""
    scopes = flow.get("scopes")
    names = dict.fromkeys(asked or (scopes if isinstance(scopes, dict) else ()))
    fields = [
        (_("Authentication Type"), "OAuth"),
        (_("Authorization URL"), str(flow.get("authorizationUrl", ""))),
        (_("Token URL"), str(flow.get("tokenUrl", ""))),
        (_("Scope"), " ".join(names)),
        (_("Token Exchange Method"), EXCHANGES["default_post"]),
    ]
    return Dialog([(label, value) for label, value in fields if value], _at_server())


def _at_server() -> list[str]:
    return [
        _("Client ID and Client Secret come from the server that signs people in."),
        _("Allow both callback hosts there, chat.openai.com and chatgpt.com; ChatGPT shows the URL when it is saved."),
    ]


def _user(auth: UserHttp) -> Dialog:
    kind = "Bearer" if auth.authorization_type == "bearer" else "Basic"
    fields = [(_("Authentication Type"), "API Key"), (_("Auth Type"), kind)]
    return Dialog(
        fields,
        [
            _("A GPT has one key for all its users: with a person's key in it, all calls are that person's."),
            _("Plugin clients ask each person for a key of their own; people's keys stand at Connected users."),
            _("For a GPT whose users are to be told apart, choose OAuth."),
        ],
    )


_DIALOGS = {NoAuth: _none, ApiKey: _api_key, ServiceHttp: _service, UserHttp: _user}
