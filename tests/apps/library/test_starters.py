"""Every starter is a sound project: ChatGPT takes it without a message, and its examples are what it promises."""

import dataclasses

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from actionstudio.apps.library.starters import STARTERS, starter, tiles
from actionstudio.core import lint
from actionstudio.core.auth import ApiKey, NoAuth, ServiceHttp
from actionstudio.core.behaviour import Examples
from actionstudio.core.resolve import scopes_of
from actionstudio.core.specs import manifest, openapi
from actionstudio.core.specs.readers.openapi import read

KEYS = [one.key for one in STARTERS]
ADDRESS = "https://todo.live.example"


def names(key):
    return {f"{op.method} {op.path}": op.operation_id for op in starter(key).operations}


@pytest.mark.parametrize("key", KEYS)
def test_a_starter_is_valid_openapi_and_reads_the_same_again(key):
    contract = starter(key)
    for profile in ("full", "gpt"):
        OpenAPIV31SpecValidator(openapi.render(contract, profile=profile, servers=[ADDRESS])).validate()
    report = read(openapi.render(contract))
    usual = [dataclasses.replace(op, behaviour=Examples(), exposed=True) for op in contract.operations]
    assert list(report.contract.operations) == usual
    assert [problem for problem in report.problems if problem.code != "no-operations"] == []


@pytest.mark.parametrize("key", KEYS)
def test_a_starter_gives_nothing_to_complain_about(key):
    asked_for = {"items-basic": {"basic-as-typed"}}.get(key, set())  # what everybody with such a key should know
    found = [finding for finding in lint.check(starter(key)) if finding.level != "publish"]
    assert {finding.code for finding in found} == asked_for


def test_the_facts_that_tutorials_rely_on():
    assert names("petstore") == {
        "GET /pets": "listPets",
        "POST /pets": "createPets",
        "GET /pets/{petId}": "showPetById",
    }
    assert names("weather") == {"GET /location": "GetCurrentWeather"}
    assert names("todo") == {
        "GET /todos/{username}": "getTodos",
        "POST /todos/{username}": "addTodo",
        "DELETE /todos/{username}": "deleteTodo",
    }
    assert names("items") == {"GET /items/{item_id}": "getItem", "POST /items": "createItem"}
    assert names("acme") == {
        "GET /orders": "listOrders",
        "GET /orders/{order_id}": "getOrder",
        "POST /orders/{order_id}/refunds": "refundOrder",
        "GET /tickets": "listTickets",
        "POST /tickets": "openTicket",
        "PATCH /tickets/{ticket_id}": "updateTicket",
    }
    assert names("conference") == {
        "GET /speaker/{id}/sessions": "getSpeakerSessions",
        "GET /speaker/{id}/topics": "getSpeakerTopics",
    }
    assert names("sport") == {
        "GET /players": "getPlayers",
        "GET /teams": "getTeams",
        "GET /games": "getGames",
        "GET /stats": "getStats",
        "GET /season_averages": "getSeasonAverages",
    }
    assert names("versions") == {
        f"GET /v{n}/speaker/{{id}}/{what.lower()}": f"getSpeaker{what}V{n}"
        for n in (1, 2)
        for what in ("Sessions", "Topics")
    }
    gateway = names("gateway")
    assert gateway["GET /apisix/admin/routes"] == "getAllRoutes"
    assert len(gateway) == 25  # ChatGPT takes thirty
    for kind in ("routes", "upstreams", "services", "consumers"):
        assert {f"{method} /apisix/admin/{kind}/{{id}}" for method in ("GET", "PUT", "PATCH", "DELETE")} <= set(gateway)
        assert f"POST /apisix/admin/{kind}" in gateway
    assert "GET /apisix/admin/plugins/list" in gateway
    assert starter("gateway").manifest.name_for_human == "APISIX plugin for ChatGPT"
    assert starter("gateway").manifest.name_for_model == "apigatewayplugin"
    assert names("retrieval") == {
        "POST /query": "query_query_post",
        "POST /upsert": "upsert_upsert_post",
        "POST /upsert-file": "upsert_file_upsert_file_post",
        "DELETE /delete": "delete_delete_delete",
    }
    assert names("blank") == {}


def test_how_callers_prove_who_they_are():
    assert starter("todo").auth == NoAuth()
    assert starter("todo-token").auth == ServiceHttp("bearer")
    assert starter("items").auth == starter("acme").auth == ApiKey("bearer")
    assert starter("items-basic").auth == ApiKey("basic")
    assert starter("items-header").auth == ApiKey("header", "api-key")
    assert starter("items-oauth").auth.token_exchange == "basic_auth_header"
    assert [scope.name for scope in starter("items-oauth").auth.scopes] == ["profile"]
    assert starter("todo-oauth").auth.ours


@pytest.mark.parametrize("key", ["items-basic", "items-header", "items-oauth", "todo-oauth", "retrieval-user"])
def test_another_sign_in_takes_the_place_of_the_documents(key):
    contract = starter(key)
    document = openapi.render(contract, servers=[ADDRESS])
    assert list(document["components"]["securitySchemes"]) == [contract.auth.scheme_name]


ASKED = [
    ("items-oauth", {"getItem": ["profile"], "createItem": ["profile"]}),
    ("todo-oauth", {"getTodos": ["todos:read"], "addTodo": ["todos:write"], "deleteTodo": ["todos:write"]}),
    (
        "retrieval-oauth",
        {
            "query_query_post": ["search:read"],
            "upsert_upsert_post": ["search:write"],
            "upsert_file_upsert_file_post": ["search:write"],
            "delete_delete_delete": ["search:write"],
        },
    ),
]


@pytest.mark.parametrize(("key", "asked"), ASKED)
def test_every_operation_asks_for_a_scope_that_says_what_it_does(key, asked):
    contract = starter(key)
    assert {op.operation_id: list(scopes_of(op, contract.auth)) for op in contract.operations} == asked
    assert all(scope.sentence for scope in contract.auth.scopes)


RETRIEVAL = [
    ("retrieval", {"type": "none"}),
    ("retrieval-service", {"type": "service_http", "authorization_type": "bearer", "verification_tokens": {}}),
    ("retrieval-user", {"type": "user_http", "authorization_type": "bearer"}),
    (
        "retrieval-oauth",
        {
            "type": "oauth",
            "client_url": f"{ADDRESS}/oauth/authorize",
            "scope": "search:read search:write",
            "authorization_url": f"{ADDRESS}/oauth/token",
            "authorization_content_type": "application/x-www-form-urlencoded",
            "verification_tokens": {},
        },
    ),
]


@pytest.mark.parametrize(("key", "auth"), RETRIEVAL)
def test_retrieval_has_a_manifest_for_each_of_the_four_kinds(key, auth):
    written = manifest.render(starter(key), base_url=ADDRESS)
    assert written["auth"] == auth
    assert (written["name_for_human"], written["name_for_model"]) == ("Retrieval", "retrieval")


@pytest.mark.parametrize("key", ["todo-oauth", "retrieval-user", "retrieval-oauth"])
def test_where_people_sign_in_each_has_a_list_of_their_own(key):
    (collection,) = starter(key).collections
    assert collection.partition == "user"
    (seed,) = collection.seeds
    assert seed.partition == "" and seed.rows


def test_a_variant_stands_on_the_tile_of_its_source():
    shown = {tile.key: [one.key for one in variants] for tile, variants in tiles()}
    assert shown["items"] == ["items-basic", "items-header", "items-oauth"]
    assert shown["todo"] == ["todo-token", "todo-oauth"]
    assert sorted([*shown, *(key for keys in shown.values() for key in keys)]) == sorted(KEYS)


def test_orders_and_refunds_ask_before_they_change_anything_and_have_texts_of_their_own():
    acme = starter("acme")
    assert all(op.consequential is (op.method != "GET") for op in acme.operations)
    assert all(len(op.responses[0].content[0].examples) > 1 for op in acme.operations)
    assert "Acme Orders" in acme.privacy
    assert "Acme Orders" in acme.legal


def test_the_todo_manifest_has_the_texts_of_a_plugin():
    written = manifest.render(starter("todo-token"), base_url=ADDRESS)
    assert (written["name_for_human"], written["name_for_model"]) == ("TODO Plugin", "todo")
    assert written["auth"] == {"type": "service_http", "authorization_type": "bearer", "verification_tokens": {}}


def test_an_unknown_starter_is_a_key_error():
    with pytest.raises(KeyError):
        starter("nothing")
