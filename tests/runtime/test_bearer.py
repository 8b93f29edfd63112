"""Calls of people who signed in: their token, its scopes and its life; and what a refused caller is told."""

import time
from hashlib import sha256

import orjson
import pytest

from actionstudio.core.auth import OAuth, Scope, UserHttp
from actionstudio.core.behaviour import Collection, Condition, Limit, Rule, Rules, Stateful, Template
from actionstudio.core.call import Call
from actionstudio.core.contract import Media, Response
from actionstudio.runtime.bearer import metadata_url
from actionstudio.runtime.ports import Token
from tests import make
from tests.runtime.house import ask, front

AUTH = OAuth((Scope("orders:read", "Read your orders"), Scope("orders:write", "Change your orders", True)))
READ = make.operation("GET", "/orders", security=({"oauth": ["orders:read"]},))
WRITE = make.operation("POST", "/orders", security=({"oauth": ["orders:read", "orders:write"]},))
CONTRACT = make.contract(READ, WRITE, make.operation("GET", "/open", security=()), auth=AUTH)


def digest(text):
    return sha256(text.encode()).digest()


def token(text="asat_good", **fields):
    given = {"state": "ok", "user": "sub-1", "who": "alice", "app": "Acme GPT", "scopes": frozenset({"orders:read"})}
    return Token(digest(text), **{"expires": time.time() + 60, "sign_in": "run1", **given, **fields})


class Issuer:
    """runtime.ports.Tokens from memory, of project 7."""

    def __init__(self, *tokens):
        self.tokens = {one.digest: one for one in tokens}

    def find(self, project_id, wanted):
        return self.tokens.get(wanted) if project_id == 7 else None


def door(*tokens, contract=CONTRACT, **fields):
    return front(contract, tokens=Issuer(*tokens), **fields)


def called(house, method="GET", path="/orders", text="asat_good", **headers):
    return ask(house, method, path, authorization=f"Bearer {text}", **headers)


def test_a_good_token_is_let_in_and_the_log_says_who_it_is():
    answer = called(door(token()))
    assert answer.reply.status == 200
    assert (answer.record.auth, answer.record.sign_in) == ("ok", "run1")
    assert answer.record.decisions["guard"] == "signed in: alice through “Acme GPT”, scopes orders:read"
    assert answer.record.decisions["signed_in"]["user"] == "sub-1"


@pytest.mark.parametrize(
    ("given", "outcome", "said"),
    [
        ({"expires": 1.0}, "expired", "has expired"),
        ({"state": "revoked"}, "revoked", "was revoked"),
        ({"state": "revoked", "ended": "person"}, "revoked", "was revoked by the person who had allowed it"),
        ({"state": "revoked", "ended": "closed"}, "revoked", "because the account was closed"),
        ({"state": "disabled"}, "revoked", "is switched off"),
        ({"audience": ("https://other.example",)}, "wrong", "was issued for https://other.example"),
        ({"audience": ("http://todo.live.localhost:8000/mcp",)}, "wrong", "not what was called"),
        ({"audience": ("http://todo.live.localhost:8000/ord",)}, "wrong", "not what was called"),
    ],
)
def test_a_token_that_is_over_or_for_another_place_is_401(given, outcome, said):
    answer = called(door(token(**given)))
    assert answer.reply.status == 401
    assert answer.record.auth == outcome
    assert said in answer.record.decisions["guard"]
    assert 'error="invalid_token"' in answer.reply.header("www-authenticate")


@pytest.mark.parametrize("resource", ["http://todo.live.localhost:8000", "http://localhost:8000/live/todo/orders"])
def test_a_token_for_the_address_or_the_path_is_let_in(resource):
    assert called(door(token(audience=(resource,)))).reply.status == 200


def test_without_the_scope_it_is_403_and_the_challenge_names_it():
    answer = called(door(token()), "POST")
    assert answer.reply.status == 403
    assert answer.record.auth == "scope"
    challenge = answer.reply.header("www-authenticate")
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="orders:read orders:write"' in challenge
    told = answer.record.decisions["guard"]
    assert "alice" in told and "has the scopes: orders:read; missing: orders:write." in told
    assert "not allowed" not in told, "perhaps nobody asked them"
    assert answer.record.sign_in == "run1"


def test_the_documents_own_403_is_sent():
    own = make.operation("POST", "/orders", security=WRITE.security, responses=(Response("200"), Response("403", "No")))
    answer = called(door(token(), contract=make.contract(own, auth=AUTH)), "POST")
    assert answer.reply.status == 403 and answer.reply.body == b""


def test_nothing_sent_is_401_without_an_error_and_names_the_provider():
    answer = ask(door(), "GET", "/orders")
    challenge = answer.reply.header("www-authenticate")
    assert answer.reply.status == 401
    assert "error=" not in challenge  # RFC 6750, section 3.1
    assert 'resource_metadata="http://todo.live.localhost:8000/.well-known/oauth-protected-resource"' in challenge


def test_a_token_in_the_query_is_401_and_the_log_says_where_it_came():
    answer = ask(door(token()), "GET", "/orders?access_token=asat_good")
    assert (answer.reply.status, answer.record.auth) == (401, "missing")
    said = answer.record.decisions["guard"]
    assert said == "a credential came in the query access_token; wanted Authorization: Bearer …"


def test_the_metadata_of_the_path_form_has_the_path_behind_the_well_known_one():
    url = "http://localhost:8000/.well-known/oauth-protected-resource/live/todo/mcp"
    assert metadata_url("http://localhost:8000/live/todo", "/mcp") == url


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Bearer asat_unknown", "not known here"),
        ("Bearer eyJhbGciOi.eyJzdWIi.c2ln", "ID token"),
        ("Bearer asrt_refresh", "refresh token"),
        ("Bearer ask_key", "API key"),
        ("Bearer ", "not a token"),
        ("Bearer a b", "not a token"),
        ("Basic asat_good", "sent the scheme Basic"),
        ("asat_good", "without a scheme"),
        ("Bearer \xff\xfe", "not a token"),
    ],
)
def test_what_is_no_token_of_this_project_is_401_and_said_in_words(value, said):
    answer = ask(door(token()), "GET", "/orders", authorization=value)
    assert (answer.reply.status, answer.record.auth) == (401, "wrong")
    assert said in answer.record.decisions["guard"]
    assert "asat_good" not in answer.record.decisions["guard"]


def test_the_scheme_is_read_in_any_case():
    answer = ask(door(token()), "GET", "/orders", authorization="bearer asat_good")
    assert answer.reply.status == 200


def test_an_open_operation_asks_nobody():
    answer = ask(door(), "GET", "/open")
    assert (answer.reply.status, answer.record.auth) == (200, "open")


def test_the_builders_own_provider_is_judged_by_form_alone():
    auth = OAuth(AUTH.scopes, "https://login.example/authorize", "https://login.example/token")
    house = door(contract=make.contract(READ, auth=auth))
    assert called(house, text="whatever.it.is").reply.status == 200
    assert ask(house, "GET", "/orders").reply.status == 401


@pytest.mark.parametrize("kind", ["bearer", "basic"])
def test_a_person_has_a_key_of_their_own(kind):
    contract = make.contract(make.operation("GET", "/orders"), auth=UserHttp(kind))
    house = door(token("asuk_mine", expires=0.0, app="", scopes=frozenset(), kind="key"), contract=contract)
    good = ask(house, "GET", "/orders", authorization=f"{kind.title()} asuk_mine")
    bad = ask(house, "GET", "/orders", authorization=f"{kind.title()} asuk_other")
    assert (good.reply.status, bad.reply.status) == (200, 401)
    assert good.record.decisions["guard"] == "signed in: alice"
    assert "key" in bad.record.decisions["guard"] and "token" not in bad.record.decisions["guard"]


def test_two_people_see_two_lists():
    pets = Collection("pets", partition="user")
    listed = (Response("200", content=(Media("application/json", {"type": "array"}),)),)
    contract = make.contract(
        make.operation("GET", "/pets", behaviour=Stateful("pets"), responses=listed),
        make.operation("POST", "/pets", behaviour=Stateful("pets", "create")),
        auth=OAuth(),
        collections=(pets,),
    )
    people = [token("asat_a", user="a"), token("asat_b", user="b")]
    house = door(*people, contract=contract)
    ask(house, "POST", "/pets", b'{"name": "Rex"}', content_type="application/json", authorization="Bearer asat_a")
    seen = [orjson.loads(called(house, path="/pets", text=text).reply.body) for text in ("asat_a", "asat_b")]
    assert ["Rex" in str(rows) for rows in seen] == [True, False]


def test_each_person_has_a_window_of_their_own():
    contract = make.contract(READ, auth=AUTH, limits=(Limit(1, 60, per="credential"),))
    house = door(token("asat_a", user="a"), token("asat_a2", user="a"), token("asat_b", user="b"), contract=contract)
    assert [called(house, text=text).reply.status for text in ("asat_a", "asat_a2", "asat_b")] == [200, 429, 200]


def test_a_caller_inside_the_house_counts_as_somebody_who_signed_in():
    house = door()
    assert house.call_blocking("todo", Call("GET", "/orders"), token=token()).record.auth == "ok"
    assert house.call_blocking("todo", Call("POST", "/orders"), token=token()).record.auth == "scope"
    assert house.call_blocking("todo", Call("POST", "/orders"), key_id=-1).record.auth == "ok"
    assert house.call_blocking("todo", Call("POST", "/orders"), key_id=3).record.auth == "wrong"


def test_a_template_knows_who_signed_in():
    me = make.operation(
        "GET", "/orders", behaviour=Template(body='{"id": "{{ caller.sub }}", "may": {{ caller.scopes }}}')
    )
    answer = called(door(token(), contract=make.contract(me, auth=AUTH)))
    assert orjson.loads(answer.reply.body) == {"id": "sub-1", "may": ["orders:read"]}


def test_a_rule_asks_who_signed_in_and_never_gives_one_persons_answer_to_another():
    alice = Rule((Condition("caller", "name", value="alice"),), Template(body='{"for": "alice"}'))
    rules = make.operation("GET", "/orders", behaviour=Rules((alice,), otherwise=Template(body='{"for": "others"}')))
    people = [token("asat_a"), token("asat_b", user="sub-2", who="bob")]
    house = door(*people, contract=make.contract(rules, auth=AUTH))
    seen = [orjson.loads(called(house, text=text).reply.body)["for"] for text in ("asat_a", "asat_b", "asat_a")]
    assert seen == ["alice", "others", "alice"]


def test_a_rule_asks_what_the_client_may_do():
    may = Rule((Condition("caller", "scopes", value="orders:write"),), Template(body='{"may": true}'))
    rules = make.operation("GET", "/orders", behaviour=Rules((may,), otherwise=Template(body='{"may": false}')))
    house = door(token(), contract=make.contract(rules, auth=AUTH))
    assert orjson.loads(called(house).reply.body) == {"may": False}
