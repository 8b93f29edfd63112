"""Tokens are revoked of a sign-in, an app, a person or a client; what others hold is not touched, and calls hear it."""

import hashlib

import pytest

from actionstudio.apps.oauth import minting, revoking
from actionstudio.apps.oauth.models import AccessToken, RefreshToken
from actionstudio.apps.oauth.tokens import DatabaseTokens
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db):
    return shop()


@pytest.fixture
def forgotten(monkeypatch):
    """The projects whose tokens the data plane was told to look at again."""
    told = []
    monkeypatch.setattr(revoking, "forget", told.append)
    return told


def state(project, answer):
    return DatabaseTokens().find(project.pk, hashlib.sha256(answer["access_token"].encode()).digest()).state


def test_each_revokes_its_own_and_says_so(project, forgotten, django_capture_on_commit_callbacks):
    one, other = flows.client(project), flows.client(project)
    ann, bob = flows.person(project), flows.person(project)
    names = {"ann one": (one, ann), "ann other": (other, ann), "bob one": (one, bob), "bob other": (other, bob)}

    def left(deed):
        AccessToken.objects.all().delete()
        RefreshToken.objects.all().delete()
        held = {name: flows.signed_in(project, *pair) for name, pair in names.items()}
        with django_capture_on_commit_callbacks(execute=True):
            gone = deed()
        works = [name for name, answer in held.items() if state(project, answer) == "ok"]
        refreshes = [n for n in names if flows.refresh(project, names[n][0], held[n]["refresh_token"])[0] == 200]
        assert works == refreshes
        return gone, works

    assert left(lambda: revoking.app(ann, one.row)) == (2, ["ann other", "bob one", "bob other"])
    assert left(lambda: revoking.user(ann)) == (4, ["bob one", "bob other"])
    assert left(lambda: revoking.client(one.row)) == (4, ["ann other", "bob other"])
    newest = lambda: RefreshToken.objects.get(user=bob, application=one.row)  # noqa: E731
    assert left(lambda: revoking.family(bob, newest().token_family)) == (2, ["ann one", "ann other", "bob other"])
    assert forgotten == [project.pk] * 4


def test_a_code_that_is_under_way_ends_too(project):
    gpt, person = flows.client(project), flows.person(project)
    codes = [flows.allowed(project, gpt, person)["code"] for _ in range(2)]
    revoking.app(person, gpt.row)
    assert [flows.redeem(project, gpt, code)[0] for code in codes] == [400, 400]


def test_a_clients_own_token_is_revoked_with_the_client(project):
    machine = flows.client(project, grants=["client_credentials"])
    answer = flows.token(project, machine, grant_type="client_credentials")[1]
    assert revoking.client(machine.row) == 1
    assert state(project, answer) == "revoked"


def test_one_token_alone(project, forgotten, django_capture_on_commit_callbacks):
    rows = [minting.mint(project, flows.person(project), None, [], 60)[0] for _ in range(2)]
    with django_capture_on_commit_callbacks(execute=True):
        assert [revoking.token(rows[0]), revoking.token(rows[0])] == [1, 0]
    assert AccessToken.objects.filter(revoked=None).get() == rows[1] and set(forgotten) == {project.pk}


def test_as_many_queries_for_twenty_as_for_ten(project, django_assert_max_num_queries):
    gpt = flows.client(project)
    for count in (10, 20):
        person = flows.person(project)
        for _ in range(count):
            flows.signed_in(project, gpt, person)
        with django_assert_max_num_queries(7):
            revoking.user(person)
