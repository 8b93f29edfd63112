"""The ``auth`` of Postman collections, folders and requests -> security requirements. Values are not kept.

v2.1 writes the parameters of a kind as a list of {key, value}, v2.0 as an object.
"""

from __future__ import annotations

from typing import Any

from actionstudio.core.specs.readers.notes import Notes
from actionstudio.core.specs.readers.signs import Signs
from actionstudio.core.words import said

type JSON = Any
type Requirements = tuple[dict[str, JSON], ...]

_HTTP = {"bearer": "bearer", "basic": "basic", "digest": "digest", "jwt": "bearer"}
_FLOWS = {
    "authorization_code": "authorizationCode",
    "authorization_code_with_pkce": "authorizationCode",
    "implicit": "implicit",
    "password_credentials": "password",
    "client_credentials": "clientCredentials",
}
_NEEDS = {
    "authorizationCode": ("authorizationUrl", "tokenUrl"),
    "implicit": ("authorizationUrl",),
    "password": ("tokenUrl",),
    "clientCredentials": ("tokenUrl",),
}


class Auths:
    """Turns each ``auth`` into what is asked for, and keeps the schemes."""

    def __init__(self, signs: Signs, notes: Notes) -> None:
        self._signs, self._notes = signs, notes

    def of(self, raw: JSON, at: str, inherited: Requirements | None) -> Requirements | None:
        """What this ``auth`` asks for; ``inherited`` when it says nothing. () is: nothing, on purpose."""
        if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
            return inherited
        kind = raw["type"].lower()
        if kind == "inherit":
            return inherited
        if kind == "noauth":
            return ()
        scheme = self._scheme(kind, _parameters(raw.get(raw["type"])))
        if scheme is None:
            message = said(
                "The sign-in “%(kind)s” cannot be said in OpenAPI; requests that use it ask for nothing.",
                kind=kind[:40],
            )
            self._notes.add(at, message, "auth")
            return ()
        return ({self._signs.named(*scheme): []},)

    def _scheme(self, kind: str, given: dict[str, str]) -> tuple[str, dict[str, JSON]] | None:
        if kind in _HTTP:
            return f"{_HTTP[kind]}Auth", {"type": "http", "scheme": _HTTP[kind]}
        if kind == "apikey":
            place = given.get("in") if given.get("in") in ("query", "header") else "header"
            name = given.get("key") or "X-Api-Key"
            name = "X-Api-Key" if "{{" in name or not name.isascii() or " " in name else name
            return "apiKey", {"type": "apiKey", "in": place, "name": name}
        if kind == "oauth2":
            return _oauth(given)
        return None


def _oauth(given: dict[str, str]) -> tuple[str, dict[str, JSON]]:
    """OAuth 2 with its addresses; where they are missing or variable it is the bearer token that it ends in."""
    flow = _FLOWS.get(given.get("grant_type", "authorization_code"), "authorizationCode")
    addresses = {"authorizationUrl": given.get("authUrl", ""), "tokenUrl": given.get("accessTokenUrl", "")}
    needed = {name: addresses[name] for name in _NEEDS[flow]}
    if not all(
        url.startswith(("https://", "http://")) and "{{" not in url and "@" not in url for url in needed.values()
    ):
        return "bearerAuth", {"type": "http", "scheme": "bearer"}
    scopes = {scope: "" for scope in given.get("scope", "").split() if "{{" not in scope}
    return "oauth2", {"type": "oauth2", "flows": {flow: {**needed, "scopes": scopes}}}


def _parameters(raw: JSON) -> dict[str, str]:
    if isinstance(raw, dict):
        return {key: value for key, value in raw.items() if isinstance(value, str)}
    return {
        item["key"]: item["value"]
        for item in (raw if isinstance(raw, list) else ())
        if isinstance(item, dict) and isinstance(item.get("key"), str) and isinstance(item.get("value"), str)
    }
