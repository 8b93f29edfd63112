"""The one oauthlib server of a process: codes, refreshes, clients' own tokens; no implicit, password or device grant.

What differs between projects is asked when a request is answered: the validator and the callables below read the
address from tenancy. So nothing is built per request.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from oauthlib.oauth2.rfc6749.endpoints import AuthorizationEndpoint, RevocationEndpoint, TokenEndpoint
from oauthlib.oauth2.rfc6749.grant_types import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant as OpenIDCodeGrant

from actionstudio.apps.oauth import codes, tenancy
from actionstudio.apps.oauth.engine import texts
from actionstudio.apps.oauth.engine.refusing import rejected
from actionstudio.apps.oauth.engine.returning import with_query
from actionstudio.apps.oauth.engine.validator import Validator


class CodeGrant(AuthorizationCodeGrant):
    """Codes with our prefix, S256 alone, and the issuer in the answer (RFC 9207)."""

    _code_challenge_methods = {"S256": code_challenge_method_s256}

    def create_authorization_code(self, request: Any) -> dict[str, str]:
        return {"code": texts.make(texts.CODE)} | ({"state": request.state} if request.state else {})

    def validate_scopes(self, request: Any) -> None:
        """What a person allowed is not filled up again with what was asked for, even where they allowed nothing."""
        if getattr(request, "granted", False):
            self.request_validator.validate_scopes(request.client_id, request.scopes, request.client, request)
        else:
            super().validate_scopes(request)

    def prepare_authorization_response(
        self, request: Any, token: dict[str, str], headers: dict, body: Any, status: int
    ):
        told = {**token, "iss": tenancy.current().issuer}
        headers["Location"] = with_query(request.redirect_uri, told)
        return headers, body, status

    def validate_code_challenge(self, challenge: str, challenge_method: str, verifier: str) -> bool:
        if not super().validate_code_challenge(challenge, challenge_method, verifier):
            raise rejected(codes.PKCE_WRONG)
        return True


class IdentityGrant(OpenIDCodeGrant):
    """The same with an ID token in the answer where ``openid`` was allowed: oauthlib's own, around our CodeGrant."""

    def __init__(self, validator: Validator, code: CodeGrant) -> None:
        self.proxy_target = code
        self.register_token_modifier(self.add_id_token)


class Server(AuthorizationEndpoint, TokenEndpoint, RevocationEndpoint):
    """The endpoints of the protocol that oauthlib answers for us."""

    def __init__(self, validator: Validator) -> None:
        code = CodeGrant(validator, pre_auth=[validator.check_authorize], pre_token=[validator.check_token])
        bearer = BearerToken(validator, _access_text, _seconds, _refresh_text)
        AuthorizationEndpoint.__init__(self, "code", bearer, {"code": code})
        grants = {
            "authorization_code": IdentityGrant(validator, code),
            "refresh_token": RefreshTokenGrant(validator, pre_token=[validator.check_token]),
            "client_credentials": ClientCredentialsGrant(validator),
        }
        TokenEndpoint.__init__(self, "authorization_code", bearer, grants)
        RevocationEndpoint.__init__(self, validator)


@cache
def server() -> Server:
    """The process's server."""
    return Server(Validator())


def _seconds(request: Any) -> int:
    return tenancy.current().provider.access_seconds


def _access_text(request: Any) -> str:
    return _text(texts.ACCESS, request)


def _refresh_text(request: Any) -> str:
    return _text(texts.REFRESH, request)


def _text(prefix: str, request: Any) -> str:
    """A new token; on a refresh the one that belongs to the token presented, so that a retry gets it again."""
    if request.grant_type == "refresh_token":
        return texts.successor(prefix, request.refresh_token)
    return texts.make(prefix)
