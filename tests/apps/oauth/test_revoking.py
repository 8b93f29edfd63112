"""Tokens are revoked of a sign-in, an app, a person or a client; what others hold is not touched, and calls hear it."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from actionstudio.apps.oauth import codes, faults, minting, people, reasons, registering, revoking
from actionstudio.apps.oauth.models import AccessToken, RefreshToken
from actionstudio.apps.oauth.reasons.reason import ENDED as ENDED_WORDS
from actionstudio.apps.oauth.tokens import DatabaseTokens
from actionstudio.runtime.bearer import ENDED
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


def take_back(project, who, held):
    sent = {"token": held["refresh_token"], "client_id": who.row.client_id, "client_secret": who.secret}
    assert flows.post(project, "/oauth/revoke", sent).status == 200


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


@pytest.mark.parametrize(
    ("by", "deed"),
    [
        ("person", lambda project, gpt, person, held: people.disconnect(person, gpt.row, "person")),
        ("builder", lambda project, gpt, person, held: people.disconnect(person, gpt.row)),
        ("builder", lambda project, gpt, person, held: registering.disconnect(gpt.row)),
        ("builder", lambda project, gpt, person, held: faults.revoke_now(project)),
        ("client", lambda project, gpt, person, held: take_back(project, gpt, held)),
        ("closed", lambda project, gpt, person, held: people.close(person)),
    ],
)
def test_who_ended_it_is_told_where_it_is_refused(project, by, deed):
    gpt, person = flows.client(project), flows.person(project)
    held = flows.signed_in(project, gpt, person)
    deed(project, gpt, person, held)
    found = DatabaseTokens().find(project.pk, hashlib.sha256(held["access_token"].encode()).digest())
    assert (found.state, found.ended) == ("revoked", by)
    said = flows.refresh(project, gpt, held["refresh_token"])[1]["error_description"]
    assert "account of this person is closed" in said if by == "closed" else ENDED[by] in said
    assert set(RefreshToken.objects.values_list("ended_by", flat=True)) == {by}, "who was first is told"


def test_a_stolen_refresh_token_that_comes_back_is_told_as_that(project):
    gpt, person = flows.client(project), flows.person(project)
    held = flows.signed_in(project, gpt, person)
    flows.refresh(project, gpt, held["refresh_token"])
    RefreshToken.objects.exclude(revoked=None).update(revoked=timezone.now() - timedelta(hours=1))
    assert flows.refresh(project, gpt, held["refresh_token"])[0] == 400
    assert set(AccessToken.objects.values_list("ended_by", flat=True)) == {"replay"}
    assert RefreshToken.objects.filter(ended_by="replay").count() == 1, "the used one was not revoked, but replaced"


def test_a_code_of_an_account_that_was_closed_is_not_called_used(project):
    gpt, person = flows.client(project), flows.person(project)
    code = flows.allowed(project, gpt, person)["code"]
    people.close(person)
    assert "account of this person is closed" in flows.redeem(project, gpt, code)[1]["error_description"]


@pytest.mark.parametrize("by", ENDED)
def test_every_end_has_words_for_the_builder(by):
    said = reasons.of(codes.REFRESH_REVOKED).sentence({"ended": by}, "client")
    assert said.startswith(str(ENDED_WORDS[by])) and set(ENDED_WORDS) == set(ENDED)
