"""Security definitions of Swagger 2.0 as security schemes of OpenAPI 3 (Swagger 2.0: "Security Scheme Object")."""

from __future__ import annotations

from typing import Any

from actionstudio.core.specs.readers.notes import Notes, not_an_object

type JSON = Any

_FLOWS = {
    "implicit": ("implicit", ("authorizationUrl",)),
    "password": ("password", ("tokenUrl",)),
    "application": ("clientCredentials", ("tokenUrl",)),
    "accessCode": ("authorizationCode", ("authorizationUrl", "tokenUrl")),
}


def schemes(raw: JSON, notes: Notes) -> dict[str, JSON]:
    """``securityDefinitions`` as security schemes."""
    if raw is not None and not isinstance(raw, dict):
        notes.add("/securityDefinitions", not_an_object("securityDefinitions", raw), "not-an-object")
    return {name: _scheme(item) for name, item in (raw.items() if isinstance(raw, dict) else ())}


def _scheme(raw: JSON) -> JSON:
    if not isinstance(raw, dict):
        return raw
    kind = raw.get("type")
    if kind == "basic":
        return {**raw, "type": "http", "scheme": "basic"}
    flow = _FLOWS.get(raw["flow"]) if kind == "oauth2" and isinstance(raw.get("flow"), str) else None
    if flow is None:
        return raw
    name, addresses = flow
    out = {key: value for key, value in raw.items() if key not in ("flow", "authorizationUrl", "tokenUrl", "scopes")}
    scopes = raw.get("scopes")
    listed = (
        {scope: text if isinstance(text, str) else "" for scope, text in scopes.items()}
        if isinstance(scopes, dict)
        else {}
    )
    return {**out, "flows": {name: {**{key: raw.get(key, "") for key in addresses}, "scopes": listed}}}
