"""Who the person behind an access token is (OpenID Connect Core 1.0, section 5.3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from actionstudio.apps.oauth import claims, codes, offered, presented, tenancy, tracing
from actionstudio.apps.oauth.address import cors
from actionstudio.runtime.bearer import metadata_url

_NO_TOKEN = "Send an access token: Authorization: Bearer ..."
_WRONG = "This access token is not one of this API, or it has expired or was revoked."
_NOBODY = "Nobody signed in with this token: the client acts for itself."
_SCOPE = "The token needs the scope openid. Ask for it when the person signs in."


@cors.apps("GET", "POST")
def userinfo(request: HttpRequest) -> HttpResponse:
    """/oauth/userinfo: the claims that the token's scopes allow. A token that was asked for a resource of this address
    is taken like any other: the person is the same whatever it was asked for."""
    tenant = tenancy.current()
    word, _, text = request.headers.get("authorization", "").partition(" ")
    if word.lower() != "bearer" or not text.strip():
        return _refused(401, "", _NO_TOKEN, codes.BEARER_MISSING)
    token = presented.access(tenant.project_id, text.strip())
    if token is None:
        return _refused(401, "invalid_token", _WRONG, codes.BEARER_WRONG)
    tracing.belongs(token.sign_in)
    scopes = token.scope.split()
    if token.user is None:
        return _refused(403, "insufficient_scope", _NOBODY, codes.NOBODY)
    if offered.OPENID not in scopes:
        return _refused(403, "insufficient_scope", _SCOPE, codes.OPENID_MISSING)
    told = claims.of(token.user, scopes)
    tracing.leg("userinfo", claims=sorted(told), scopes=scopes)
    return _private(JsonResponse(told))


def _refused(status: int, error: str, description: str, code: str) -> HttpResponse:
    """RFC 6750, section 3: no error code where no token came; RFC 9728, section 5.1: where to learn how to get one."""
    tracing.leg("userinfo", tracing.FAILED, code)
    here = f'resource_metadata="{metadata_url(tenancy.current().issuer)}"'
    named = [f'error="{error}"', f'error_description="{description}"'] if error else []
    if status == 403:
        named.append(f'scope="{offered.OPENID}"')
    response = JsonResponse({"error": error or "invalid_request", "error_description": description}, status=status)
    response["WWW-Authenticate"] = "Bearer " + ", ".join([*named, here])
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
