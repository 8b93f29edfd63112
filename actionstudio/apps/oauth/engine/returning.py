"""The way back to a client: its callback with the answer in the query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from actionstudio.apps.oauth import tenancy
from actionstudio.apps.oauth.engine.refusing import Trouble


def with_query(uri: str, told: Mapping[str, str]) -> str:
    """The callback with these parameters after its own, which stay as they are registered, to the letter."""
    return uri + ("&" if "?" in uri else "?") + urlencode(told)


def error(uri: str, name: str, description: str, state: str) -> str:
    """The callback with an error (RFC 6749, section 4.1.2.1) and the issuer, which is on every answer (RFC 9207)."""
    told = {"error": name, "error_description": description}
    return with_query(uri, told | ({"state": state} if state else {}) | {"iss": tenancy.current().issuer})


def directed(trouble: Trouble, state: str) -> Trouble:
    """The trouble with its ``redirect``, where the client may be told."""
    if not trouble.returns_to:
        return trouble
    return replace(trouble, redirect=error(trouble.returns_to, trouble.error, trouble.description, state))
