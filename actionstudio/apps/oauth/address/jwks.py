"""The public keys with which clients check ID tokens (RFC 7517)."""

from django.http import HttpRequest, HttpResponse

from actionstudio.apps.oauth import keys, tracing
from actionstudio.apps.oauth.address import cors, published


@cors.everybody("GET")
def jwks(request: HttpRequest) -> HttpResponse:
    """/oauth/jwks. Clients may keep it for a while: a new key is here before it signs."""
    tracing.leg("jwks")
    return published.document(request, {"keys": keys.published()}, f"public, max-age={keys.KNOWN}")
