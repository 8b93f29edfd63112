"""Postman collections become operations: folders, variables, bodies, saved responses and inherited sign-in."""

import copy

import pytest
from hypothesis import given, settings

from actionstudio.core.auth import ApiKey
from actionstudio.core.problem import Refused
from actionstudio.core.specs.readers.postman_request import Variables
from tests.core.specs.readers import kit

SHOP = {
    "info": {
        "_postman_id": "4c8b1d0e",
        "name": "Shop",
        "description": {"content": "Orders and customers.", "type": "text/markdown"},
        "version": "2.3.0",
        "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    },
    "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "topsecret", "type": "string"}]},
    "variable": [
        {"key": "baseUrl", "value": "https://api.shop.example"},
        {"key": "version", "value": "v1"},
        {"key": "apiToken", "value": "topsecret"},
        {"key": "loop", "value": "{{loop}}"},
    ],
    "item": [
        {
            "name": "Orders",
            "description": "All about orders",
            "item": [
                {
                    "name": "Create an order",
                    "request": {
                        "method": "POST",
                        "description": "Makes one.",
                        "header": [
                            {"key": "Content-Type", "value": "application/json"},
                            {"key": "X-Tenant", "value": "acme", "description": "Who pays"},
                            {"key": "X-Old", "value": "1", "disabled": True},
                        ],
                        "body": {
                            "mode": "raw",
                            "raw": '{\n  // what\n  "item": "tea", "count": {{count}}, "password": "topsecret"\n}',
                            "options": {"raw": {"language": "json"}},
                        },
                        "url": {"raw": "{{baseUrl}}/{{version}}/orders", "host": ["{{baseUrl}}"],
                                "path": ["{{version}}", "orders"]},
                    },
                    "response": [
                        {"name": "Created", "code": 201, "status": "Created", "_postman_previewlanguage": "json",
                         "header": [{"key": "Content-Type", "value": "application/json; charset=utf-8"}],
                         "body": '{"id": 17}', "originalRequest": {}},
                        {"name": "Out of stock", "code": 409, "_postman_previewlanguage": "json",
                         "body": '{"error": "none left"}'},
                        {"name": "Created again", "code": 201, "_postman_previewlanguage": "json",
                         "body": '{"id": 18}'},
                    ],
                },
                {
                    "name": "Nested",
                    "item": [
                        {
                            "name": "Get an order",
                            "request": {
                                "method": "GET",
                                "header": [],
                                "url": {
                                    "raw": "{{baseUrl}}/v1/orders/:orderId?expand=lines",
                                    "host": ["{{baseUrl}}"],
                                    "path": ["v1", "orders", ":orderId"],
                                    "query": [
                                        {"key": "expand", "value": "lines", "description": "What to add"},
                                        {"key": "fields", "value": "id", "disabled": True},
                                    ],
                                    "variable": [{"key": "orderId", "value": "17", "description": "Which order"}],
                                },
                            },
                        }
                    ],
                },
            ],
        },
        {
            "name": "Public",
            "auth": {"type": "noauth"},
            "item": [
                {"name": "Ping", "request": "{{baseUrl}}/ping"},
                {
                    "name": "Sign in",
                    "request": {
                        "method": "POST",
                        "body": {"mode": "urlencoded", "urlencoded": [
                            {"key": "user", "value": "ann"}, {"key": "password", "value": "topsecret"},
                        ]},
                        "url": "{{baseUrl}}/login",
                    },
                },
                {
                    "name": "Upload",
                    "request": {
                        "method": "PUT",
                        "auth": {"type": "apikey", "apikey": [{"key": "key", "value": "X-Upload-Key"},
                                                              {"key": "value", "value": "topsecret"}]},
                        "body": {"mode": "formdata", "formdata": [
                            {"key": "file", "type": "file", "src": "/a"}, {"key": "title", "value": "Hi"},
                        ]},
                        "url": "{{baseUrl}}/files/{{fileId}}",
                    },
                },
                {
                    "name": "Query",
                    "request": {
                        "method": "POST",
                        "body": {"mode": "graphql", "graphql": {"query": "{ me { id } }", "variables": '{"a": 1}'}},
                        "url": "{{baseUrl}}/graphql",
                    },
                },
            ],
        },
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def report():
    return kit.read(SHOP)


@pytest.fixture(scope="module")
def operations(report):
    kit.written(report)
    return {op.operation_id: op for op in report.contract.operations}


def test_requests_are_operations_named_as_in_the_collection(report, operations):
    assert report.format == "Postman collection 2.1"
    assert (report.operations_in, report.operations_kept) == (6, 6)
    assert {name: (op.method, op.path) for name, op in operations.items()} == {
        "create_an_order": ("POST", "/v1/orders"),
        "get_an_order": ("GET", "/v1/orders/{orderId}"),
        "ping": ("GET", "/ping"),
        "sign_in": ("POST", "/login"),
        "upload": ("PUT", "/files/{fileId}"),
        "query": ("POST", "/graphql"),
    }
    assert report.contract.servers[0].url == "https://api.shop.example"
    assert (report.contract.title, report.contract.version) == ("Shop", "2.3.0")
    assert report.contract.description == "Orders and customers."


def test_folders_are_tags(report, operations):
    assert operations["get_an_order"].tags == ("Orders",)
    assert report.contract.tags == ({"name": "Orders", "description": "All about orders"}, {"name": "Public"})


def test_bodies_survive_comments_and_variables(operations):
    media = operations["create_an_order"].body.content[0]
    assert media.media_type == "application/json"
    assert media.examples[0].value == {"item": "tea", "count": "{{count}}", "password": "***"}
    assert operations["query"].body.content[0].examples[0].value == {
        "query": "{ me { id } }",
        "variables": {"a": 1},
    }
    assert operations["sign_in"].body.content[0].examples[0].value == {"user": "ann", "password": "***"}
    assert list(operations["upload"].body.content[0].schema["properties"]) == ["file", "title"]


def test_saved_responses_are_examples(operations):
    created, conflict = operations["create_an_order"].responses
    assert [(example.key, example.value, example.summary) for example in created.content[0].examples] == [
        ("created", {"id": 17}, "Created"),
        ("created_again", {"id": 18}, "Created again"),
    ]
    assert conflict.content[0].examples[0].value == {"error": "none left"}


def test_parameters_keep_their_words(operations):
    found = {item.name: item for item in operations["get_an_order"].parameters}
    assert found["orderId"].description == "Which order"
    assert found["expand"].description == "What to add"
    assert not found["expand"].required
    assert "fields" in found
    headers = {item.name for item in operations["create_an_order"].parameters}
    assert headers == {"X-Tenant"}


def test_sign_in_is_inherited(report, operations):
    document = kit.written(report)
    assert document["components"]["securitySchemes"] == {
        "bearerAuth": {"type": "http", "scheme": "bearer"},
        "apiKey": {"type": "apiKey", "in": "header", "name": "X-Upload-Key"},
    }
    assert operations["create_an_order"].security == ({"bearerAuth": []},)
    assert operations["upload"].security == ({"apiKey": []},)
    assert operations["ping"].security == ()


def test_one_sign_in_for_all_is_a_key_of_ours():
    source = copy.deepcopy(SHOP)
    del source["item"][1]
    assert kit.read(source).contract.auth == ApiKey("bearer", scheme_name="bearerAuth")


def test_no_credential_is_kept(report):
    assert "topsecret" not in str(report)


def test_variables_nobody_explains_are_told(report):
    [told] = [problem for problem in report.problems if problem.code == "variables"]
    assert "count, fileId" in told.message


def test_a_variable_that_never_ends_takes_no_longer_than_its_text():
    texts = ("{{" + " " * 200_000, "{{ " * 50_000, "{{a" + " " * 200_000)
    assert [Variables([]).filled(text) for text in texts] == [*texts]
    assert (
        Variables([{"key": "base url", "value": "https://a.example"}]).filled("{{ base url }}/x")
        == "https://a.example/x"
    )


def test_an_older_collection_is_read_too():
    source = {
        "info": {"name": "Old", "schema": "https://schema.getpostman.com/json/collection/v2.0.0/collection.json"},
        "item": [
            {
                "name": "List",
                "request": {
                    "url": "https://a.example/items?page=1",
                    "method": "GET",
                    "auth": {"type": "basic", "basic": {"username": "ann", "password": "topsecret"}},
                    "header": "X-Tenant: acme\nAccept: */*",
                },
            }
        ],
    }
    report = kit.read(source)
    assert report.format == "Postman collection 2.0"
    assert [item.name for item in report.contract.operations[0].parameters] == ["page", "X-Tenant"]
    assert report.contract.auth == ApiKey("basic", scheme_name="basicAuth")
    assert "topsecret" not in str(report)


def test_an_unknown_server_leaves_the_path():
    source = {"info": {"name": "x"}, "item": [{"request": {"url": "{{host}}/orders", "method": "GET"}}]}
    report = kit.read(source)
    assert report.contract.servers == ()
    assert report.contract.operations[0].path == "/orders"


def test_oauth_keeps_its_addresses_only():
    auth = {"type": "oauth2", "oauth2": [
        {"key": "authUrl", "value": "https://a.example/authorize"}, {"key": "accessTokenUrl", "value": "https://a.example/t"},
        {"key": "clientSecret", "value": "topsecret"}, {"key": "scope", "value": "read write"},
    ]}  # fmt: skip
    source = {"info": {"name": "x"}, "auth": auth, "item": [{"request": "https://a.example/orders"}]}
    report = kit.read(source)
    scheme = kit.written(report)["components"]["securitySchemes"]["oauth2"]
    assert scheme["flows"]["authorizationCode"]["scopes"] == {"read": "", "write": ""}
    assert "topsecret" not in str(report)


def test_good_requests_survive_bad_neighbours():
    source = copy.deepcopy(SHOP)
    source["item"] += ["nothing", {"name": "No address", "request": {"method": "GET"}}]
    source["item"][0]["item"][0]["request"]["method"] = "LINK"
    report = kit.read(source)
    assert (report.operations_in, report.operations_kept) == (7, 5)
    assert kit.at(report, "not-an-object") == ["/item/2"]
    assert kit.at(report, "url") == ["/item/3/request/url"]
    assert kit.at(report, "method") == ["/item/0/item/0/request/method"]


@pytest.mark.parametrize(
    "source", [{"info": {"_postman_id": "x"}}, {"info": {"name": "x"}, "item": []}, {"openapi": "3.1.0"}, []]
)
def test_what_holds_no_request_is_refused(source):
    with pytest.raises(Refused):
        kit.read(source, "postman")


@settings(max_examples=150, deadline=None)
@given(kit.bent(SHOP))
def test_no_collection_however_bent_makes_it_fail(source):
    kit.survives("postman", source)
