"""Clients register themselves (RFC 7591), and read, change and end what they registered (RFC 7592).

Errors are those of the RFC, in JSON, and name the field that is wrong. Any page may ask: nothing here looks at cookies.
"""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse

from actionstudio.apps.oauth import codes, joining, limiting, secrets, signing_in, tenancy, tracing
from actionstudio.apps.oauth.address import cors
from actionstudio.apps.oauth.joining import Joined, Wrong
from actionstudio.apps.oauth.models import Client
from actionstudio.apps.oauth.secrets import Checked
from actionstudio.apps.oauth.tenancy import Tenant

LARGEST = 64 * 1024  # bytes
MOST, EACH, WITHIN = 100, 20, 3600  # registrations at a project, and from one place to it, in so many seconds
_OURS = ("registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at")


@cors.everybody("POST")
def register(request: HttpRequest) -> HttpResponse:
    """/oauth/register: 201 with the client, 400 with what is wrong, 403 where it is off, 429 when too often."""
    tenant = tenancy.current()
    if not tenant.offered or not tenant.provider.registration:
        off = "Clients cannot register themselves here. The builder of this API can switch it on, or register yours."
        return _error("access_denied", off, 403, codes.REGISTRATION_OFF)
    if wait := _wait(tenant):
        response = _error(
            "temporarily_unavailable", f"Too many registrations. Wait {wait} seconds.", 429, codes.REGISTRATION_LIMITED
        )
        response["Retry-After"] = str(wait)
        return response
    said = _said(request)
    if isinstance(said, Wrong):
        return _wrong([said])
    made, wrong = joining.read(said, tenant)
    if wrong:
        return _wrong(wrong)
    joined = joining.join(tenant, made)
    if joined is None:
        full = f"There are {joining.MOST} clients that registered themselves. Try again later."
        return _error("temporarily_unavailable", full, 503, codes.REGISTRATION_FULL)
    tracing.leg("register", client=joined.client.name, client_id=joined.client.client_id)
    return _shown(joined, tenant, 201)


@cors.everybody("GET", "PUT", "DELETE")
def registration(request: HttpRequest, client_id: str) -> HttpResponse:
    """/oauth/register/<client_id>, with the registration access token as the bearer."""
    tenant = tenancy.current()
    word, _, token = request.headers.get("authorization", "").partition(" ")
    client = joining.find(tenant, client_id, token.strip()) if word.lower() == "bearer" else None
    if client is None:
        response = _error(
            "invalid_token",
            "This is not the registration access token of a client.",
            401,
            codes.REGISTRATION_TOKEN_WRONG,
        )
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"' if word else "Bearer"
        return response
    tracing.leg("register", client=client.name, client_id=client.client_id, deed=request.method)
    if request.method != "GET" and not client.enabled:
        off = "The builder of this API has switched this client off. It can be read, and not changed."
        return _error("access_denied", off, 403, codes.CLIENT_DISABLED)
    if request.method == "DELETE":
        joining.leave(client)
        return _private(HttpResponse(status=204))
    secret = ""
    if request.method == "PUT":
        said = _said(request)
        if isinstance(said, Wrong):
            return _wrong([said])
        made, wrong = joining.read(said, tenant)
        wrong = [*_identity(said, client), *wrong]
        if wrong:
            return _wrong(wrong)
        secret = joining.change(client, made)
    return _shown(Joined(client, token.strip(), secret), tenant, 200)


def _wait(tenant: Tenant) -> int:
    """How many seconds this caller has to wait. One place cannot use up what all may do together."""
    here = limiting.allowed(f"register:{tenant.project_id}:{signing_in.place(tenant.client)}", EACH, WITHIN)
    return here or limiting.allowed(f"register-all:{tenant.project_id}", MOST, WITHIN)


def _said(request: HttpRequest) -> dict[str, Any] | Wrong:
    """The metadata: a JSON object."""
    body = request.body
    if len(body) > LARGEST:
        return Wrong(joining.DATA, "body", f"it is larger than {LARGEST // 1024} kB")
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict):
        return Wrong(joining.DATA, "body", "send the metadata as one JSON object (application/json)")
    return said


def _identity(said: dict[str, Any], client: Client) -> list[Wrong]:
    """What RFC 7592 (section 2.2) wants of an update: the client's own id and secret, and nothing that we decide."""
    wrong = [Wrong(joining.DATA, name, "leave it out of an update") for name in _OURS if name in said]
    if said.get("client_id") != client.client_id:
        wrong.append(Wrong(joining.DATA, "client_id", "send the id of this client"))
    shown = said.get("client_secret")
    if shown is not None and (not isinstance(shown, str) or secrets.check(client, shown) is not Checked.RIGHT):
        wrong.append(Wrong(joining.DATA, "client_secret", "send the present one or leave it out; nobody chooses one"))
    return wrong


def _shown(joined: Joined, tenant: Tenant, status: int) -> HttpResponse:
    """RFC 7591, section 3.2.1. A secret is shown when it is made; it does not expire by itself."""
    said = {**joining.metadata(joined.client, tenant), "registration_access_token": joined.token}
    if joined.secret:
        said |= {"client_secret": joined.secret, "client_secret_expires_at": 0}
    return _private(JsonResponse(said, status=status))


def _wrong(found: list[Wrong]) -> HttpResponse:
    return _error(found[0].error, "; ".join(str(one) for one in found), 400, codes.REGISTRATION_WRONG)


def _error(error: str, description: str, status: int, code: str) -> HttpResponse:
    tracing.leg("register", tracing.FAILED, code, error=error, sent=description.rstrip("."))
    return _private(JsonResponse({"error": error, "error_description": description}, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
