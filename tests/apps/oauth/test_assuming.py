"""Try it and replays call an action whose people sign in, as one of them."""

import pytest

from actionstudio.apps.oauth import assuming, people
from actionstudio.apps.oauth.models import AccessToken
from actionstudio.apps.replay import judging, replaying
from actionstudio.apps.replay.forms import TargetForm
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.auth import ApiKey, NoAuth, OAuth, Scope, UserHttp
from actionstudio.core.behaviour import Collection, Stateful
from actionstudio.core.call import Call
from actionstudio.core.contract import Media, Response
from actionstudio.core.problem import Refused
from actionstudio.runtime.app import frontdoor
from tests import make

pytestmark = pytest.mark.django_db
ORDERS = OAuth((Scope("orders:read", "Read your orders"),))


def contract(auth=ORDERS):
    schema = {"type": "array", "items": {"type": "object"}}
    rows = make.operation(
        "GET",
        "/orders",
        operation_id="listOrders",
        security=({"oauth": ["orders:read"]},) if isinstance(auth, OAuth) else None,
        responses=(Response("200", "OK", content=(Media("application/json", schema),)),),
        behaviour=Stateful("orders", "list"),
    )
    return make.contract(rows, auth=auth, collections=(Collection("orders", partition="user"),))


@pytest.fixture
def shop(ann):
    return make.project("shop", ann, contract())


@pytest.fixture
def mia(shop):
    return people.make(shop, "mia", name="Mia")


def called(shop, user=None, scopes=None) -> Exchange:
    """A logged call of an app that somebody has connected."""
    token = assuming.token(shop, str(user.sub), scopes, "Shop GPT") if user else None
    answer = frontdoor().call_blocking("shop", Call("GET", "/orders"), source="client", token=token)
    return Exchange.objects.get(pk=answer.record.id)


def signed_in(exchange_id: int) -> dict:
    return Exchange.objects.get(pk=exchange_id).decided["signed_in"]


def test_test_users_are_offered_first_and_only_where_people_sign_in(shop, mia):
    offered = [user.username for user in assuming.choices(shop, ORDERS)]
    assert offered == ["alice", "bob", "dana", "lou", "mia"]
    assert assuming.choices(shop, NoAuth()) == assuming.choices(shop, ApiKey()) == []
    assert assuming.choices(shop, OAuth(authorization_url="https://theirs.test", token_url="https://theirs.test")) == []
    assert len(assuming.choices(shop, UserHttp())) == 5


def test_somebody_is_found_by_sub_and_by_username_in_this_project_alone(shop, mia):
    assert assuming.find(shop, str(mia.sub)) == assuming.find(shop, " Mia ") == mia
    other = people.make(make.project("other"), "zoe")
    for text in (str(other.sub), "zoe", "", "\0"):
        with pytest.raises(Refused):
            assuming.find(shop, text)


def test_a_call_as_somebody_is_let_in_without_a_token_being_issued(shop, mia):
    row = called(shop, mia)
    assert (row.status, row.auth, row.decided["signed_in"]["user"]) == (200, "ok", str(mia.sub))
    assert not AccessToken.objects.exists()


def test_a_closed_or_deleted_account_and_too_few_scopes_are_refused_as_they_would_be(shop, mia):
    assert called(shop, mia, []).status == 403
    people.close(mia)
    assert (called(shop, mia).status, called(shop, mia).auth) == (401, "revoked")
    people.delete(mia)
    mia.sub = "6f1c0f66-0000-4000-8000-000000000000"
    assert called(shop, mia).status == 401


def test_a_replay_is_made_as_the_person_of_the_logged_call(shop, mia):
    row = replaying.replay(shop, called(shop, mia))
    assert (row.same, row.after["status"]) == (True, 200)
    scopes = ["email", "groups", "openid", "orders:read", "profile"]
    told = {"user": str(mia.sub), "who": "Mia", "app": "Shop GPT", "scopes": scopes}
    assert signed_in(row.result_exchange_id) == told
    assert judging.facts(row) == ["It counted as a call of mia, signed in: the log holds no token."]
    assert replaying.again(row).same


def test_a_replay_of_a_call_with_too_few_scopes_is_refused_again(shop, mia):
    row = replaying.replay(shop, called(shop, mia, []))
    assert (row.same, row.after["status"]) == (True, 403)


def test_a_replay_can_be_made_as_somebody_else_or_as_nobody(shop, mia):
    exchange = called(shop)
    assert exchange.status == 401
    row = replaying.replay(shop, exchange, credential=f"user:{mia.sub}")
    assert (row.after["status"], signed_in(row.result_exchange_id)["who"]) == (200, "Mia")
    assert replaying.replay(shop, called(shop, mia), credential="none").after["status"] == 401
    assert replaying.replay(shop, exchange).after["status"] == 401


def test_once_the_account_is_closed_its_replays_are_refused(shop, mia):
    exchange = called(shop, mia)
    people.close(mia)
    assert replaying.replay(shop, exchange).after["auth"] == "revoked"


def test_the_form_of_a_replay_offers_people(shop, mia):
    values = dict(TargetForm(project=shop, exchange=called(shop)).fields["credential"].choices)
    assert values[f"user:{mia.sub}"] == "As mia, signed in"
    assert not any(value.startswith("user:") for value in dict(
        TargetForm(project=make.project("open"), exchange=Exchange()).fields["credential"].choices
    ))  # fmt: skip


def test_try_it_begins_as_the_first_test_user(client, shop):
    client.force_login(shop.owner)
    page = client.get("/projects/shop/endpoints/listOrders/try/").content.decode()
    alice = shop.end_users.get(username="alice")
    assert f'value="user:{alice.sub}" selected' in page and "As alice, signed in" in page
    answer = client.post("/projects/shop/endpoints/listOrders/try/", {"credential": f"user:{alice.sub}", "_op": "send"})
    row = Exchange.objects.get(source="try")
    assert (row.status, row.decided["signed_in"]["who"], row.decided["signed_in"]["app"]) == (200, "Alice", "Try it")
    assert "The call counts as Alice" in answer.content.decode()


def test_try_it_as_somebody_who_is_gone_says_so(client, shop, mia):
    client.force_login(shop.owner)
    for sub in ("x", "6f1c0f66-0000-4000-8000-000000000000", people.make(make.project("other"), "zoe").sub):
        answer = client.post("/projects/shop/endpoints/listOrders/try/", {"credential": f"user:{sub}", "_op": "send"})
        assert answer.status_code == 422 and "no such account any more" in answer.content.decode()
    assert not Exchange.objects.filter(source="try").exists()
