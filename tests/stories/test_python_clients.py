"""Libraries of other makers sign in: requests-oauthlib as an older client does, Authlib with OpenID Connect."""

import base64
import hashlib
import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet
from oauthlib.oauth2 import InvalidGrantError
from requests_oauthlib import OAuth2Session

from tests.stories.person import Person, bases, names_of_this_machine, signing_project  # noqa: F401

CALLBACK = "https://client.example/callback"
SLUG = "shop-py"
MOUNTS = {"host": "alice", "path": "bert"}  # and who signs in there
pytestmark = pytest.mark.usefixtures("names_of_this_machine")


@pytest.fixture(scope="module")
def clients(studio):
    fields = {"redirect_uris": CALLBACK, "grants": ["authorization_code", "refresh_token"]}
    return signing_project(
        studio,
        SLUG,
        old={**fields, "token_method": "any", "pkce": "optional"},
        page={**fields, "token_method": "none", "pkce": "required"},
    )


@pytest.fixture(autouse=True)
def _plain_http(monkeypatch):
    """Both libraries insist on TLS; the product stands on this machine."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")


def discovered(issuer):
    """The metadata, found as RFC 8414 forms the URL."""
    parts = urlsplit(issuer)
    url = f"{parts.scheme}://{parts.netloc}/.well-known/oauth-authorization-server{parts.path}"
    answer = plain().get(url, timeout=30)
    assert answer.headers["access-control-allow-origin"] == "*"
    head = plain().head(url, timeout=30)
    assert (head.content, head.headers["content-length"]) == (b"", answer.headers["content-length"])
    said = answer.json()
    assert said["issuer"] == issuer
    return said


def plain():
    session = requests.Session()
    session.trust_env = False
    return session


def came_back(url, issuer):
    assert url.startswith(CALLBACK + "?")
    told = parse_qs(urlsplit(url).query)
    assert told["iss"] == [issuer]
    return told


@pytest.mark.parametrize("mount", MOUNTS)
def test_requests_oauthlib_signs_in_as_chatgpt_does_calls_and_refreshes(studio, clients, mount):
    issuer = bases(studio, SLUG)[mount]
    said = discovered(issuer)
    client_id, secret = clients["old"]
    session = OAuth2Session(client_id, redirect_uri=CALLBACK, scope=["orders:read"])
    session.trust_env = False
    url, _state = session.authorization_url(said["authorization_endpoint"])
    person = Person(studio, MOUNTS[mount])
    back = person.go(url)
    assert "client.example" in person.seen[-1]
    came_back(back, issuer)
    auth = requests.auth.HTTPBasicAuth(client_id, secret)
    token = session.fetch_token(said["token_endpoint"], authorization_response=back, auth=auth)
    assert token["scope"] == ["orders:read"]
    assert session.get(f"{issuer}/items").status_code == 200
    assert plain().get(f"{issuer}/items", timeout=30).status_code == 401
    fresh = session.refresh_token(said["token_endpoint"], auth=auth)
    assert fresh["access_token"] != token["access_token"]
    assert session.get(f"{issuer}/items").status_code == 200


@pytest.mark.parametrize("mount", MOUNTS)
def test_requests_oauthlib_signs_in_as_a_public_client_with_pkce(studio, clients, mount):
    issuer = bases(studio, SLUG)[mount]
    said = discovered(issuer)
    client_id, _none = clients["page"]
    session = OAuth2Session(client_id, redirect_uri=CALLBACK, scope=["orders:read"], pkce="S256")
    session.trust_env = False
    url, _state = session.authorization_url(said["authorization_endpoint"])
    back = Person(studio).go(url)
    token = session.fetch_token(said["token_endpoint"], authorization_response=back, include_client_id=True)
    assert session.get(f"{issuer}/items").status_code == 200
    with pytest.raises(InvalidGrantError):
        session.fetch_token(said["token_endpoint"], authorization_response=back, include_client_id=True)
    used_twice = {"authorization": f"Bearer {token['access_token']}"}
    studio.settle()
    assert plain().get(f"{issuer}/items", headers=used_twice, timeout=30).status_code == 401


def test_who_says_no_sends_the_client_back_without_a_code(studio, clients):
    issuer = bases(studio, SLUG)["host"]
    session = OAuth2Session(clients["page"][0], redirect_uri=CALLBACK, scope=["orders:read"], pkce="S256")
    url, state = session.authorization_url(discovered(issuer)["authorization_endpoint"])
    told = came_back(Person(studio, "carol").go(url, allow=False), issuer)
    assert (told["error"], told["state"]) == (["access_denied"], [state])
    assert "code" not in told


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
@pytest.mark.parametrize("mount", MOUNTS)
def test_authlib_learns_who_signed_in_and_proves_it(studio, clients, mount, method):
    issuer = bases(studio, SLUG)[mount]
    said = discovered(issuer)
    client_id, secret = clients["old"]
    session = AuthlibSession(
        client_id,
        secret,
        token_endpoint_auth_method=method,
        scope="openid profile email groups orders:read",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
    )
    session.trust_env = False
    verifier, nonce = "v" * 64, "n-0S6_WzA2Mj"
    url, state = session.create_authorization_url(said["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
    back = Person(studio).go(url)
    came_back(back, issuer)
    token = session.fetch_token(
        said["token_endpoint"], authorization_response=back, code_verifier=verifier, state=state
    )
    told = proved(token, said, client_id, nonce)
    assert (told["name"], told["email"], told["groups"], told["plan"]) == (
        "Alice Ng", "alice@example.test", ["staff"], "gold",
    )  # fmt: skip
    info = session.get(said["userinfo_endpoint"]).json()
    assert info == {name: told[name] for name in info}
    assert "name" in info
    weigh_and_give_back(session, said, token, told)


def proved(token, said, client_id, nonce):
    """The claims of the ID token, judged by Authlib against the published keys."""
    keys = KeySet.import_key_set(plain().get(said["jwks_uri"], timeout=30).json())
    opened = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
    options = {"iss": {"value": said["issuer"]}, "aud": {"value": client_id}}
    params = {"nonce": nonce, "client_id": client_id, "access_token": token["access_token"]}
    claims = CodeIDToken(opened.claims, opened.header, options, params)
    claims.validate()
    half = hashlib.sha256(token["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    assert claims["auth_time"] <= claims["iat"]
    return dict(claims)


def weigh_and_give_back(session, said, token, told):
    weighed = session.introspect_token(said["introspection_endpoint"], token=token["access_token"]).json()
    assert weighed["active"] is True
    assert (weighed["sub"], weighed["iss"]) == (told["sub"], said["issuer"])
    assert session.revoke_token(said["revocation_endpoint"], token=token["access_token"]).status_code == 200
    weighed = session.introspect_token(said["introspection_endpoint"], token=token["access_token"])
    assert json.loads(weighed.text) == {"active": False}
