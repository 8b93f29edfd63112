"""Documents of OpenAPI 3.0 and 3.1 become contracts; what cannot be used is told and spoils nothing else."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from actionstudio.core.auth import ApiKey, Declared, NoAuth
from actionstudio.core.problem import Refused
from actionstudio.core.specs import openapi, pointers, text
from actionstudio.core.specs.readers.openapi import read
from tests.core.specs.documents import EVERYTHING, large

OK = {"200": {"description": "OK"}}


def document(paths=None, version="3.1.0", **more):
    paths = {"/a": {"get": {"responses": OK}}} if paths is None else paths
    return {"openapi": version, "info": {"title": "T", "version": "1"}, "paths": paths, **more}


def codes(doc):
    return [problem.code for problem in read(doc).problems]


def schema_of(schema, version="3.0.3"):
    return read(document(version=version, components={"schemas": {"A": schema}})).contract.components[0].schema


def test_a_sound_document_has_no_problems_but_the_circle_that_chatgpt_refuses():
    report = read(EVERYTHING)
    assert [(problem.code, problem.pointer) for problem in report.problems] == [
        ("circular-schemas", "/components/schemas/Item")
    ]
    assert "Item → Item" in report.problems[0].message
    assert (report.format, report.operations_in, report.operations_kept) == ("OpenAPI 3.1.0", 3, 3)


def test_the_source_is_not_changed():
    before = copy.deepcopy(EVERYTHING)
    read(EVERYTHING)
    assert before == EVERYTHING


def test_a_large_document_of_3_0_comes_out_valid_and_reads_the_same_again():
    report = read(large(10))
    written = openapi.render(report.contract)
    OpenAPIV31SpecValidator(written).validate()
    assert read(written).contract == report.contract
    assert report.operations_kept == 10


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"type": "string", "nullable": True, "enum": ["a"]}, {"type": ["string", "null"], "enum": ["a", None]}),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, {"type": "integer", "exclusiveMinimum": 1}),
        ({"type": "integer", "maximum": 9, "exclusiveMaximum": False}, {"type": "integer", "maximum": 9}),
        ({"type": "integer", "minimum": 0, "example": 3}, {"type": "integer", "minimum": 0, "example": 3}),
        (
            {"type": "string", "format": "byte"},
            {"type": "string", "format": "byte", "contentEncoding": "base64"},
        ),
        (
            {"type": "string", "format": "binary"},
            {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"},
        ),
        (
            {"allOf": [{"$ref": "#/components/schemas/A"}], "nullable": True, "description": "d"},
            {"description": "d", "anyOf": [{"allOf": [{"$ref": "#/components/schemas/A"}]}, {"type": "null"}]},
        ),
        (
            {"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": True},
            {"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
        ),
        (
            {"$ref": "#/components/schemas/A", "description": "d", "minLength": 3},
            {"$ref": "#/components/schemas/A", "description": "d"},
        ),
        (
            {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string", "nullable": True}}}},
            {"type": "object", "properties": {"a": {"type": "array", "items": {"type": ["string", "null"]}}}},
        ),
        (
            {"type": "object", "properties": {"nullable": {"type": "boolean"}}},
            {"type": "object", "properties": {"nullable": {"type": "boolean"}}},
        ),
        ({"enum": [{"nullable": True}]}, {"enum": [{"nullable": True}]}),
    ],
)
def test_schemas_of_3_0_become_json_schema(old, new):
    assert schema_of(old) == new


def test_schemas_in_every_corner_of_3_0_are_converted():
    old, new = {"type": "string", "nullable": True}, {"type": ["string", "null"]}
    content = {"application/json": {"schema": old}}
    doc = document(
        {
            "/a": {
                "parameters": [{"name": "p", "in": "query", "schema": old}],
                "get": {
                    "parameters": [{"name": "q", "in": "query", "content": content}],
                    "requestBody": {"content": content},
                    "responses": {"200": {"description": "", "headers": {"H": {"schema": old}}, "content": content}},
                    "callbacks": {"c": {"{$url}": {"post": {"requestBody": {"content": content}, "responses": OK}}}},
                },
            }
        },
        version="3.0.0",
        components={
            kind: {"X": shape}
            for kind, shape in {
                "parameters": {"name": "x", "in": "query", "schema": old},
                "headers": {"schema": old},
                "requestBodies": {"content": content},
                "responses": {"description": "", "content": content},
            }.items()
        },
    )
    written = str(openapi.render(read(doc).contract))
    assert "nullable" not in written
    assert written.count(str(new)) == 10


def test_schemas_of_3_1_stay_as_they_are():
    schema = {"type": "string", "nullable": True, "format": "byte", "$comment": "as written"}
    assert schema_of(schema, "3.1.0") == schema


def test_required_on_a_property_moves_to_its_object():
    schema = {"type": "object", "properties": {"a": {"type": "string", "required": True}, "b": {"required": False}}}
    assert schema_of(schema) == {"type": "object", "properties": {"a": {"type": "string"}, "b": {}}, "required": ["a"]}


REFUSED = {
    "not-openapi": [[], None, "text", {}, {"info": {}}, {"schema_version": "v1"}, {"asyncapi": "2"}, {"paths": {}}],
    "openapi-version": [{"openapi": "4.0.0"}, {"openapi": None}, {"openapi": []}, {"openapi": "3.10"}],
    "no-paths": [{"openapi": "3.1.0"}, {"openapi": "3.1.0", "paths": []}, {"openapi": "3.1.0", "paths": None}],
    "path": [document({"a": {"get": {"responses": OK}}}), document({"/a//b": {"get": {"responses": OK}}})],
}


@pytest.mark.parametrize(("code", "doc"), [(code, doc) for code, docs in REFUSED.items() for doc in docs])
def test_what_is_no_openapi_is_refused_with_a_cure(code, doc):
    with pytest.raises(Refused) as caught:
        read(doc)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert len(caught.value.problems[0].message) > 30


def test_a_version_written_as_a_number_is_understood():
    assert read({**document(), "openapi": 3.1}).format == "OpenAPI 3.1"
    assert read({**document(), "info": {"title": "T", "version": 1.0}}).contract.version == "1.0"


def test_3_2_is_tolerated_and_what_only_it_knows_is_kept_and_told():
    stream = {"200": {"description": "OK", "content": {"application/jsonl": {"itemSchema": {"type": "object"}}}}}
    more = {"LINK": {"responses": OK}}
    item = {"query": {"responses": OK}, "additionalOperations": more, "get": {"responses": stream}}
    doc = document({"/a": item}, version="3.2.0", tags=[{"name": "a", "kind": "nav"}, {"name": "b", "parent": "a"}])
    report = read(doc)
    assert openapi.render(report.contract)["paths"] == doc["paths"]
    assert openapi.render(report.contract)["tags"] == doc["tags"]
    assert (report.operations_in, report.operations_kept) == (3, 1)
    assert [problem.pointer for problem in report.problems if problem.code == "openapi-3.2"] == [
        "/paths/~1a/query",
        "/paths/~1a/additionalOperations/LINK",
        "/paths/~1a/get/responses/200/content/application~1jsonl/itemSchema",
    ]


def test_a_blank_document_is_told_but_read():
    assert codes(document({})) == ["no-operations"]


@pytest.mark.parametrize(
    "path", ["no-slash", "/double//slash", "/open{brace", "/close}", "/{}", "/{a}/{a}", "/bell\x07", "/" + "x" * 2000]
)
def test_a_path_that_cannot_be_served_is_left_out(path):
    report = read(document({path: {"get": {}, "post": {}}, "/good": {"get": {}}}))
    assert (report.operations_in, report.operations_kept) == (3, 1)
    assert [problem.code for problem in report.problems] == ["path"]


@pytest.mark.parametrize("broken", [None, "text", 7, [], True])
def test_good_operations_survive_bad_neighbours(broken):
    report = read(document({"/a": {"get": broken, "post": {"responses": OK}}, "/b": {"get": {"responses": OK}}}))
    assert (report.operations_in, report.operations_kept) == (3, 2)
    assert [problem.pointer for problem in report.problems] == ["/paths/~1a/get"]


def test_broken_parts_are_left_out_and_told_and_the_rest_stays():
    operation = {
        "summary": ["not", "text"],
        "deprecated": "maybe",
        "parameters": [7, {"in": "query"}, {"name": "b", "in": "body"}, {"name": "q", "in": "query"}] * 2,
        "requestBody": "none",
        "responses": {"ok": {}, "200": {"description": "OK", "content": {"a/b": 3}}, "201": "created"},
        "security": "key",
    }
    report = read(document({"/a": {"post": operation}}))
    (kept,) = report.contract.operations
    assert [parameter.name for parameter in kept.parameters] == ["q"]
    assert [response.status for response in kept.responses] == ["200"]
    assert {problem.code for problem in report.problems} == {
        "not-a-text",
        "not-a-flag",
        "not-an-object",
        "parameter-name",
        "parameter-in",
        "twice",
        "status",
        "security",
    }


def test_a_second_operation_of_the_same_name_is_renamed_and_told():
    named = {"operationId": "list", "responses": OK}
    other = {"operationId": "list_2", "responses": OK}
    report = read(document({"/a": {"get": named, "post": other}, "/b": {"get": named}}))
    assert [op.operation_id for op in report.contract.operations] == ["list", "list_2", "list_3"]
    assert [problem.pointer for problem in report.problems] == ["/paths/~1b/get/operationId"]


def test_references_that_lead_nowhere_or_outside_are_told_once():
    content = {
        "application/json": {"schema": {"$ref": "#/components/schemas/Gone"}},
        "text/json": {"schema": {"$ref": "#/components/schemas/Gone"}},
        "a/b": {"schema": {"properties": {"x": {"$ref": "other.yaml#/X"}}}},
    }
    doc = document({"/a": {"post": {"requestBody": {"content": content}, "responses": OK}}})
    assert codes(doc) == ["unresolved-ref", "external-ref"]
    assert openapi.render(read(doc).contract)["paths"] == doc["paths"]


def test_a_parameter_behind_a_reference_bears_its_name():
    parameter = read(EVERYTHING).contract.operations[0].parameters[0]
    assert (parameter.name, parameter.in_, parameter.ref) == ("limit", "query", "#/components/parameters/Limit")


def test_a_path_item_behind_a_reference_is_taken_in():
    shared = {"components": {"pathItems": {"P": {"get": {"operationId": "p", "responses": OK}}}}}
    report = read(document({"/a": {"$ref": "#/components/pathItems/P"}, "/b": {"$ref": "#/gone"}}, **shared))
    assert [op.operation_id for op in report.contract.operations] == ["p"]
    assert [problem.pointer for problem in report.problems if problem.code == "unresolved-ref"][0] == "/paths/~1b"


def test_a_shared_schema_that_is_none_becomes_any_value():
    report = read(document(components={"schemas": {"A": None, "B": "string", "C": True}}))
    assert [component.schema for component in report.contract.components] == [{}, {}, True]
    assert [problem.pointer for problem in report.problems] == ["/components/schemas/A", "/components/schemas/B"]


def test_a_schema_that_is_no_json_schema_is_kept_and_told():
    report = read(document(components={"schemas": {"A": {"type": "text", "minLength": -1}}}))
    assert report.contract.components[0].schema == {"type": "text", "minLength": -1}
    assert {problem.pointer for problem in report.problems} == {
        "/components/schemas/A/type",
        "/components/schemas/A/minLength",
    }


def test_the_contact_address_is_the_projects():
    report = read({**document(), "info": {"title": "T", "version": "1", "contact": {"email": "a@example.com"}}})
    assert report.contract.contact_email == "a@example.com"


KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
BEARER = {"type": "http", "scheme": "Bearer"}
OAUTH = {"type": "oauth2", "flows": {}}
USES_A, FREE = [{"a": []}], []


@pytest.mark.parametrize(
    ("schemes", "everywhere", "on_operations", "auth"),
    [
        ({}, None, [None, None], NoAuth()),
        ({"a": KEY}, None, [None, None], NoAuth()),
        ({"a": KEY}, USES_A, [None, None], ApiKey("header", "X-Key", "a")),
        ({"a": BEARER}, USES_A, [None, FREE], ApiKey("bearer", scheme_name="a")),
        ({"a": {"type": "http", "scheme": "basic"}}, None, [USES_A, USES_A], ApiKey("basic", scheme_name="a")),
        ({"a": KEY}, None, [USES_A, None], Declared()),
        ({"a": KEY}, [{}, {"a": []}], [None, None], Declared()),
        ({"a": KEY, "b": BEARER}, USES_A, [[{"b": []}], None], Declared()),
        ({"a": KEY, "b": BEARER}, [{"a": [], "b": []}], [None, None], Declared()),
        ({"a": {**KEY, "in": "query"}}, USES_A, [None, None], Declared()),
        ({"a": {**KEY, "name": "no header"}}, USES_A, [None, None], Declared()),
        ({"a": OAUTH}, [{"a": ["read"]}], [None, None], Declared()),
        ({}, USES_A, [None, None], Declared()),
    ],
)
def test_one_key_for_everything_is_ours_and_all_else_as_declared(schemes, everywhere, on_operations, auth):
    operations = [{"responses": OK} | ({} if asked is None else {"security": asked}) for asked in on_operations]
    doc = document({f"/{index}": {"get": operation} for index, operation in enumerate(operations)})
    doc["components"] = {"securitySchemes": schemes}
    if everywhere is not None:
        doc["security"] = everywhere
    contract = read(doc).contract
    assert contract.auth == auth
    written = openapi.render(contract)
    assert [item["get"] for item in written["paths"].values()] == operations
    assert written.get("security") == everywhere
    assert read(written).contract == contract


WORDS = st.sampled_from(
    [
        *("openapi", "info", "paths", "components", "schemas", "parameters", "responses", "requestBody", "content"),
        *("get", "post", "$ref", "schema", "name", "in", "security", "servers", "tags", "headers", "examples", "/a"),
        *("/a/{b}", "200", "application/json", "required", "properties", "type", "nullable", "items", "allOf", "url"),
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | WORDS
REFS = st.sampled_from(["#", "#/", "#/paths/~1a", "#/components/schemas/A", "#/components/parameters/A", "http://x"])
JUNK = st.recursive(
    LEAVES | st.fixed_dictionaries({"$ref": REFS}),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=5),
    max_leaves=25,
)
ALMOST = st.fixed_dictionaries(
    {"openapi": st.sampled_from(["3.0.3", "3.1.0"])},
    optional={
        **dict.fromkeys(("info", "servers", "tags", "security", "components", "webhooks", "x-y"), JUNK),
        "paths": JUNK
        | st.dictionaries(
            st.sampled_from(["/a", "/a/{b}", "b", "//"]),
            st.dictionaries(
                st.sampled_from(["get", "GET", "post", "parameters", "$ref"]),
                JUNK
                | st.dictionaries(
                    st.sampled_from(["operationId", "parameters", "requestBody", "responses", "security", "tags"]), JUNK
                ),
            ),
        ),
    },
)


@given(JUNK | ALMOST)
def test_any_json_is_read_or_refused_and_what_is_read_can_be_written(doc):
    try:
        report = read(doc)
    except Refused as refused:
        assert refused.problems
        return
    written = openapi.render(report.contract, profile="full", servers=())
    openapi.render(report.contract, profile="gpt", servers=["https://x.example"])
    assert read(written).contract == report.contract


def test_pointers_follow_escapes_and_lists():
    doc = {"a/b": {"c~d": ["x", {"é": 1}]}}
    assert pointers.find(doc, "#/a~1b/c~0d/1/%C3%A9") == 1
    assert pointers.find(doc, "#/a~1b/c~0d/2") is pointers.MISSING


PLUGIN = """
openapi: 3.0.1
info:
  title: TODO Plugin
  description: A plugin that lets the user keep a TODO list.
  version: 'v1'
servers:
  - url: http://localhost:5003
paths:
  /todos/{username}:
    get:
      operationId: getTodos
      summary: Get the list of todos
      parameters:
      - {in: path, name: username, schema: {type: string}, required: true, description: The name of the user.}
      responses:
        "200":
          description: OK
          content:
            application/json:
              schema: {$ref: '#/components/schemas/getTodosResponse'}
    post:
      operationId: addTodo
      summary: Add a todo to the list
      parameters:
      - {in: path, name: username, schema: {type: string}, required: true, description: The name of the user.}
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/addTodoRequest'}
      responses:
        200:
          description: OK
components:
  schemas:
    getTodosResponse:
      type: object
      properties:
        todos: {type: array, items: {type: string}, description: The list of todos.}
    addTodoRequest:
      type: object
      required: [todo]
      properties:
        todo: {type: string, description: The todo to add to the list., required: true}
"""


def test_a_plugin_document_of_2023_is_read_and_mended():
    report = read(text.parse(PLUGIN))
    assert [problem.code for problem in report.problems] == ["required-moved"]
    written = openapi.render(report.contract, profile="gpt", servers=["https://todo.live.example"])
    OpenAPIV31SpecValidator(written).validate()
    assert written["components"]["schemas"]["addTodoRequest"]["required"] == ["todo"]
    assert "200" in written["paths"]["/todos/{username}"]["post"]["responses"]
