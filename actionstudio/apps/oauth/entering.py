"""What to type into ChatGPT, LibreChat or another program for one client: its values at each address of the project."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from actionstudio.apps.oauth import registering
from actionstudio.apps.oauth.models import Client
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.outside import flaw
from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.release import pasting
from actionstudio.core.auth import OAuth

SECRET = "client_secret"  # the field whose value is only known while it is shown once
METADATA = "/.well-known/oauth-authorization-server"


@dataclass(frozen=True, slots=True)
class Value:
    """One field of the other program's dialog. ``key`` is for the page, which knows a secret that was just made."""

    key: str
    label: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One base URL of the project: the values there, in the dialog's order, and why ChatGPT cannot use it ("")."""

    base: str
    title: str
    values: tuple[Value, ...]
    flaw: str
    apart: bool  # the sign-in is on another host than the API: ChatGPT refuses that (OA-12)


def usual(project: Project) -> Client | None:
    """The client whose values are shown where none was chosen: the newest of a GPT, else the newest that the builder
    made. None when there is none that is switched on."""
    mine = project.clients.filter(enabled=True, lapses=None).exclude(registering.SIMULATED)
    return mine.filter(preset=Client.Preset.GPT).first() or mine.exclude(preset=Client.Preset.MCP).first()


def places(client: Client, auth: OAuth, project: Project) -> list[Place]:
    """Every base URL of every address of the project, those that ChatGPT can use first."""
    found = []
    for row in project.addresses.all():
        urls = base_urls(row.name, row.domain)
        for number, base in enumerate(urls):
            title = _("On one host") if number == len(urls) - 1 else _("Own host")
            title = _("Own domain") if row.domain and number == 0 else title
            found.append(Place(base, title, _values(client, auth, base), flaw(base), _apart(auth, base)))
    return sorted(found, key=lambda place: bool(place.flaw))


def _apart(auth: OAuth, base: str) -> bool:
    return any(urlsplit(url).hostname != urlsplit(base).hostname for url in auth.urls(base))


def scope(client: Client, auth: OAuth) -> str:
    """The scopes to ask for: the client's own, or all of the project."""
    return " ".join(client.scopes or [one.name for one in auth.scopes])


def _values(client: Client, auth: OAuth, base: str) -> tuple[Value, ...]:
    made = {
        Client.Preset.GPT: _chatgpt,
        Client.Preset.LIBRECHAT: _chatgpt,
        Client.Preset.PLUGIN: _plugin,
        Client.Preset.MCP: _mcp,
        Client.Preset.OTHER: _other,
    }[Client.Preset(client.preset)](client, auth, base)
    return tuple(value for value in made if value.text or value.hint)


def _chatgpt(client: Client, auth: OAuth, base: str) -> list[Value]:
    """The fields of ChatGPT's authentication dialog, in its order; LibreChat's has the same."""
    return [
        Value("type", _("Authentication Type"), "OAuth"),
        *_credentials(client),
        *_endpoints(auth, base),
        _scope(client, auth),
        Value("method", _("Token Exchange Method"), exchange_method(client)),
    ]


def for_chatgpt(project: Project) -> pasting.Client | None:
    """What the authentication page is told of :func:`usual`."""
    client = usual(project)
    return pasting.Client(str(client), exchange_method(client)) if client else None


def exchange_method(client: Client) -> str:
    """ChatGPT's name for how this client sends its secret."""
    basic = client.token_method == Client.Method.BASIC
    return "Basic authorization header" if basic else "Default (POST request)"


def _plugin(client: Client, auth: OAuth, base: str) -> list[Value]:
    """A plugin reads the URLs in the manifest; only who it is has to be typed."""
    return [Value("manifest", _("Manifest"), f"{base}/.well-known/ai-plugin.json"), *_credentials(client)]


def _mcp(client: Client, auth: OAuth, base: str) -> list[Value]:
    """An MCP client finds the provider by itself; those that ask want the id, too."""
    return [
        Value("server", _("Server URL"), f"{base}/mcp"),
        *_credentials(client),
        _scope(client, auth),
        Value("metadata", _("Metadata"), f"{base}{METADATA}"),
    ]


def _other(client: Client, auth: OAuth, base: str) -> list[Value]:
    return [
        *_credentials(client),
        *_endpoints(auth, base),
        _scope(client, auth),
        Value("metadata", _("Metadata"), f"{base}{METADATA}"),
    ]


def _credentials(client: Client) -> list[Value]:
    if client.token_method == Client.Method.NONE:
        return [Value("client_id", _("Client ID"), client.client_id, _("There is no secret: leave its field empty."))]
    said = _("The text of a secret made here. It is shown once, when it is made.")
    return [Value("client_id", _("Client ID"), client.client_id), Value(SECRET, _("Client Secret"), "", said)]


def _endpoints(auth: OAuth, base: str) -> list[Value]:
    authorize, token = auth.urls(base)
    return [Value("authorize", _("Authorization URL"), authorize), Value("token", _("Token URL"), token)]


def _scope(client: Client, auth: OAuth) -> Value:
    text = scope(client, auth)
    return Value("scope", _("Scope"), text, "" if text else _("Leave it empty: the project has no scopes."))
