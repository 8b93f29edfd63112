"""What the provider says of itself: RFC 8414 and OpenID Connect discovery in one document, and RFC 9728's.

Both paths of the first answer the same document, so that a client that knows either of them finds everything. What it
lists is what the project's clients can use: a method or a grant that no client has is not offered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from actionstudio.apps.oauth import claims, codes, keys, registering, tenancy, tracing
from actionstudio.apps.oauth.address import cors, errors, published
from actionstudio.apps.oauth.models import Client
from actionstudio.apps.oauth.tenancy import Tenant

_SECRET = ("client_secret_basic", "client_secret_post")
_METHODS = {Client.Method.ANY: _SECRET, Client.Method.NONE: ("none",)}
_SAFE = "/:@!$&'()*+,;=~"  # what may stand in a path as it is (RFC 3986, section 3.3)
_GRANTS = ("authorization_code", "refresh_token", "client_credentials")


@cors.everybody("GET")
def server(request: HttpRequest) -> HttpResponse:
    """/.well-known/oauth-authorization-server and /.well-known/openid-configuration."""
    return _published(request, "metadata", _server)


@cors.everybody("GET")
def resource(request: HttpRequest, path: str = "") -> HttpResponse:
    """/.well-known/oauth-protected-resource: of the whole address, or of the path that follows."""
    return _published(request, "resource", lambda tenant: _resource(tenant, path))


def _published(request: HttpRequest, leg: str, make: Callable[[Tenant], dict[str, Any]]) -> HttpResponse:
    tenant = tenancy.current()
    if not tenant.offered:
        tracing.leg(leg, tracing.FAILED, codes.NO_APPS)
        return errors.problem(404, "No app signs in here", "People of this project use keys of their own, not OAuth.")
    tracing.leg(leg)
    return published.document(request, make(tenant), "no-cache")


def _server(tenant: Tenant) -> dict[str, Any]:
    """RFC 8414, section 2; OpenID Connect Discovery 1.0, section 3; RFC 9207, section 3; RFC 9728, section 4."""
    here = tenant.issuer
    uses = _Uses(tenant)
    document = {
        "issuer": here,
        "authorization_endpoint": f"{here}/oauth/authorize",
        "token_endpoint": f"{here}/oauth/token",
        "userinfo_endpoint": f"{here}/oauth/userinfo",
        "jwks_uri": f"{here}/oauth/jwks",
        "revocation_endpoint": f"{here}/oauth/revoke",
        "introspection_endpoint": f"{here}/oauth/introspect",
        "scopes_supported": [scope.name for scope in tenant.offered],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": uses.grants,
        "token_endpoint_auth_methods_supported": uses.methods,
        "revocation_endpoint_auth_methods_supported": uses.methods,
        "introspection_endpoint_auth_methods_supported": [one for one in uses.methods if one != "none"] or [*_SECRET],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "client_id_metadata_document_supported": False,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [keys.ALGORITHM],
        "claims_supported": [*claims.KNOWN, "iss", "aud", "iat", "exp", "auth_time", "nonce", "at_hash"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "ui_locales_supported": [code for code, _name in settings.LANGUAGES],
        "protected_resources": [here, f"{here}/mcp"],
        **_people(here),
    }
    if tenant.provider.registration:
        document["registration_endpoint"] = f"{here}/oauth/register"
    return document


def _people(here: str) -> dict[str, str]:
    return {"service_documentation": f"{here}/docs", "op_policy_uri": f"{here}/privacy", "op_tos_uri": f"{here}/legal"}


def _resource(tenant: Tenant, path: str) -> dict[str, Any]:
    """RFC 9728, section 2. The scopes are those of the API: a client that asks for all of them gets to know nobody."""
    here = tenant.issuer
    return {
        "resource": f"{here}/{quote(path, safe=_SAFE)}" if path else here,
        "authorization_servers": [here],
        "scopes_supported": [scope.name for scope in tenant.scopes],
        "bearer_methods_supported": ["header"],
        "resource_name": tenant.hosted.contract.title,
        "resource_documentation": f"{here}/docs",
        "resource_policy_uri": f"{here}/privacy",
        "resource_tos_uri": f"{here}/legal",
    }


class _Uses:
    """What the clients of a project use, and what one may say that registers itself. One query."""

    def __init__(self, tenant: Tenant) -> None:
        clients = Client.objects.filter(project_id=tenant.project_id, enabled=True).exclude(registering.PASSING)
        rows = list(clients.values_list("token_method", "grants").order_by().distinct())
        methods = {one for method, _ in rows for one in _METHODS.get(method, (method,))}
        grants = {grant for _, grants in rows for grant in grants}
        if tenant.provider.registration or not rows:
            methods |= {*_SECRET} if not tenant.provider.registration else {*_SECRET, "none"}
            grants |= {"authorization_code", "refresh_token"}
        if not tenant.provider.refresh_days:
            grants.discard("refresh_token")
        self.methods = [one for one in (*_SECRET, "none") if one in methods]
        self.grants = [one for one in _GRANTS if one in grants]
