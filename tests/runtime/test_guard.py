"""Who may call, and what the log says about it."""

import base64
import dataclasses
from typing import get_args

import orjson
import pytest

from actionstudio.core.auth import ApiKey, Auth, Declared, NoAuth, ServiceHttp
from actionstudio.core.contract import Contract, Response
from actionstudio.core.importer.profile import enabled
from actionstudio.runtime.guard import GUARDS
from tests import make
from tests.runtime.house import ask, front, key

KEYS = {"keys": (key("ask_good", 5),), "extra": {"revoked": (key("ask_old", 6, "Old"),)}}


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def contract(auth, **fields) -> Contract:
    return make.contract(make.operation(security=fields.pop("security", None)), auth=auth, **fields)


def declared(schemes: dict, *security: dict) -> Contract:
    return make.contract(
        make.operation(security=tuple(security)), auth=Declared(), extra={"components": {"securitySchemes": schemes}}
    )


def test_the_table_is_whole():
    assert set(get_args(Auth.__value__)) == set(GUARDS)


@pytest.mark.parametrize(
    ("auth", "headers", "outcome"),
    [
        (NoAuth(), {}, "none"),
        (ApiKey("bearer"), {"authorization": "Bearer ask_good"}, "ok"),
        (ApiKey("bearer"), {"authorization": "bearer ask_good"}, "ok"),
        (ApiKey("bearer"), {}, "missing"),
        (ApiKey("bearer"), {"authorization": "Bearer ask_bad"}, "wrong"),
        (ApiKey("bearer"), {"authorization": "Bearer ask_old"}, "revoked"),
        (ApiKey("bearer"), {"authorization": "Bearer"}, "wrong"),
        (ApiKey("bearer"), {"authorization": "ask_good"}, "wrong"),
        (ApiKey("bearer"), {"authorization": "Bearer ask_good extra"}, "wrong"),
        (ApiKey("basic"), {"authorization": "Basic ask_good"}, "ok"),
        (ApiKey("basic"), {"authorization": basic("ask_good")}, "ok"),
        (ApiKey("basic"), {"authorization": basic("ask_good:")}, "ok"),
        (ApiKey("basic"), {"authorization": basic("ask_good:x")}, "wrong"),
        (ApiKey("header", "X-Key"), {"x_key": "ask_good"}, "ok"),
        (ApiKey("header", "X-Key"), {"authorization": "Bearer ask_good"}, "wrong"),
        (ApiKey("header", "Authorization"), {"authorization": "ask_good"}, "ok"),
        (ServiceHttp("bearer"), {"authorization": "Bearer ask_good"}, "ok"),
        (ServiceHttp("basic"), {"authorization": "Basic ask_good"}, "ok"),
    ],
)
def test_a_credential_is_judged(auth, headers, outcome):
    answer = ask(front(contract(auth), **KEYS), "GET", "/items", **headers)
    assert answer.record.auth == outcome
    assert answer.reply.status == (200 if outcome in ("ok", "none") else 401)
    assert bool(answer.reply.header("www-authenticate")) == (answer.reply.status == 401)
    assert answer.record.key_id == {"ok": 5, "revoked": 6}.get(outcome)


def test_the_log_says_plainly_what_was_wrong():
    answer = ask(front(contract(ApiKey("bearer")), **KEYS), "GET", "/items", authorization="Basic x")
    assert answer.record.decisions["guard"] == "sent Basic, wanted Bearer"
    assert answer.record.kind == "refused"


@pytest.mark.parametrize(
    ("auth", "url", "headers", "said"),
    [
        (ApiKey("bearer"), "/items", {"x_api_key": "ask_good"}, "came in the header x-api-key; wanted Authorization"),
        (ApiKey("bearer"), "/items?access_token=t", {}, "came in the query access_token; wanted Authorization: Bearer"),
        (ApiKey("bearer"), "/items?who=ask_good", {}, "came in the query who; wanted"),
        (
            ApiKey("header", "X-Key"),
            "/items",
            {"x_auth_token": "t"},
            "header x-auth-token; wanted the header X-Key",
        ),
        (ApiKey("bearer"), "/items?page_token=t", {"x_api_key": ""}, "no credential was sent; wanted"),
        (ApiKey("bearer"), "/items", {"authorization": "Bearer Bearer ask_good"}, "the word Bearer stands twice"),
        (ApiKey("basic"), "/items", {"authorization": "Basic basic ask_good"}, "the word Basic stands twice"),
    ],
)
def test_a_credential_elsewhere_or_with_two_schemes_is_refused_and_told(auth, url, headers, said):
    answer = ask(front(contract(auth), **KEYS), "GET", url, **headers)
    assert answer.reply.status == 401 and said in answer.record.decisions["guard"]
    assert "ask_good" not in str(answer.record.decisions)


def test_where_no_credential_is_needed_one_in_another_place_does_no_harm():
    answer = ask(declared(SCHEMES, {"bearer": []}, {}), "GET", "/items?access_token=t", x_api_key="t")
    assert answer.record.auth == "open"


def test_an_operation_can_be_opened():
    answer = ask(front(contract(ApiKey(), security=()), **KEYS), "GET", "/items")
    assert (answer.reply.status, answer.record.auth) == (200, "open")


def test_while_no_key_was_ever_issued_any_well_formed_credential_will_do():
    made = contract(ApiKey("bearer"))
    assert ask(made, "GET", "/items", authorization="Bearer whatever").record.auth == "ok"
    assert ask(made, "GET", "/items", authorization="Bearer two words").record.auth == "wrong"
    assert ask(made, "GET", "/items").record.auth == "missing"


def test_when_the_only_key_is_revoked_nobody_gets_in():
    door = front(contract(ApiKey("bearer")), extra=KEYS["extra"])
    assert ask(door, "GET", "/items", authorization="Bearer whatever").reply.status == 401


def test_a_call_can_count_as_carrying_an_issued_key():
    door = front(contract(ApiKey("bearer")), **KEYS)
    assert ask(door, "GET", "/items", assume=5).record.key_id == 5
    assert ask(door, "GET", "/items", assume=-1).record.auth == "ok"
    assert ask(door, "GET", "/items", assume=6).record.auth == "revoked"
    assert ask(door, "GET", "/items", assume=99).record.auth == "wrong"


def test_the_documents_own_401_is_used():
    own = Response("401", "No", content=make.operation().responses[0].content)
    operation = make.operation(responses=(*make.operation().responses, own))
    answer = ask(make.contract(operation, auth=ApiKey()), "GET", "/items")
    assert (answer.reply.status, answer.reply.body) == (401, b'{"ok":true}')
    assert answer.reply.header("www-authenticate").startswith("Bearer realm=")


SCHEMES = {
    "query": {"type": "apiKey", "in": "query", "name": "api_key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "digest": {"type": "http", "scheme": "digest"},
    "oauth": {"type": "oauth2", "flows": {}},
    "oidc": {"type": "openIdConnect", "openIdConnectUrl": "https://x"},
}
DIGEST = 'Digest username="u", realm="r", nonce="n", uri="/", response="x"'


@pytest.mark.parametrize(
    ("security", "url", "headers", "outcome"),
    [
        ([{"query": []}], "/items?api_key=k", {}, "ok"),
        ([{"query": []}], "/items?api_key=", {}, "missing"),
        ([{"cookie": []}], "/items", {"cookie": "a=b; sid=1"}, "ok"),
        ([{"basic": []}], "/items", {"authorization": basic("u:p")}, "ok"),
        ([{"basic": []}], "/items", {"authorization": basic("key")}, "wrong"),
        ([{"basic": []}], "/items", {"authorization": "Basic abc123"}, "wrong"),
        ([{"digest": []}], "/items", {"authorization": DIGEST}, "ok"),
        ([{"digest": []}], "/items", {"authorization": 'Digest username="u"'}, "wrong"),
        ([{"oauth": ["read"]}], "/items", {"authorization": "Bearer t"}, "ok"),
        ([{"oidc": []}], "/items", {}, "missing"),
        ([{"query": [], "bearer": []}], "/items?api_key=k", {}, "missing"),
        ([{"query": [], "bearer": []}], "/items?api_key=k", {"authorization": "Bearer t"}, "ok"),
        ([{"query": []}, {"bearer": []}], "/items", {"authorization": "Bearer t"}, "ok"),
        ([{"query": []}, {"bearer": []}], "/items", {}, "missing"),
        ([{"bearer": []}, {}], "/items", {}, "open"),
        ([], "/items", {}, "open"),
    ],
)
def test_all_of_openapis_requirements(security, url, headers, outcome):
    answer = ask(declared(SCHEMES, *security), "GET", url, **headers)
    assert answer.record.auth == outcome


def test_alternatives_are_all_named_in_the_challenge():
    answer = ask(declared(SCHEMES, {"query": []}, {"bearer": []}), "GET", "/items")
    assert "ApiKey" in answer.reply.header("www-authenticate")
    assert "Bearer" in answer.reply.header("www-authenticate")


@pytest.mark.parametrize("auth", [ApiKey("bearer"), ApiKey("header", "X-Api-Key")])
@pytest.mark.parametrize("sent", ["hunter2hunter2", "hunter2hunter2 again"])
def test_a_credential_without_a_scheme_is_never_told(auth, sent):
    answer = ask(front(make.contract(auth=auth), keys=(key("k"),)), "GET", "/items", authorization=sent)
    assert answer.reply.status == 401
    assert b"hunter2" not in answer.reply.body
    assert "hunter2" not in str(answer.record.decisions)


def test_a_declared_scheme_that_is_no_header_text_does_no_harm():
    schemes = {"s": {"type": "http", "scheme": "be\u2603\r\narer"}}
    contract = make.contract(auth=Declared(), security=({"s": []},), extra={"components": {"securitySchemes": schemes}})
    assert ask(contract, "GET", "/items").reply.header("www-authenticate") == 'bearer realm="Items"'


BEARER = {"type": "http", "scheme": "bearer"}
QUERY = {"type": "apiKey", "in": "query", "name": "api-key"}
TENANT = {"type": "apiKey", "in": "header", "name": "X-Tenant"}


def test_chatgpts_one_credential_opens_what_asks_for_more():
    both = declared({"t": TENANT, "b": BEARER}, {"b": [], "t": []})
    mended = front(enabled(both, None), **KEYS)
    sent = {"authorization": "Bearer ask_good"}
    assert ask(front(both, **KEYS), "GET", "/items", **sent).reply.status == 401
    assert ask(mended, "GET", "/items", **sent).record.auth == "ok"
    assert ask(mended, "GET", "/items", x_tenant="ask_good").reply.status == 401
    assert ask(mended, "GET", "/items", authorization="Bearer ask_old").record.auth == "revoked"
    refused = ask(mended, "GET", "/items")
    assert (refused.reply.status, refused.record.auth) == (401, "missing")


@pytest.mark.parametrize("place", ["query", "cookie"])
def test_a_key_of_the_query_or_a_cookie_may_come_in_a_header(place):
    mended = front(enabled(declared({"k": {**QUERY, "in": place}}, {"k": []}), None), **KEYS)
    assert ask(mended, "GET", "/items", api_key="ask_good").record.auth == "ok"
    assert ask(mended, "GET", "/items", api_key="ask_bad").record.auth == "wrong"
    own = {"cookie": "api-key=ask_good"} if place == "cookie" else {}
    assert ask(mended, "GET", "/items" + ("?api-key=ask_good" if place == "query" else ""), **own).record.auth == "ok"
    assert ask(mended, "GET", "/items").record.auth == "missing"


def test_an_endpoint_hidden_from_chatgpt_asks_for_what_it_always_did():
    hidden = make.operation("GET", "/hidden", exposed=False)
    contract = declared({"k": QUERY}, {"k": []})
    contract = dataclasses.replace(contract, operations=(*contract.operations, hidden), security=({"k": []},))
    mended = front(enabled(contract, None))
    assert ask(mended, "GET", "/items", api_key="any").record.auth == "ok"
    assert ask(mended, "GET", "/hidden", api_key="any").record.auth == "missing"


def test_a_call_that_chatgpt_makes_from_the_served_document_is_let_in():
    """What ChatGPT reads of the sign-in in the document, sent as it says, is what the address takes."""
    house = front(enabled(declared({"k": QUERY, "t": TENANT}, {"k": [], "t": []}), None), **KEYS)
    document = orjson.loads(ask(house, "GET", "/openapi.json").reply.body)
    (name,) = document["paths"]["/items"]["get"]["security"][0]
    scheme = document["components"]["securitySchemes"][name]
    assert (scheme["type"], scheme["in"]) == ("apiKey", "header")
    answer = ask(house, "GET", "/items", **{scheme["name"].lower(): "ask_good"})
    assert (answer.reply.status, answer.record.auth) == (200, "ok")
    whole = orjson.loads(ask(house, "GET", "/openapi.json?profile=full").reply.body)
    assert whole["paths"]["/items"]["get"]["security"] == [{"k": [], "t": []}]
