"""The revocation endpoint: a client gives back what it holds (RFC 7009)."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse

from actionstudio.apps.oauth import codes, tenancy, tracing
from actionstudio.apps.oauth.address import cors
from actionstudio.apps.oauth.address.token import facts_of, headers_of, read, refusal
from actionstudio.apps.oauth.engine import reading, refusing
from actionstudio.apps.oauth.engine.reading import Parameters
from actionstudio.apps.oauth.engine.refusing import Rejected, rejected
from actionstudio.apps.oauth.engine.server import server


@cors.apps("POST", others=True)
def revoke(request: HttpRequest) -> HttpResponse:
    """200 whether there was such a token or not; only who does not prove who it is, or sends no token, is told so."""
    sent = Parameters()
    try:
        sent = read(request, reading.REVOKE)
        if not sent.get("token"):
            raise rejected(codes.TOKEN_MISSING)
        _headers, body, status = server().create_revocation_response(
            f"{tenancy.current().issuer}/oauth/revoke", "POST", sent.encoded(), headers_of(request, sent)
        )
    except Rejected as error:
        return refusal(request, "revoke", error.trouble, facts_of(request, sent))
    if status >= 400:
        return refusal(request, "revoke", refusing.told(json.loads(body), status), facts_of(request, sent))
    tracing.leg("revoke", **facts_of(request, sent))
    return HttpResponse(headers={"Cache-Control": "no-store"})
