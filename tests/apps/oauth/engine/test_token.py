"""The token endpoint, through the front door: what becomes of a code, and what an answer says."""

import base64
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import RequestFactory
from django.utils import timezone

from actionstudio.apps.oauth import faults
from actionstudio.apps.oauth.address import token as views
from actionstudio.apps.oauth.models import AccessToken, Client, Fault, Grant, Provider, RefreshToken
from actionstudio.core.call import Call
from actionstudio.runtime.app import frontdoor
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def project(db):
    return shop()


@pytest.fixture
def gpt(project):
    return flows.client(project)


def code(project, who, **parameters):
    return flows.allowed(project, who, flows.person(project), **parameters)["code"]


def test_a_code_becomes_a_pair_of_tokens(project, gpt):
    status, answer = flows.redeem(project, gpt, code(project, gpt))
    assert status == 200, answer
    assert answer["token_type"] == "Bearer" and answer["expires_in"] == 3600
    assert answer["access_token"].startswith("asat_") and answer["refresh_token"].startswith("asrt_")
    assert answer["scope"] == "orders:read orders:write"


def test_an_answer_is_kept_by_nobody_on_the_way(project, gpt):
    sent = {"grant_type": "authorization_code", "client_id": gpt.id, "client_secret": gpt.secret, "code": "x"}
    for reply in (flows.post(project, "/oauth/token", sent), flows.post(project, "/oauth/token", sent | {"code": ""})):
        headers = dict(reply.headers)
        assert headers["cache-control"] == "no-store" and headers["content-type"] == "application/json"


def test_nothing_that_opens_a_door_is_kept_in_clear(project, gpt):
    person = flows.person(project)
    issued = flows.allowed(project, gpt, person)["code"]
    _, answer = flows.redeem(project, gpt, issued)
    for model in (Grant, AccessToken, RefreshToken, Client):
        kept = json.dumps(list(model.objects.values()), default=str)
        assert not [text for text in (issued, answer["access_token"], answer["refresh_token"]) if text in kept]
    assert gpt.secret not in json.dumps(list(gpt.row.secrets.values()), default=str)


def test_a_code_works_once_and_a_second_use_ends_what_came_of_it(project, gpt):
    text = code(project, gpt)
    _, answer = flows.redeem(project, gpt, text)
    status, again = flows.redeem(project, gpt, text)
    assert (status, again["error"]) == (400, "invalid_grant") and "used before" in again["error_description"]
    assert not AccessToken.objects.filter(revoked=None).exists()
    assert flows.refresh(project, gpt, answer["refresh_token"])[0] == 400


def test_a_code_of_one_client_is_no_use_to_another(project, gpt):
    other = flows.client(project)
    text = code(project, gpt)
    assert flows.redeem(project, other, text)[1]["error"] == "invalid_grant"
    assert flows.redeem(project, gpt, text)[0] == 200, "the attempt of a stranger changes nothing"


def test_a_code_lives_as_long_as_the_project_says(project, gpt):
    Provider.objects.update_or_create(project=project, defaults={"code_seconds": 5})
    text = code(project, gpt)
    assert Grant.objects.get().expires <= timezone.now() + timedelta(seconds=5)
    Grant.objects.update(expires=timezone.now() - timedelta(seconds=1))
    answer = flows.redeem(project, gpt, text)[1]
    assert answer["error"] == "invalid_grant" and "within 5 seconds" in answer["error_description"]


@pytest.mark.parametrize("uri", ["https://chatgpt.com/aip/g-2/oauth/callback", flows.CALLBACK + "/", "junk"])
def test_the_callback_has_to_be_that_of_the_authorize_request(project, uri):
    gpt = flows.client(project, redirect_uris=f"{flows.CALLBACK} https://chatgpt.com/aip/g-2/oauth/callback")
    text = code(project, gpt)
    answer = flows.redeem(project, gpt, text, redirect_uri=uri)[1]
    said = answer["error_description"]
    assert answer["error"] == "invalid_grant" and flows.CALLBACK in said and uri in said
    assert "register" not in said.lower(), "nothing has to be registered"
    assert flows.redeem(project, gpt, text, redirect_uri=None)[0] == 400, "two are registered, so it must be said"
    assert flows.redeem(project, gpt, text)[0] == 200


def test_without_a_callback_the_only_registered_one_is_meant(project, gpt):
    assert flows.redeem(project, gpt, code(project, gpt), redirect_uri=None)[0] == 200


def test_a_closed_account_gets_no_tokens(project, gpt):
    person = flows.person(project)
    text = flows.allowed(project, gpt, person)["code"]
    person.is_active = False
    person.save()
    assert "closed" in flows.redeem(project, gpt, text)[1]["error_description"]
    assert not AccessToken.objects.exists()


def test_the_life_of_access_tokens_is_the_projects(project, gpt):
    Provider.objects.update_or_create(project=project, defaults={"access_seconds": 59})
    assert flows.signed_in(project, gpt)["expires_in"] == 59
    assert AccessToken.objects.get().expires <= timezone.now() + timedelta(seconds=59)


@pytest.mark.parametrize(
    ("grants", "days"), [(["authorization_code"], 30), (["authorization_code", "refresh_token"], 0)]
)
def test_refresh_tokens_are_issued_only_where_they_can_be_used(project, grants, days):
    Provider.objects.update_or_create(project=project, defaults={"refresh_days": days})
    answer = flows.signed_in(project, flows.client(project, grants=grants))
    assert "refresh_token" not in answer and not RefreshToken.objects.exists()


def test_a_client_acts_for_itself(project):
    machine = flows.client(project, grants=["client_credentials"])
    status, answer = flows.token(project, machine, grant_type="client_credentials", scope="orders:read")
    assert status == 200 and answer["scope"] == "orders:read" and "refresh_token" not in answer
    assert AccessToken.objects.get().user is None


def test_a_public_client_cannot_act_for_itself(project):
    anybody = flows.client(project, grants=["client_credentials"], token_method="none")
    assert flows.token(project, anybody, grant_type="client_credentials")[1]["error"] == "unauthorized_client"


@pytest.mark.parametrize(
    "grant",
    ["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code", "openid", "junk", "Authorization_Code"],
)
def test_other_grants_are_offered_to_nobody(project, gpt, grant):
    sent = {"device_code": "x", "username": "u", "password": "p", "code": code(project, gpt)}
    status, answer = flows.token(project, gpt, grant_type=grant, **sent)
    assert (status, answer["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("grant", ["client_credentials", "refresh_token"])
def test_a_client_has_the_grants_it_is_registered_for(project, grant):
    only = flows.client(project, grants=["authorization_code"])
    answer = flows.token(project, only, grant_type=grant, refresh_token="x")[1]
    assert answer["error"] == "unauthorized_client" and "authorization_code" in answer["error_description"]


def test_what_is_missing_is_named(project, gpt):
    said = [
        flows.token(project, gpt)[1],
        flows.token(project, gpt, grant_type="authorization_code")[1],
        flows.token(project, gpt, grant_type="refresh_token")[1],
    ]
    assert {one["error"] for one in said} == {"invalid_request"}
    assert [one["error_description"].split(".")[0] for one in said] == [
        "There is no grant_type", "There is no code", "There is no refresh_token",
    ]  # fmt: skip


def test_parameters_belong_into_the_body(project, gpt):
    status, answer = flows.redeem(project, gpt, code(project, gpt), query="x=1")
    assert status == 400 and "in the body" in answer["error_description"]


def test_who_may_know_who_it_is_gets_an_id_token_with_the_nonce(project, gpt):
    answer = flows.signed_in(project, gpt, scope="openid orders:read", nonce="n-1")
    payload = answer["id_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["nonce"] == "n-1" and claims["aud"] == gpt.id
    assert "id_token" not in flows.signed_in(project, gpt, scope="orders:read")


@pytest.mark.parametrize(
    ("kind", "status", "gone"),
    [
        ("token-invalid-grant", 400, "access_token"),
        ("token-500", 500, "access_token"),
        ("token-no-expiry", 200, "expires_in"),
        ("token-no-refresh", 200, "refresh_token"),
    ],
)
def test_a_failure_that_was_asked_for_strikes_once(project, gpt, kind, status, gone):
    faults.set_fault(project, kind)
    text = code(project, gpt)
    got, answer = flows.redeem(project, gpt, text)
    assert got == status and gone not in answer
    if status != 200:
        assert flows.redeem(project, gpt, text)[0] == 200, "nothing was used up"
    assert gone in flows.signed_in(project, gpt)


def test_a_web_page_instead_of_an_answer_when_that_was_asked_for(project, gpt):
    faults.set_fault(project, "token-html")
    sent = {"grant_type": "authorization_code", "client_id": gpt.id, "client_secret": gpt.secret}
    reply = flows.post(project, "/oauth/token", sent | {"code": code(project, gpt), "redirect_uri": flows.CALLBACK})
    assert dict(reply.headers)["content-type"].startswith("text/html") and reply.status == 200


def test_a_failure_waits_for_a_request_that_would_have_worked(project, gpt):
    faults.set_fault(project, "token-500")
    assert flows.redeem(project, gpt, "junk")[0] == 400
    assert Fault.objects.filter(left=1).exists()


def test_only_posts_are_answered(project):
    for method in ("GET", "PUT", "DELETE"):
        reply = frontdoor().call_blocking("shop", Call(method, "/oauth/token")).reply
        assert reply.status == 405 and dict(reply.headers)["allow"] == "POST"


def test_an_answer_is_held_back_when_that_was_asked_for(project, gpt):
    faults.set_fault(project, "token-slow")
    text = code(project, gpt)
    sent = {"grant_type": "authorization_code", "code": text, "redirect_uri": flows.CALLBACK}
    for wait in (faults.SLOW, 0.0):
        with flows.at(project) as request_to:
            made = urlencode({**sent, "client_id": gpt.id, "client_secret": gpt.secret})
            views.token(RequestFactory().post("/oauth/token", made, content_type=flows.FORM))
            assert request_to.__self__.tenant.wait == wait


@pytest.mark.parametrize("resource", ["http://[", "https://[::1"])
def test_a_resource_that_is_no_address_is_an_error_of_the_client(project, gpt, resource):
    status, answer = flows.redeem(project, gpt, code(project, gpt), resource=resource)
    assert (status, answer["error"]) == (400, "invalid_target")
