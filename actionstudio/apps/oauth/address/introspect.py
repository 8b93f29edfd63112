"""What a token is worth, for clients that protect something with it (RFC 7662)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from actionstudio.apps.oauth import codes, presented, tenancy, tracing
from actionstudio.apps.oauth.address import cors
from actionstudio.apps.oauth.address.token import facts_of, read, refusal
from actionstudio.apps.oauth.engine import authenticating, reading
from actionstudio.apps.oauth.engine.reading import Parameters
from actionstudio.apps.oauth.engine.refusing import Rejected, Trouble, rejected
from actionstudio.apps.oauth.models import AccessToken, Client, RefreshToken

_PUBLIC = "A public client may not introspect: anybody can pretend to be it. Use a client that has a secret."


@cors.apps("POST", others=True)
def introspect(request: HttpRequest) -> HttpResponse:
    """/oauth/introspect: a client of the project that shows its secret is told about tokens of the project, one that
    registered itself about those issued to it. Of any other text they learn no more than that it is not active: not
    whether it is one, or whose."""
    sent = Parameters()
    try:
        sent = read(request, reading.REVOKE)
        client = authenticating.client_of(request, sent)
        if client.token_method == Client.Method.NONE:
            raise Rejected(Trouble(codes.SECRET_MISSING, "invalid_client", _PUBLIC, 401, client=client))
        text = sent.get("token")
        if not text:
            raise rejected(codes.TOKEN_MISSING, client=client)
    except Rejected as error:
        return refusal(request, "introspect", error.trouble, facts_of(request, sent))
    project_id = tenancy.current().project_id
    token = presented.access(project_id, text) or presented.refresh(project_id, text)
    if token is not None and not _may_know(client, token):
        token = None
    tracing.leg("introspect", **facts_of(request, sent), client=str(client), active=token is not None)
    response = JsonResponse(_told(token) if token is not None else {"active": False})
    response["Cache-Control"] = "no-store"
    return response


def _may_know(client: Client, token: AccessToken | RefreshToken) -> bool:
    """Whether a client is told about a token. Anybody can register a client: such a one asks about its own alone."""
    stranger = client.registration_source == Client.RegistrationSource.DCR
    return not stranger or token.application_id == client.pk


def _told(token: AccessToken | RefreshToken) -> dict[str, Any]:
    """Section 2.2. A client that acts for itself is its own subject."""
    issuer = tenancy.current().issuer
    client, user = token.application, token.user
    told = {
        "active": True,
        "iss": issuer,
        "scope": token.scope,
        "sub": str(user.sub) if user is not None else client.client_id,
        "aud": list(token.resource or ()) or [issuer],
        "iat": int(token.created.timestamp()),
        "token_type": "Bearer" if isinstance(token, AccessToken) else "refresh_token",
    }
    if isinstance(token, AccessToken):
        told["exp"] = int(token.expires.timestamp())
    if client is not None:
        told["client_id"] = client.client_id
    if user is not None:
        told["username"] = user.username
    return told
