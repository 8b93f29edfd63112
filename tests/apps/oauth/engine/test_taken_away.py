"""What a builder takes from a client, or from the project, is not issued any more and works no longer."""

from dataclasses import replace

import pytest

from actionstudio.apps.oauth import people, providing, registering
from actionstudio.apps.oauth.models import AccessToken, EndUser, Provider, RefreshToken, SignIn
from actionstudio.apps.publishing import source
from actionstudio.core.auth import OAuth
from tests import make
from tests.apps.oauth import flows
from tests.apps.oauth.entering import ORDERS, ask, shop

pytestmark = pytest.mark.django_db
BOTH, READ = "orders:read orders:write", "orders:read"
OTHER = "https://client.example/other"


@pytest.fixture
def project(db):
    return shop()


@pytest.fixture
def gpt(project):
    return flows.client(project)


def alive():
    return {(type(row), row.scope) for rows in (AccessToken, RefreshToken) for row in rows.objects.filter(revoked=None)}


def without_writing(monkeypatch):
    """From now on the address is published without one of its scopes."""
    value = make.contract(auth=OAuth(ORDERS.scopes[:1]))
    real = source.DatabaseSource.load
    monkeypatch.setattr(source.DatabaseSource, "load", lambda *a: replace(real(*a), contract=value))


def test_a_scope_taken_from_a_client_ends_the_tokens_that_have_it_and_no_others(project, gpt):
    wide = flows.signed_in(project, gpt, scope=BOTH)
    narrow = flows.signed_in(project, gpt, scope=READ)
    other = flows.client(project)
    flows.signed_in(project, other, scope=BOTH)
    registering.change(gpt.row, scopes=[READ])
    theirs = {(rows, BOTH) for rows in (AccessToken, RefreshToken)}
    assert alive() == theirs | {(rows, READ) for rows in (AccessToken, RefreshToken)}
    assert AccessToken.objects.filter(revoked=None, scope=BOTH).get().application == other.row
    assert flows.refresh(project, gpt, wide["refresh_token"])[0] == 400
    assert flows.refresh(project, gpt, narrow["refresh_token"])[0] == 200


def test_more_scopes_than_before_end_nothing(project, gpt):
    registering.change(gpt.row, scopes=[READ])
    flows.signed_in(project, gpt)
    for scopes in ([READ, "orders:write"], []):
        registering.change(gpt.row, scopes=scopes)
        assert alive() == {(AccessToken, READ), (RefreshToken, READ)}


def test_a_code_asked_for_before_brings_what_is_left(project, gpt):
    code = flows.allowed(project, gpt, flows.person(project), scope=BOTH)["code"]
    registering.change(gpt.row, scopes=[READ])
    status, answer = flows.redeem(project, gpt, code)
    assert (status, answer["scope"]) == (200, READ)
    assert flows.refresh(project, gpt, answer["refresh_token"])[1]["scope"] == READ


def test_a_code_of_which_nothing_is_left_brings_nothing(project, gpt):
    code = flows.allowed(project, gpt, flows.person(project), scope="orders:write")["code"]
    registering.change(gpt.row, scopes=[READ])
    status, answer = flows.redeem(project, gpt, code)
    assert (status, answer["error"]) == (400, "invalid_scope") and "orders:write" in answer["error_description"]
    assert alive() == set()


def test_a_scope_that_the_project_has_no_longer_does_not_come_with_a_refresh(project, gpt, monkeypatch):
    first = flows.signed_in(project, gpt, scope=BOTH)
    without_writing(monkeypatch)
    sent = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    sent |= {"client_id": gpt.id, "client_secret": gpt.secret}
    said = ask(project, "POST", "/oauth/token", form={**sent, "scope": "orders:write"})
    assert (said.status, said.json["error"]) == (400, "invalid_scope")
    assert "no such scope here: orders:write" in said.json["error_description"]
    said = ask(project, "POST", "/oauth/token", form=sent)
    assert (said.status, said.json["scope"]) == (200, READ)


def test_a_callback_taken_from_a_client_is_good_for_no_code_and_ends_what_returned_to_it(project):
    gpt = flows.client(project, redirect_uris=f"{flows.CALLBACK} {OTHER}")
    person = flows.person(project)
    here = flows.signed_in(project, gpt, person)
    code = flows.allowed(project, gpt, person, redirect_uri=OTHER)["code"]
    there = flows.redeem(project, gpt, code, redirect_uri=OTHER)[1]
    code = flows.allowed(project, gpt, person)["code"]
    registering.change(gpt.row, redirect_uris=[OTHER])
    assert flows.redeem(project, gpt, code)[0] == 400
    assert flows.refresh(project, gpt, here["refresh_token"])[0] == 400
    assert flows.refresh(project, gpt, there["refresh_token"])[0] == 200


def test_what_a_test_user_held_when_development_ended_says_so_and_that_no_account_was_closed(project, gpt):
    Provider.of(project)
    alice = EndUser.objects.get(username="alice")
    held = flows.signed_in(project, gpt, alice)
    code = flows.allowed(project, gpt, alice)["code"]
    providing.change(project, development=False)
    for status, answer in (flows.refresh(project, gpt, held["refresh_token"]), flows.redeem(project, gpt, code)):
        assert (status, answer["error"]) == (400, "invalid_grant")
        assert "test user" in answer["error_description"] and "closed" not in answer["error_description"]
    assert SignIn.objects.latest("pk").reason == "development_over"
    people.close(alice)
    assert "closed" in flows.refresh(project, gpt, held["refresh_token"])[1]["error_description"]


def test_a_test_user_who_ends_while_tokens_are_made_is_told_so(project, gpt):
    Provider.of(project)
    alice = EndUser.objects.get(username="alice")
    held = flows.signed_in(project, gpt, alice)
    code = flows.allowed(project, gpt, alice)["code"]
    Provider.objects.update(development=False)  # without the sweep
    for _status, answer in (flows.redeem(project, gpt, code), flows.refresh(project, gpt, held["refresh_token"])):
        assert "test user" in answer["error_description"]
