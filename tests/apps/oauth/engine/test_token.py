"""The token endpoint, through the front door."""

import base64
import json

import pytest

from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = pytest.mark.django_db


def test_a_code_becomes_a_pair_of_tokens():
    project = shop()
    gpt = flows.client(project)
    back = flows.allowed(project, gpt, flows.person(project))
    status, answer = flows.redeem(project, gpt, back["code"])
    assert status == 200, answer
    assert answer["token_type"] == "Bearer" and answer["expires_in"] == 3600
    assert answer["access_token"].startswith("asat_") and answer["refresh_token"].startswith("asrt_")
    assert answer["scope"] == "orders:read orders:write"
    assert back["state"] == "s1" and "shop" in back["iss"]


def test_a_refresh_gives_another_pair():
    project = shop()
    gpt = flows.client(project)
    first = flows.signed_in(project, gpt)
    status, second = flows.refresh(project, gpt, first["refresh_token"])
    assert status == 200, second
    assert second["refresh_token"] != first["refresh_token"]


def test_who_may_know_who_it_is_gets_an_id_token_with_the_nonce():
    project = shop()
    gpt = flows.client(project)
    answer = flows.signed_in(project, gpt, scope="openid orders:read", nonce="n-1")
    payload = answer["id_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["nonce"] == "n-1" and claims["aud"] == gpt.id
    assert "id_token" not in flows.signed_in(project, gpt, scope="orders:read")
