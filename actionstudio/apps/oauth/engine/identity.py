"""The OpenID Connect half of the validator: ID tokens are made here, and taken for an access token nowhere."""

from __future__ import annotations

import hashlib
import time
import uuid
from typing import Any

from actionstudio.apps.oauth import claims, keys, tenancy
from actionstudio.apps.oauth.models import Grant

LIFE = 3600  # seconds of an ID token: it is read when it arrives, and means nothing later


class Identity:
    """Goes before the toolkit's validator: it signs with the installation's key and names the address as the issuer."""

    def finalize_id_token(self, id_token: dict[str, Any], token: Any, token_handler: Any, request: Any) -> str:
        """The signed ID token (OpenID Connect Core, section 2). oauthlib has put ``nonce`` and ``at_hash`` in."""
        now = int(time.time())
        grant = _grant(request)
        about = claims.of(request.user, request.scopes)
        if grant is not None and grant.authenticated is not None:
            about["auth_time"] = int(grant.authenticated.timestamp())
        about |= {name: id_token[name] for name in ("nonce", "at_hash") if id_token.get(name)}
        about |= {"iss": tenancy.current().issuer, "aud": request.client.client_id}
        about |= {"iat": now, "exp": now + LIFE, "jti": str(uuid.uuid4())}
        return keys.signer().sign(about)

    def get_authorization_code_nonce(self, client_id: str, code: str, redirect_uri: str, request: Any) -> str | None:
        """The ``nonce`` that the authorize request had."""
        grant = _grant(request)
        return (grant.nonce or None) if grant is not None else None

    def refresh_id_token(self, request: Any) -> bool:
        """No new ID token comes with a refresh: it would say that somebody signed in who did not (section 12.2)."""
        return False

    def get_oidc_issuer_endpoint(self, request: Any) -> str:
        """The issuer: the address under the base URL that was called."""
        return tenancy.current().issuer

    def validate_jwt_bearer_token(self, token: str, scopes: Any, request: Any) -> bool:
        """Never: the toolkit would take an ID token of any project for an access token, and stumble over other JWTs."""
        return False

    def validate_id_token(self, token: str, scopes: Any, request: Any) -> bool:
        """Never, as above."""
        return False


def _grant(request: Any) -> Grant | None:
    """The code of this token request, as it is kept. A request's parameters are its attributes: only a row counts."""
    known = getattr(request, "grant", None)
    if isinstance(known, Grant):
        return known
    code = getattr(request, "code", None)
    if not code:
        return None
    found = Grant.objects.filter(code=hashlib.sha256(code.encode()).hexdigest()).first()
    request.grant = found
    return found
