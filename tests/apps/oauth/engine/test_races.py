"""Many at once: a code is redeemed by one, a refresh is the same for all, and a revocation leaves nothing behind."""

import threading

import pytest
from django.db import connections

from actionstudio.apps.oauth import revoking
from actionstudio.apps.oauth.engine import issuing
from actionstudio.apps.oauth.models import AccessToken, EndUser, RefreshToken
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = pytest.mark.django_db(transaction=True)
CALLERS = 8


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
