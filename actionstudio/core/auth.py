"""How callers of a project prove who they are, as values.

Sources: OpenAI "Actions: authentication" (API key: basic, bearer, custom header) and the 2023 plugin manifest
(service_http with verification tokens). OAuth joins this union with its provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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


type Auth = NoAuth | Declared | ApiKey | ServiceHttp

AUTH_KINDS = {"none": NoAuth, "declared": Declared, "api_key": ApiKey, "service_http": ServiceHttp}
