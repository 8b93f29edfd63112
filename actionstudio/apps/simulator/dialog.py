"""ChatGPT's authentication dialog, in the form in which ChatGPT stores it (docs/chatgpt-rules.md, AUTH-01)."""

from __future__ import annotations

from typing import Any

from actionstudio.core.auth import OAuth

NONE, KEY, OAUTH = "none", "service_http", "oauth"
BASIC, BEARER, CUSTOM = "basic", "bearer", "custom"  # the dialog's order: the first is preselected
POST, HEADER = "default_post", "basic_auth_header"
TYPES, KEYS, EXCHANGES = (NONE, KEY, OAUTH), (BASIC, BEARER, CUSTOM), (POST, HEADER)
FORM = "application/x-www-form-urlencoded"

type Stored = dict[str, Any]


def none() -> Stored:
    """No authentication."""
    return {"type": NONE}


def key(kind: str, header: str = "") -> Stored:
    """An API key: Basic (sent as typed), Bearer, or under a header of one's own."""
    return {"type": KEY, "authorization_type": kind, "custom_auth_header": header if kind == CUSTOM else ""}


def oauth(authorize: str, token: str, scope: str = "", exchange: str = POST, client_id: str = "") -> Stored:
    """OAuth. The names are those of the plugin manifest: ``client_url`` is where people are sent to sign in, and
    ``authorization_url`` where the code becomes a token."""
    return {
        "type": OAUTH,
        "client_url": authorize,
        "authorization_url": token,
        "authorization_content_type": FORM,
        "scope": scope,
        "token_exchange_method": exchange,
        "oauth_client_id": client_id,
    }


def of_provider(auth: OAuth, base: str, scopes: list[str]) -> Stored:
    """OAuth at the provider of a project at an address with the URL ``base``, without the client."""
    authorize, token = auth.urls(base)
    return oauth(authorize, token, " ".join(scopes), auth.token_exchange)
