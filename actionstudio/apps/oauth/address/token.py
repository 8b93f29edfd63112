"""The token endpoint (RFC 6749, section 3.2): codes, refresh tokens and clients' credentials become access tokens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from actionstudio.apps.oauth import codes, tenancy, tracing
from actionstudio.apps.oauth.address import cors
from actionstudio.apps.oauth.engine import reading, refusing
from actionstudio.apps.oauth.engine.issuing import Faulted
from actionstudio.apps.oauth.engine.reading import Parameters
from actionstudio.apps.oauth.engine.refusing import Rejected, Trouble, rejected
from actionstudio.apps.oauth.engine.server import server
from actionstudio.apps.oauth.engine.validator import GRANTS

_HTML = "<!doctype html><title>Sign in</title><p>This is a web page where a token answer should be."


@cors.apps("POST", others=True)
def token(request: HttpRequest) -> HttpResponse:
    """Answers a token request; every refusal says what to change."""
    sent = Parameters()
    try:
        sent = read(request, reading.TOKEN)
        check_grant(sent.get("grant_type"))
        _headers, body, status = server().create_token_response(
            f"{tenancy.current().issuer}/oauth/token", "POST", sent.encoded(), headers_of(request, sent)
        )
    except Rejected as error:
        return _refused(request, sent, error.trouble)
    except Faulted as error:
        return _faulted(error.kind, sent)
    answer = json.loads(body)
    if status >= 400:
        return _refused(request, sent, refusing.told(answer, status))
    tracing.leg(_leg(sent), **facts_of(request, sent))
    if _leg(sent) == "token":
        tracing.leg("answer", **_issued(answer))
    return _uncached(JsonResponse(answer, status=status))


def read(request: HttpRequest, known: frozenset[str]) -> Parameters:
    """The parameters of a POST. Raises Rejected."""
    if request.method != "POST":
        raise rejected(codes.METHOD_WRONG, sent=request.method)
    return reading.of_body(request, known)


def check_grant(name: str) -> None:
    """Whether a grant is offered at all. Raises Rejected."""
    if not name:
        raise rejected(codes.GRANT_MISSING)
    if name not in GRANTS:
        raise rejected(codes.GRANT_UNKNOWN, sent=name, registered=sorted(GRANTS))


def headers_of(request: HttpRequest, sent: Parameters) -> dict[str, str]:
    """What oauthlib gets to see of the headers."""
    made = {"Content-Type": sent.content_type}
    if request.META.get("HTTP_AUTHORIZATION"):
        made["Authorization"] = request.META["HTTP_AUTHORIZATION"]
    return made


def refusal(request: HttpRequest, leg: str, trouble: Trouble, facts: Mapping[str, Any]) -> HttpResponse:
    """The error answer of an endpoint for clients (RFC 6749, section 5.2), told to the trace."""
    client = {"client": str(trouble.client)} if trouble.client else {}
    tracing.leg(leg, tracing.FAILED, trouble.code, **{**facts, **client, **trouble.facts})
    told = {"error": trouble.error, "error_description": trouble.description}
    response = _uncached(JsonResponse(told, status=trouble.status))
    if trouble.status == 401 and request.META.get("HTTP_AUTHORIZATION"):
        response["WWW-Authenticate"] = f'Basic realm="{tenancy.current().issuer}"'
    if trouble.status == 405:
        response["Allow"] = "POST"
    if trouble.wait:
        response["Retry-After"] = str(trouble.wait)
    return response


def _refused(request: HttpRequest, sent: Parameters, trouble: Trouble) -> HttpResponse:
    tracing.presented(sent.get("code"), sent.get("refresh_token"))
    return refusal(request, _leg(sent), trouble, facts_of(request, sent))


def facts_of(request: HttpRequest, sent: Parameters) -> dict[str, Any]:
    """What the trace tells of every request of a client: how it came, never what is secret in it."""
    basic = request.META.get("HTTP_AUTHORIZATION", "")[:6].lower() == "basic "
    method = "client_secret_basic" if basic else "client_secret_post" if sent.get("client_secret") else "none"
    return {
        "content_type": sent.content_type or request.META.get("CONTENT_TYPE", "")[:100],
        "auth_method": method,
        "parameters": list(sent.names),
        "client_id": sent.get("client_id"),
        "grant_type": sent.get("grant_type"),
        "redirect_uri": sent.get("redirect_uri"),
        "pkce": "S256" if sent.get("code_verifier") else "",
    }


def _leg(sent: Parameters) -> str:
    return "refresh" if sent.get("grant_type") == "refresh_token" else "token"


def _issued(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "scope": answer.get("scope", ""),
        "expires_in": answer.get("expires_in", ""),
        "refresh": "refresh_token" in answer,
        "id_token": "id_token" in answer,
    }


def _faulted(kind: str, sent: Parameters) -> HttpResponse:
    """A failure that the builder asked for."""
    tracing.leg(_leg(sent), tracing.FAILED, codes.FAULT, fault=kind)
    if kind == "token-html":
        return _uncached(HttpResponse(_HTML))
    if kind == "token-500":
        return _uncached(JsonResponse({"error": "server_error"}, status=500))
    told = {"error": "invalid_grant", "error_description": "A failure was asked for in the studio."}
    return _uncached(JsonResponse(told, status=400))


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Pragma"] = "no-cache"
    return response
