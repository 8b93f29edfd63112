"""What the model wrote becomes a call, or ChatGPT's own refusal of it."""

import json

import pytest

from actionstudio.core.chatgpt.arguments import Made, made
from actionstudio.core.importer import simulate_document
from actionstudio.core.sendable import Refusal

ITEM = {
    "operationId": "addItem",
    "parameters": [
        {"name": "list", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "tag", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
        {"name": "dry", "in": "query", "schema": {"type": "boolean"}},
    ],
    "requestBody": {
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"title": {"type": "string"}, "args": {"type": "object"}}}
            }
        }
    },
    "responses": {"200": {"description": "OK"}},
}
GET = {"operationId": "list", "parameters": ITEM["parameters"][:1], "responses": {"200": {"description": "OK"}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Items", "version": "1"},
    "servers": [{"url": "https://items.example/v1"}],
    "paths": {
        "/lists/{list}": {"post": ITEM, "get": GET},
        "/lost": {"post": {"operationId": "lost", "parameters": [{"$ref": "#/components/parameters/x"}]}},
    },
}
IMPORTED = simulate_document(DOCUMENT)


def call(arguments, operation: str = "addItem"):
    found = made(IMPORTED, operation, arguments if isinstance(arguments, str) else json.dumps(arguments))
    assert isinstance(found, Made), found
    return found.call


def refusal(arguments, operation: str = "addItem") -> Refusal:
    found = made(IMPORTED, operation, arguments if isinstance(arguments, str) else json.dumps(arguments))
    assert isinstance(found, Refusal), found
    return found


def test_one_flat_object_fills_path_query_and_body():
    found = call({"list": "to do/ü", "tag": ["a b", "c"], "dry": True, "title": "Milk", "args": {"n": 1}})
    assert (found.method, found.path) == ("POST", "/lists/to%20do%2F%C3%BC")
    assert found.query == "tag=a%20b&tag=c&dry=true"
    assert json.loads(found.body) == {"title": "Milk", "args": {"n": 1}}
    assert found.header("content-type") == "application/json"


def test_an_operation_without_fields_of_a_body_sends_none():
    found = call({"list": "x"}, "list")
    assert (found.body, found.headers) == (b"", ())


def test_declared_fields_that_the_model_leaves_out_make_an_empty_object():
    assert call({"list": "x"}).body == b"{}"


@pytest.mark.parametrize("text", ["", "  ", "{}"])
def test_a_model_may_leave_out_an_object_that_would_be_empty(text):
    assert refusal(text).code == "unfillable"


def test_broken_json_is_refused_with_the_runtimes_words():
    found = refusal('{"list": "x" "title": 1}')
    assert found.message == (
        "ApiSyntaxError: Could not parse API call kwargs as JSON: exception=Expecting ',' delimiter: "
        "line 1 column 14 (char 13) url=https://items.example/v1/lists/{list}"
    )
    assert (found.code, found.confidence) == ("syntax", "C")


@pytest.mark.parametrize("text", ["[1]", "null", '"x"', "[" * 100_000, "1" * 5000])
def test_what_is_no_object_is_refused_too(text):
    assert refusal(text).code == "syntax"


@pytest.mark.parametrize(("names", "told"), [(["env"], "env"), (["Field Name 1", "b"], "('Field Name 1', 'b')")])
def test_an_undeclared_argument_is_refused_by_name(names, told):
    found = refusal({"list": "x", **dict.fromkeys(names, 1)})
    assert (found.code, found.message, found.names) == ("unknown", f"UnrecognizedKwargsError: {told}", tuple(names))


@pytest.mark.parametrize("value", [None, ""])
def test_a_path_without_its_value_has_no_address(value):
    assert refusal({"list": value}).names == ("list",)


def test_what_the_import_dropped_is_refused_with_the_editors_line():
    found = refusal({}, "lost")
    assert found.code == "dropped"
    assert "missing or non-string name" in found.message or "skipping function due to errors" in found.message


def test_an_operation_that_is_not_there_is_told_so():
    assert refusal({}, "nothing").code == "gone"


def test_nothing_is_called_of_a_document_that_is_refused_as_a_whole():
    found = made(simulate_document({**DOCUMENT, "servers": []}), "addItem", "{}")
    assert isinstance(found, Refusal)
    assert (found.code, found.message) == ("fatal", "Could not find a valid URL in `servers`")
    assert "must name the address of the API, whole" in found.detail


@pytest.mark.parametrize(("more", "sent"), [(0, True), (1, False)])
def test_a_request_has_fewer_than_100_000_characters(more, sent):
    text = "x" * (99_999 - len('{"title": ""}') + more)
    found = made(IMPORTED, "addItem", json.dumps({"list": "x", "title": text}))
    assert isinstance(found, Made) is sent
    if not sent:
        assert found.code == "too-large"


def test_half_a_character_is_replaced_where_a_url_cannot_say_it():
    found = call('{"list": "a\\ud800", "tag": ["\\udc00"], "title": "\\ud800"}')
    assert found.path == "/lists/a%EF%BF%BD"
    assert found.body == b'{"title": "\\ud800"}'
