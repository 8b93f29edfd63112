"""The sign-in pages as people see them: links that begin a sign-in of a client, as its program would."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from actionstudio.apps.oauth import entering
from actionstudio.apps.oauth.models import Client
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core.auth import AUTHORIZE, OAuth

LOGIN = "/oauth/login"
_CHALLENGE = "A" * 43  # of the right form; nobody redeems the code


def previews(project: Project, auth: OAuth, client: Client | None = None) -> list[tuple[str, str]]:
    """(what it shows, URL) for ``client``, or for the newest client that is ready. The consent page asks even those who
    allowed it before. Without a client only the sign-in page can be seen."""
    address = project.addresses.first()
    if address is None:
        return []
    base = base_urls(address.name, address.domain)[-1]  # on the studio's own host: whoever sees the studio reaches it
    asked = client or _newest(project)
    if asked is None or not _ready(asked):
        return [(_("Sign-in page"), base + LOGIN)] if client is None else []
    query = _query(asked, auth)
    return [(_("Sign-in page"), f"{base}{LOGIN}?{query}"), (_("Consent page"), f"{base}{AUTHORIZE}?{query}")]


def _newest(project: Project) -> Client | None:
    found = project.clients.filter(enabled=True).exclude(redirect_uris="")[:10]
    return next((client for client in found if _ready(client)), None)


def _ready(client: Client) -> bool:
    return client.enabled and "authorization_code" in client.grants and bool(client.uris)


def _query(client: Client, auth: OAuth) -> str:
    """As ChatGPT orders it (OA-01). A challenge goes along only where one is wanted."""
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.uris[0],
        "scope": entering.scope(client, auth),
        "state": "preview",
        "prompt": "consent",
    }
    if client.pkce == Client.Pkce.REQUIRED or client.pkce_seen:
        asked |= {"code_challenge": _CHALLENGE, "code_challenge_method": "S256"}
    return urlencode(asked)
