"""What we replace of the toolkit and of oauthlib is still what we read when we replaced it.

When one of these fails after an update: read the method's new source, see whether ours still does all that it has to,
and then write its new print into the table.
"""

import hashlib
import inspect

import pytest
from oauth2_provider.models import AbstractApplication
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.oauth2.rfc6749.endpoints import RevocationEndpoint, TokenEndpoint
from oauthlib.oauth2.rfc6749.grant_types import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant
from oauthlib.oauth2.rfc6749.grant_types.base import GrantTypeBase
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid import RequestValidator
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant as OpenIDCodeGrant

from actionstudio.apps.oauth.engine.identity import Identity
from actionstudio.apps.oauth.engine.server import CodeGrant, server
from actionstudio.apps.oauth.engine.validator import Validator
from actionstudio.apps.oauth.models import Client

OURS = {"check_authorize", "check_token", "_check_challenge"}  # of the validator, for oauthlib's hooks
PRINTS = {
    "AbstractApplication.allows_grant_type": "af80d718d8fb",
    "AbstractApplication.get_allowed_schemes": "af5d89c1a256",
    "AbstractApplication.is_usable": "9ef8e7eb2a9f",
    "AbstractApplication.redirect_uri_allowed": "5ddcb28e41ad",
    "AuthorizationCodeGrant.create_authorization_code": "502285492fa5",
    "AuthorizationCodeGrant.create_authorization_response": "48af808b7942",
    "AuthorizationCodeGrant.create_token_response": "c30a8172a7f2",
    "AuthorizationCodeGrant.prepare_authorization_response": "155b0aaba27c",
    "AuthorizationCodeGrant.validate_authorization_request": "b42cb141197c",
    "AuthorizationCodeGrant.validate_code_challenge": "bb2f7b85b3c6",
    "AuthorizationCodeGrant.validate_scopes": "7133766011d7",
    "AuthorizationCodeGrant.validate_token_request": "ccdae4595c96",
    "BearerToken.create_token": "3cfcf0b33067",
    "ClientCredentialsGrant.create_token_response": "881575580650",
    "ClientCredentialsGrant.validate_token_request": "534497ada05c",
    "GrantTypeBase._handle_redirects": "b70a4ef1f114",
    "GrantTypeBase.validate_client_authentication": "67ddb3514c49",
    "OAuth2Validator._load_access_token": "713babbd1c31",
    "OAuth2Validator._load_application": "d6038203ad28",
    "OAuth2Validator.authenticate_client": "d9989c4987b9",
    "OAuth2Validator.authenticate_client_id": "fcc271b1f150",
    "OAuth2Validator.client_authentication_required": "022eae2ed782",
    "OAuth2Validator.confirm_redirect_uri": "96af690d4001",
    "OAuth2Validator.finalize_id_token": "fda062f4b811",
    "OAuth2Validator.get_authorization_code_nonce": "d3b7e7749e01",
    "OAuth2Validator.get_authorization_code_scopes": "53c4f795f10b",
    "OAuth2Validator.get_code_challenge": "1dfc26e1ae3c",
    "OAuth2Validator.get_code_challenge_method": "a7b09d76e43c",
    "OAuth2Validator.get_default_redirect_uri": "337c3c819574",
    "OAuth2Validator.get_default_scopes": "93ae785c9e4f",
    "OAuth2Validator.get_oidc_issuer_endpoint": "2cf130c246f5",
    "OAuth2Validator.get_original_scopes": "628b41eea1be",
    "OAuth2Validator.invalidate_authorization_code": "71143192a5cd",
    "OAuth2Validator.is_origin_allowed": "64f7e864d683",
    "OAuth2Validator.is_pkce_required": "ff7b2c400a6f",
    "OAuth2Validator.is_within_original_scope": "d94b60141b46",
    "OAuth2Validator.refresh_id_token": "c6b88830c22f",
    "OAuth2Validator.revoke_token": "6ff31c6f6945",
    "OAuth2Validator.rotate_refresh_token": "a7f4c9417bc1",
    "OAuth2Validator.save_authorization_code": "b80cc7bd22f4",
    "OAuth2Validator.save_bearer_token": "8c29620f26f8",
    "OAuth2Validator.validate_client_id": "9b55b6d971b3",
    "OAuth2Validator.validate_code": "7c0d04cfdf75",
    "OAuth2Validator.validate_grant_type": "16cf9106537f",
    "OAuth2Validator.validate_id_token": "b19060296c79",
    "OAuth2Validator.validate_jwt_bearer_token": "e841b1c7269e",
    "OAuth2Validator.validate_redirect_uri": "895f86c365b8",
    "OAuth2Validator.validate_refresh_token": "50e7ceb3ce23",
    "OAuth2Validator.validate_response_type": "6933b76d1bdc",
    "OAuth2Validator.validate_scopes": "7d81caeec372",
    "OAuth2Validator.validate_user": "f8712e0bb6bc",
    "OpenIDCodeGrant.__init__": "fe7ae53f1f13",
    "OpenIDCodeGrant.add_id_token": "de1fd857bfef",
    "RefreshTokenGrant.create_token_response": "2988eefb5e14",
    "RefreshTokenGrant.validate_token_request": "1c1e9d95c80e",
    "RevocationEndpoint.create_revocation_response": "aa3e3044e485",
    "TokenEndpoint.create_token_response": "0e9727e9c09a",
}


def printed(method) -> str:
    return hashlib.sha256(inspect.getsource(method).encode()).hexdigest()[:12]


def replaced() -> dict[str, object]:
    """Every method of theirs that a class of ours replaces."""
    found = {}
    for ours, theirs in (
        (Validator, OAuth2Validator),
        (Identity, OAuth2Validator),
        (CodeGrant, AuthorizationCodeGrant),
    ):
        for name, value in vars(ours).items():
            if callable(value) and not name.startswith("__") and name not in OURS:
                found[f"{theirs.__name__}.{name}"] = getattr(theirs, name)
    for name in ("is_usable", "allows_grant_type", "get_allowed_schemes", "redirect_uri_allowed"):
        assert name in vars(Client)
        found[f"AbstractApplication.{name}"] = getattr(AbstractApplication, name)
    return found


# What ours stands on without replacing it
RELIED_ON = {
    "GrantTypeBase.validate_client_authentication": GrantTypeBase.validate_client_authentication,
    "GrantTypeBase._handle_redirects": GrantTypeBase._handle_redirects,
    "AuthorizationCodeGrant.create_token_response": AuthorizationCodeGrant.create_token_response,
    "AuthorizationCodeGrant.create_authorization_response": AuthorizationCodeGrant.create_authorization_response,
    "AuthorizationCodeGrant.validate_authorization_request": AuthorizationCodeGrant.validate_authorization_request,
    "AuthorizationCodeGrant.validate_token_request": AuthorizationCodeGrant.validate_token_request,
    "RefreshTokenGrant.create_token_response": RefreshTokenGrant.create_token_response,
    "RefreshTokenGrant.validate_token_request": RefreshTokenGrant.validate_token_request,
    "ClientCredentialsGrant.create_token_response": ClientCredentialsGrant.create_token_response,
    "ClientCredentialsGrant.validate_token_request": ClientCredentialsGrant.validate_token_request,
    "OpenIDCodeGrant.__init__": OpenIDCodeGrant.__init__,
    "OpenIDCodeGrant.add_id_token": OpenIDCodeGrant.add_id_token,
    "BearerToken.create_token": BearerToken.create_token,
    "TokenEndpoint.create_token_response": TokenEndpoint.create_token_response,
    "RevocationEndpoint.create_revocation_response": RevocationEndpoint.create_revocation_response,
}


@pytest.mark.parametrize("name", sorted(replaced() | RELIED_ON))
def test_it_is_what_we_read(name):
    assert PRINTS.get(name) == printed((replaced() | RELIED_ON)[name]), f"{name} has changed: see above"


def test_the_table_names_nothing_else():
    assert set(PRINTS) == set(replaced() | RELIED_ON)


def test_ours_take_what_oauthlib_gives():
    """The names of parameters that oauthlib passes by position are its own business; how many there are is not."""
    for name, ours in vars(Validator).items():
        theirs = getattr(RequestValidator, name, None)
        if theirs is not None and callable(ours):
            positional = [p for p in inspect.signature(theirs).parameters.values() if p.kind == p.POSITIONAL_OR_KEYWORD]
            mine = inspect.signature(ours).parameters.values()
            takes = [p for p in mine if p.kind == p.POSITIONAL_OR_KEYWORD]
            assert len(takes) == len(positional) or any(p.kind == p.VAR_POSITIONAL for p in mine), name


def test_the_server_has_three_grants_and_one_response_type():
    assert set(server().grant_types) == {"authorization_code", "refresh_token", "client_credentials"}
    assert set(server().response_types) == {"code"}
    assert not hasattr(server(), "create_device_authorization_response")
    assert not hasattr(server(), "create_introspect_response"), "the toolkit's tells any client of every project's"
