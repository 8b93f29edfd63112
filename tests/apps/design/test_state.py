"""State <-> operation: what goes in comes out, whatever it says."""

import pytest

from actionstudio.apps.design import shapes, state
from actionstudio.apps.design.problems import Problems
from actionstudio.core.contract import Body, Example, Header, Media, Operation, Parameter, Response

SCHEMAS = [
    None,
    True,
    {},
    {"type": "object"},
    {"type": "object", "properties": {}},
    {"properties": {"a": {"type": "string"}}},
    {"type": "object", "required": ["b", "a", "ghost"], "properties": {"a": {}, "b": {"type": "integer"}, "c": True}},
    {"type": "object", "required": [], "properties": {"a": {"type": ["string", "null"], "enum": ["x", None]}}},
    {"type": ["null", "integer"], "minimum": 0, "maximum": 9.5, "default": 3, "example": 4, "exclusiveMinimum": 1},
    {"type": "string", "enum": ["a", " b", "c\nd", ""], "default": "line\nline", "pattern": "^a"},
    {"type": "string", "examples": ["a"], "format": "email", "x-more": {"deep": [1]}},
    {"type": "string", "examples": ["a", "b"], "const": "a"},
    {"type": "string", "example": 5, "default": 0},
    {"type": "integer", "example": "5", "enum": [1, 2.5, True]},
    {"type": "boolean", "default": False, "description": "Yes?"},
    {"type": "array", "items": {"type": "string", "enum": ["a"], "minLength": 2}, "minItems": 1, "default": ["a"]},
    {
        "type": "array",
        "items": {"type": "object", "required": ["x"], "properties": {"x": {"type": "array", "items": {}}}},
    },
    {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
    {"type": "array"},
    {"items": {"$ref": "#/components/schemas/Pet"}},
    {"$ref": "#/components/schemas/Pet", "description": "Which"},
    {"$ref": "#/components/schemas/Pet/properties/id"},
    {"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/Pet"}], "discriminator": {"propertyName": "kind"}},
    {"type": "object", "additionalProperties": {"type": "string"}, "maxProperties": 3},
    {"type": "object", "properties": {"a": {"allOf": [{"type": "string"}], "description": "d"}, "description": {}}},
    {"type": ["string", "integer", "null"]},
    {"enum": [1, "a"]},
    {"const": 4},
    {"type": "file"},
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_a_schema_comes_back_unchanged(schema):
    found = Problems()
    assert shapes.schema({"k": "m", **shapes.of(schema)}, found) == schema
    assert not found


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_a_schema_inside_a_group_comes_back_unchanged(schema):
    if schema is None:
        return
    whole = {"type": "object", "properties": {"deep": {"type": "object", "properties": {"in": schema}}}}
    found = Problems()
    assert shapes.schema({"k": "m", **shapes.of(whole)}, found) == whole
    assert not found


def everything() -> Operation:
    answer = Media(
        "application/json",
        {"type": "object"},
        (Example("one", {"a": 1}, "First", {"x-e": 1}), Example("two", None, "", {"externalValue": "http://x.test/e"})),
        {"encoding": {"a": {"style": "form"}}},
    )
    return Operation(
        "POST",
        "/orders/{id}",
        operation_id="refund order!",
        summary="s",
        description="line\nline",
        tags=("a", "b"),
        deprecated=True,
        consequential=False,
        exposed=False,
        parameters=(
            Parameter("id", "path", True, "Which", {"type": "string", "description": "inner", "example": "A"}),
            Parameter("q", "query", schema={"type": "integer"}, examples=(Example("", 5), Example("n", 6))),
            Parameter(
                "f", "query", schema={"type": "object", "properties": {"a": {}}}, style="deepObject", explode=True
            ),
            Parameter("old", "query", schema={"type": "integer"}, examples=(Example("", "five"),), extra={"x-a": 1}),
            Parameter("c", "query", content=(Media("application/json", {"type": "object"}),)),
            Parameter("", ref="#/components/parameters/Page"),
            Parameter("bare", "cookie"),
        ),
        body=Body(
            True, "The order", (answer, Media("text/plain", {"type": "string"}, (Example("", "a\nb"),))), "", {"x-b": 2}
        ),
        responses=(
            Response("200", "OK", (Header("X-A", "a", True, {"type": "integer"}), Header("X-B", ref="#/c")), (answer,)),
            Response("4XX", "", ref="#/components/responses/Bad"),
            Response("default", "Else", content=(Media("application/xml", None, (Example("", {"a": 1}),)),)),
        ),
        security=({"key": []},),
        validation="report",
        extra={"callbacks": {"x": {}}, "x-z": 1},
    )


def test_an_operation_comes_back_unchanged():
    found = Problems()
    assert state.value(state.of(everything()), found) == everything()
    assert not found


def test_the_state_is_plain_json():
    import json

    assert json.loads(json.dumps(state.of(everything())))["path"] == "/orders/{id}"
