"""Who has signed in, as apps learn it: ID tokens, the keys that prove them, and userinfo."""

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from actionstudio.apps.oauth import keys, minting
from actionstudio.apps.oauth.models import AccessToken, Client, EndUser, Grant
from actionstudio.core.call import Call
from actionstudio.runtime.app import frontdoor
from tests.apps.oauth import flows
from tests.apps.oauth.entering import BELOW_LIVE, OWN_HOST, ask, shop

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:Key size should be")]
ALL = "openid profile email groups orders:read"
USERINFO = "/oauth/userinfo"


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(keys, "BITS", 1024)


@pytest.fixture
def project():
    return shop()


def alice(project):
    about = {"name": "Alice Ng", "email": "a@example.test", "groups": ["staff"], "claims": {"plan": "gold"}}
    return EndUser.objects.create(project=project, username="alice-ng", **about)


def opened(project, text, base=OWN_HOST):
    """The claims of an ID token whose signature is right by the published keys."""
    published = KeySet.import_key_set(ask(project, "GET", "/oauth/jwks", base=base).json)
    return jwt.decode(text, published, algorithms=["RS256"]).claims


def info(project, text, base=OWN_HOST, method="GET"):
    return ask(project, method, USERINFO, base=base, authorization=f"Bearer {text}")


def test_an_id_token_is_proved_by_the_published_keys_and_says_who_for_whom_and_from_whom(project):
    gpt, user = flows.client(project), alice(project)
    answer = flows.signed_in(project, gpt, user, scope=ALL, nonce="n-0S6_WzA2Mj")
    told = opened(project, answer["id_token"])
    assert told["iss"] == "http://shop.live.localhost:8000"
    assert told["aud"] == gpt.id
    assert told["sub"] == str(user.sub)
    assert told["nonce"] == "n-0S6_WzA2Mj"
    assert told["exp"] - told["iat"] == 3600
    assert (told["name"], told["email"], told["groups"], told["plan"]) == (
        "Alice Ng",
        "a@example.test",
        ["staff"],
        "gold",
    )


def test_the_same_claims_come_from_userinfo(project):
    answer = flows.signed_in(project, flows.client(project), alice(project), scope=ALL)
    told = opened(project, answer["id_token"])
    shown = info(project, answer["access_token"]).json
    assert shown == {name: value for name, value in told.items() if name in shown}
    assert set(told) - set(shown) == {"iss", "aud", "iat", "exp", "jti", "at_hash"}


def test_only_what_was_allowed_is_told(project):
    answer = flows.signed_in(project, flows.client(project), alice(project), scope="openid email")
    assert set(info(project, answer["access_token"]).json) == {"sub", "email", "email_verified"}


def test_when_the_person_signed_in_is_told_not_when_the_code_was_used(project):
    gpt, user = flows.client(project), alice(project)
    code = flows.allowed(project, gpt, user, scope="openid")["code"]
    at = Grant.objects.get().created.replace(year=2025, microsecond=0)
    Grant.objects.update(authenticated=at)
    _status, answer = flows.redeem(project, gpt, code)
    assert opened(project, answer["id_token"])["auth_time"] == at.timestamp()


def test_a_refresh_brings_no_id_token(project):
    gpt = flows.client(project)
    first = flows.signed_in(project, gpt, scope=ALL)
    status, second = flows.refresh(project, gpt, first["refresh_token"])
    assert status == 200
    assert "id_token" in first and "id_token" not in second
    assert info(project, second["access_token"]).status == 200


@pytest.mark.parametrize("resource", ["http://shop.live.localhost:8000/mcp", "http://shop.live.localhost:8000"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_token_for_a_resource_of_the_address_is_taken(project, resource, method):
    answer = flows.signed_in(project, flows.client(project), alice(project), scope=ALL, resource=resource)
    assert AccessToken.objects.get().resource == [resource]
    assert info(project, answer["access_token"], method=method).json["name"] == "Alice Ng"


def test_either_mount_answers(project):
    answer = flows.signed_in(project, flows.client(project), alice(project), scope=ALL)
    assert info(project, answer["access_token"], BELOW_LIVE).status == 200


def _other(project, answer):
    other = shop("other")
    return flows.signed_in(other, flows.client(other), scope=ALL)["access_token"]


@pytest.mark.parametrize(
    "shown",
    [
        lambda project, answer: answer["id_token"],
        lambda project, answer: answer["refresh_token"],
        _other,
        lambda project, answer: "ey.ey.ey",
        lambda project, answer: "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
        lambda project, answer: "asat_" + "x" * 43,
        lambda project, answer: answer["access_token"] + "x",
        lambda project, answer: "ä",
        lambda project, answer: "x" * 6000,
    ],
)
def test_nothing_but_an_access_token_of_the_project_is_one(project, shown):
    answer = flows.signed_in(project, flows.client(project), alice(project), scope=ALL)
    said = info(project, shown(project, answer))
    assert said.status == 401
    challenge = said.headers["www-authenticate"]
    assert 'error="invalid_token"' in challenge
    assert 'resource_metadata="http://shop.live.localhost:8000/.well-known/oauth-protected-resource"' in challenge


def test_an_id_token_calls_no_operation(project):
    answer = flows.signed_in(project, flows.client(project), alice(project), scope=ALL)
    for text, status in ((answer["access_token"], 200), (answer["id_token"], 401), ("ey.ey.ey", 401)):
        call = Call("GET", "/items", headers=(("authorization", f"Bearer {text}"),))
        assert frontdoor().call_blocking("shop", call).reply.status == status


@pytest.mark.parametrize(
    "ended",
    [
        lambda: AccessToken.objects.update(revoked="2026-01-01T00:00:00Z"),
        lambda: AccessToken.objects.update(expires="2026-01-01T00:00:00Z"),
        lambda: EndUser.objects.update(is_active=False),
        lambda: Client.objects.update(enabled=False),
        lambda: Client.objects.update(lapses="2026-01-01T00:00:00Z"),
    ],
)
def test_what_ends_access_ends_it_here(project, ended):
    answer = flows.signed_in(project, flows.client(project), alice(project), scope=ALL)
    ended()
    assert info(project, answer["access_token"]).status == 401


def test_a_token_without_openid_lacks_a_scope(project):
    answer = flows.signed_in(project, flows.client(project), alice(project), scope="orders:read profile")
    said = info(project, answer["access_token"])
    assert (said.status, said.json["error"]) == (403, "insufficient_scope")
    assert 'scope="openid"' in said.headers["www-authenticate"]


def test_a_client_that_acts_for_itself_is_nobody(project):
    machine = flows.client(project, grants=["client_credentials"])
    _status, answer = flows.token(project, machine, grant_type="client_credentials", scope="orders:read openid")
    assert info(project, answer["access_token"]).status == 403


def test_a_minted_token_is_its_persons(project):
    _row, text = minting.mint(project, alice(project), None, ["openid", "profile"], 60)
    assert info(project, text).json["name"] == "Alice Ng"


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "Bearer  "])
def test_without_a_token_the_challenge_names_no_error(project, header):
    said = ask(project, "GET", USERINFO, **({"authorization": header} if header else {}))
    assert said.status == 401
    assert "error=" not in said.headers["www-authenticate"]
    assert said.headers["cache-control"] == "no-store"
