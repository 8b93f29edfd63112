"""Many at once: a code is redeemed by one, a refresh is the same for all, and a revocation leaves nothing behind."""

import threading

import pytest
from django.db import connections
from django.utils import timezone

from actionstudio.apps.oauth import registering, revoking
from actionstudio.apps.oauth.engine import issuing
from actionstudio.apps.oauth.models import AccessToken, Client, EndUser, RefreshToken
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = pytest.mark.django_db(transaction=True)
CALLERS = 8
READ, BOTH = "orders:read", "orders:read orders:write"


def at_once(*deeds):
    """What each deed gave; all of them begin together."""
    start, got = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        start.wait()
        try:
            got[place] = deed()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


@pytest.fixture
def gpt(sqlite_file):
    return flows.client(shop())


def test_of_many_who_redeem_a_code_one_gets_tokens(gpt):
    project = gpt.row.project
    for _ in range(3):
        code = flows.allowed(project, gpt, flows.person(project))["code"]
        got = at_once(*[lambda code=code: flows.redeem(project, gpt, code)] * CALLERS)
        assert sorted(status for status, _ in got) == [200] + [400] * (CALLERS - 1), got
        assert {answer["error"] for status, answer in got if status == 400} == {"invalid_grant"}


def test_all_who_refresh_at_once_get_the_same_pair_and_stay_signed_in(gpt):
    project = gpt.row.project
    text = flows.signed_in(project, gpt)["refresh_token"]
    for _ in range(5):
        got = at_once(*[lambda text=text: flows.refresh(project, gpt, text)] * CALLERS)
        assert [status for status, _ in got] == [200] * CALLERS, got
        pairs = {(answer["access_token"], answer["refresh_token"]) for _, answer in got}
        assert len(pairs) == 1
        text = got[0][1]["refresh_token"]
    assert RefreshToken.objects.filter(revoked=None).count() == 1


def test_no_token_is_made_after_the_sweep_that_ends_a_sign_in(gpt):
    project = gpt.row.project
    for _ in range(5):
        person = flows.person(project)
        text = flows.signed_in(project, gpt, person)["refresh_token"]
        family = RefreshToken.objects.latest("pk").token_family
        deeds = [lambda text=text: flows.refresh(project, gpt, text)] * 4
        at_once(*deeds, lambda person=person, family=family: revoking.family(person, family))
        assert not AccessToken.objects.filter(family=family, revoked=None).exists()
        assert not RefreshToken.objects.filter(token_family=family, revoked=None).exists()


def test_a_refresh_that_was_looked_at_before_a_revocation_is_looked_at_again(gpt, monkeypatch):
    """The narrow place, without luck: the token is fine when it is looked up and revoked before it is replaced."""
    project = gpt.row.project
    person = flows.person(project)
    text = flows.signed_in(project, gpt, person)["refresh_token"]
    real = issuing.revoking.locked

    def revoked_just_now(user_id):
        monkeypatch.setattr(issuing.revoking, "locked", real)
        RefreshToken.objects.update(revoked="2026-01-01T00:00:00Z")
        return real(user_id)

    monkeypatch.setattr(issuing.revoking, "locked", revoked_just_now)
    status, answer = flows.refresh(project, gpt, text)
    assert (status, answer["error"]) == (400, "invalid_grant")
    assert AccessToken.objects.count() == 1


def test_an_account_that_is_closed_just_now_gets_no_tokens(gpt, monkeypatch):
    project = gpt.row.project
    code = flows.allowed(project, gpt, flows.person(project))["code"]
    real = issuing.revoking.locked

    def closed_just_now(user_id):
        EndUser.objects.update(is_active=False)
        return real(user_id)

    monkeypatch.setattr(issuing.revoking, "locked", closed_just_now)
    assert flows.redeem(project, gpt, code)[0] == 400
    assert not AccessToken.objects.exists()


# What a builder takes away between the look at a code and its tokens
TAKEN = {
    "off": (lambda client: registering.switch(client, False), "invalid_client"),
    "scope": (lambda client: registering.change(client, scopes=[READ]), "invalid_scope"),
    "callback": (lambda client: registering.change(client, redirect_uris=["https://a.example/b"]), "invalid_request"),
    "gone": (registering.delete, "invalid_client"),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_is_taken_from_a_client_after_its_code_was_looked_at_is_not_issued(gpt, monkeypatch, case):
    take, error = TAKEN[case]
    project = gpt.row.project
    code = flows.allowed(project, gpt, flows.person(project), scope=BOTH)["code"]

    def taken_just_now(*asked):
        take(gpt.row)

    monkeypatch.setattr(issuing.faults, "claim", taken_just_now)  # the last that is asked before tokens are made
    status, answer = flows.redeem(project, gpt, code)
    assert status in (400, 401) and answer["error"] == error and not AccessToken.objects.exists()


def test_who_issues_waits_for_a_change_of_the_client_that_is_being_made(gpt, monkeypatch):
    project = gpt.row.project
    code = flows.allowed(project, gpt, flows.person(project), scope=BOTH)["code"]
    Client.objects.update(last_used=timezone.now())  # else noting that would make it wait
    looked, changing, real = threading.Event(), threading.Event(), revoking.beyond

    def beyond(client):
        gone = real(client)  # nothing yet: the tokens are still to come
        changing.set()
        looked.wait(1)  # on SQLite it waits before it has looked
        threading.Event().wait(0.3)  # so long the other one could make them
        return gone

    def claim(*asked):
        looked.set()
        changing.wait(5)

    monkeypatch.setattr(registering.revoking, "beyond", beyond)
    monkeypatch.setattr(issuing.faults, "claim", claim)
    _done, (status, answer) = at_once(
        lambda: registering.change(gpt.row, scopes=[READ]), lambda: flows.redeem(project, gpt, code)
    )
    assert (status, answer["error"]) == (400, "invalid_scope") and not AccessToken.objects.exists()
