"""Clients prove who they are in the one way that is registered for them."""

import base64
from datetime import timedelta

import pytest
from django.utils import timezone

from actionstudio.apps.oauth import secrets
from actionstudio.apps.oauth.engine import authenticating
from actionstudio.apps.oauth.engine.reading import Parameters
from actionstudio.apps.oauth.engine.refusing import Rejected
from actionstudio.apps.oauth.models import Attempt, Client, ClientSecret
from actionstudio.apps.traffic.models import Exchange
from tests.apps.oauth import entering, flows
from tests.apps.oauth.entering import shop

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def project(db):
    return shop()


def ask(project, who, headers=(), **sent):
    """A code exchange; "shown" says where the secret goes."""
    code = flows.allowed(project, who, flows.person(project))["code"]
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": flows.CALLBACK, **sent}
    return flows.token(project, who, headers, **sent)


@pytest.mark.parametrize(
    ("method", "shown", "right"),
    [
        ("client_secret_post", "body", True),
        ("client_secret_post", "header", False),
        ("client_secret_post", "nowhere", False),
        ("client_secret_basic", "header", True),
        ("client_secret_basic", "body", False),
        ("client_secret_basic", "nowhere", False),
        ("any", "body", True),
        ("any", "header", True),
        ("any", "nowhere", False),
    ],
)
def test_the_secret_comes_in_the_way_that_is_registered(project, method, shown, right):
    who = flows.client(project, token_method=method)
    headers = [flows.basic(who)] if shown == "header" else []
    status, answer = ask(project, who, headers, client_secret=who.secret if shown == "body" else None)
    assert (status, answer.get("error")) == ((200, None) if right else (401, "invalid_client"))
    if not right:
        assert method.partition("any")[0] in answer["error_description"]


def test_a_public_client_names_itself_and_shows_no_secret(project):
    who = flows.client(project, token_method="none")
    assert ask(project, who)[0] == 200
    for status, answer in (
        ask(project, who, client_secret=flows.wrong_secret()),
        ask(project, who, [flows.basic(who, "x")]),
    ):
        assert (status, answer["error"]) == (401, "invalid_client") and "public client" in answer["error_description"]


def test_two_ways_at_once_are_refused_even_when_both_are_right(project):
    who = flows.client(project, token_method="any")
    status, answer = ask(project, who, [flows.basic(who)])
    assert (status, answer["error"]) == (400, "invalid_request") and "one place" in answer["error_description"]


def test_the_header_and_the_body_name_one_client(project):
    who, other = flows.client(project, token_method="any"), flows.client(project)
    assert ask(project, who, [flows.basic(who)], client_secret=None)[0] == 200
    assert ask(project, who, [flows.basic(who)], client_secret=None, client_id=other.id)[0] == 400


@pytest.mark.parametrize("secret", ["", "ascs_wrong", "ascs_" + "x" * 43, "é", "%00", "a" * 5000])
def test_a_wrong_secret_is_refused_with_a_challenge(project, secret):
    who = flows.client(project, token_method="client_secret_basic")
    sent = {"grant_type": "authorization_code", "code": "x"}
    reply = flows.post(project, "/oauth/token", sent, [flows.basic(who, secret)])
    assert reply.status == 401 and b"invalid_client" in reply.body
    assert dict(reply.headers)["www-authenticate"].startswith("Basic realm=")


@pytest.mark.parametrize(
    "value",
    ["Basic", "Basic %%%", "Basic " + base64.b64encode(b"no colon").decode(), "Bearer x", "Basic /w==", "Basic Og=="],
)
def test_a_header_that_cannot_be_read_is_explained(project, value):
    who = flows.client(project)
    status, answer = ask(project, who, [("authorization", value)], client_secret=None)
    assert (status, answer["error"]) == (400, "invalid_request")


def test_basic_takes_what_is_percent_encoded(project):
    who = flows.client(project, token_method="client_secret_basic")
    Client.objects.filter(pk=who.row.pk).update(client_id="a:b %1")
    who.row.refresh_from_db()
    text = base64.b64encode(f"a%3Ab+%251:{who.secret}".encode()).decode()
    assert ask(project, who, [("authorization", f"basic {text}")], client_id=None, client_secret=None)[0] == 200


def test_a_client_of_another_project_is_unknown_here(project):
    theirs = flows.client(shop("other"))
    sent = {"grant_type": "client_credentials"}
    answer = flows.token(project, theirs, **sent)
    assert answer[0] == 401 and answer == flows.token(
        project, flows.Registered(Client(client_id="asc_no"), "x"), **sent
    )


@pytest.mark.parametrize("changes", [{"enabled": False}, {"lapses": timezone.now() - timedelta(days=1)}])
def test_a_client_that_is_off_or_lapsed_gets_nothing(project, changes):
    who = flows.client(project)
    text = flows.signed_in(project, who)["refresh_token"]
    Client.objects.filter(pk=who.row.pk).update(**changes)
    status, answer = flows.refresh(project, who, text)
    assert status == 401 and "switched off" in answer["error_description"]


def test_a_client_that_registered_itself_lives_on_while_it_is_used(project):
    soon = timezone.now() + timedelta(hours=1)
    who = flows.client(project, lapses=soon)
    flows.signed_in(project, who)
    who.row.refresh_from_db()
    assert who.row.lapses > soon + timedelta(days=20) and who.row.last_used is not None


def test_while_a_new_secret_takes_over_two_work(project):
    who = flows.client(project)
    first = who.secret
    second = secrets.rotate(who.row)
    assert [ask(project, who, client_secret=text)[0] for text in (first, second)] == [200, 200]
    third = secrets.rotate(who.row)
    assert [ask(project, who, client_secret=text)[0] for text in (first, second, third)] == [401, 200, 200]
    ClientSecret.objects.exclude(expires=None).update(expires=timezone.now())
    assert "replaced" in ask(project, who, client_secret=second)[1]["error_description"]


def test_wrong_secrets_are_slowed_down_and_the_right_one_passes(project):
    who = flows.client(project)
    sent = {"grant_type": "authorization_code", "code": "x", "client_id": who.id, "client_secret": "ascs_wrong"}
    replies = [flows.post(project, "/oauth/token", sent) for _ in range(authenticating.MOST + 1)]
    assert [reply.status for reply in replies] == [401] * authenticating.MOST + [429]
    assert 1 <= int(dict(replies[-1].headers)["retry-after"]) <= authenticating.WITHIN
    assert ask(project, who)[0] == 200, "nobody can lock a client out"


def test_a_client_that_is_not_there_costs_the_same_queries(project, django_assert_num_queries):
    who = flows.client(project)
    with flows.at(project):
        for name, most in ((who.id, 20), (who.id, 4), ("asc_nobody", 4)):  # once rows are made for the limits
            with django_assert_num_queries(most, exact=most == 4), pytest.raises(Rejected):
                authenticating.authenticate("", Parameters({"client_id": name, "client_secret": "ascs_wrong"}))


def guesses(project, who, number, peer):
    """The statuses of so many wrong secrets, from where ``peer`` says."""
    sent = {"grant_type": "authorization_code", "code": "x", "client_id": who.id, "client_secret": "ascs_wrong"}
    return [entering.ask(project, "POST", "/oauth/token", form=sent, client=peer(n)).status for n in range(number)]


def test_the_addresses_of_one_household_are_one_place(project):
    """Whoever has one address of IPv6 has 2^64 of them."""
    who = flows.client(project)
    found = guesses(project, who, authenticating.MOST + 1, lambda number: f"2001:db8:1:2::{number:x}")
    assert found == [401] * authenticating.MOST + [429]
    assert Attempt.objects.filter(name__startswith="secret:").count() == 1


def test_many_places_together_are_slowed_down_and_the_right_secret_passes(project, monkeypatch):
    monkeypatch.setattr(authenticating, "ALL", 3)
    who = flows.client(project)
    assert guesses(project, who, 5, lambda number: f"198.51.100.{number}") == [401, 401, 401, 429, 429]
    assert ask(project, who)[0] == 200


@pytest.mark.parametrize("value", ["s3cr3t-typed-as-it-is", "s3cr3t-typed as it is", "Bearer", "s3cr3t "])
def test_of_a_header_that_cannot_be_read_only_a_known_scheme_is_told(project, value):
    """A word without a scheme may be the secret itself."""
    who = flows.client(project)
    ask(project, who, [("authorization", value)], client_secret=None)
    told = "".join(str(row) for row in Exchange.objects.values())
    assert "basic_malformed" in told and "s3cr3t" not in told
    ask(project, who, [("authorization", "Bearer x")], client_secret=None)
    assert "Bearer" in "".join(str(row) for row in Exchange.objects.values())
