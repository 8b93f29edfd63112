"""How callers of a project prove who they are, as values.

Sources: OpenAI "Actions: authentication" (API key: basic, bearer, custom header; OAuth) and the 2023 plugin manifest
(service_http, user_http and oauth, with verification tokens).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

AUTHORIZE, TOKEN = "/oauth/authorize", "/oauth/token"  # of the project's own provider, below the address's base URL


@dataclass(frozen=True, slots=True)
class NoAuth:
    """Everybody may call; credentials are ignored."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What the document's own ``security`` says. A scheme without issued keys accepts any well-formed credential."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One secret per GPT. ``scheme`` is bearer, basic (sent as typed, not encoded) or header (named by ``header``).

    ``scheme_name`` is its name under components.securitySchemes.
    """

    scheme: str = "bearer"
    header: str = "X-Api-Key"
    scheme_name: str = "apiKey"


@dataclass(frozen=True, slots=True)
class ServiceHttp:
    """The plugin era's service-level token: bearer or basic, with verification tokens for the manifest."""

    authorization_type: str = "bearer"
    verification_tokens: Mapping[str, str] = field(default_factory=dict)
    scheme_name: str = "serviceToken"


@dataclass(frozen=True, slots=True)
class UserHttp:
    """The plugin era's user-level token: each end user of the project has keys of their own (bearer or basic)."""

    authorization_type: str = "bearer"
    verification_tokens: Mapping[str, str] = field(default_factory=dict)
    scheme_name: str = "userToken"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a client may be allowed to do: ``name`` as it travels, ``sentence`` as people read it when they consent
    ("Read your orders"). ``changes`` says that something can be changed with it."""

    name: str
    sentence: str = ""
    changes: bool = False


@dataclass(frozen=True, slots=True)
class OAuth:
    """Each person signs in (RFC 6749, authorization code).

    At the provider on the project's own address while ``authorization_url`` and ``token_url`` are "", else at the
    builder's own one, whose tokens are checked by the backend alone. ``scopes`` are all there are, in the order in
    which people read them. ``token_exchange`` is ChatGPT's ``token_exchange_method``: default_post or
    basic_auth_header. ``content_type`` is the manifest's ``authorization_content_type``: how a plugin sends its token
    request (application/x-www-form-urlencoded, or application/json).
    """

    scopes: tuple[Scope, ...] = ()
    authorization_url: str = ""
    token_url: str = ""
    token_exchange: str = "default_post"
    content_type: str = "application/x-www-form-urlencoded"
    verification_tokens: Mapping[str, str] = field(default_factory=dict)
    scheme_name: str = "oauth"

    @property
    def ours(self) -> bool:
        """Whether people sign in on the project's own address."""
        return not (self.authorization_url or self.token_url)

    def urls(self, base: str) -> tuple[str, str]:
        """Where people are sent to sign in and where their code becomes a token, at an address with this base URL."""
        root = base.rstrip("/")
        return self.authorization_url or root + AUTHORIZE, self.token_url or root + TOKEN


type Auth = NoAuth | Declared | ApiKey | ServiceHttp | UserHttp | OAuth

AUTH_KINDS = {
    "none": NoAuth,
    "declared": Declared,
    "api_key": ApiKey,
    "service_http": ServiceHttp,
    "user_http": UserHttp,
    "oauth": OAuth,
}


def signs_in(auth: Auth) -> bool:
    """Whether people have accounts on the project's own address: then it serves sign-in pages and OAuth endpoints."""
    return isinstance(auth, UserHttp) or (isinstance(auth, OAuth) and auth.ours)
