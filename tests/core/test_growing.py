"""A schema grows by what a value shows."""

import pytest

from actionstudio.core.growing import grown, lacks
from actionstudio.core.schemas.validate import compile_validator

REF = {"$ref": "#/components/schemas/Pet"}
SHARED = {
    "Pet": {
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": {"name": {"type": "string"}, "size": {"enum": ["s", "m"]}, "maker": {"$ref": REF["$ref"]}},
    }
}
CLOSED = {"type": "object", "additionalProperties": False, "properties": {"id": {"type": "integer"}}}


def grow_all(value, schema, shared):
    shared = dict(shared)
    for lack in lacks(value, schema, shared, "answer"):
        schema = grown(schema, lack, shared)
    return schema, shared


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({"name": "Rex", "colour": "red"}, REF),
        ({"name": "Rex", "size": "l"}, REF),
        ({"name": None}, REF),
        ({}, REF),
        ({"name": "Rex", "maker": {"name": "x", "city": {"zip": 1}}}, REF),
        ([{"name": "a", "age": 1}, {"name": "b", "age": 1.5}], {"type": "array", "items": REF}),
        ({"id": "x1"}, CLOSED),
        ({"id": 1, "tags": ["a"]}, CLOSED),
        ("text", {"type": "integer"}),
        ({"name": "a", "more": 1}, {"allOf": [REF]}),
        ({"items": [{"id": 1, "new": True}]}, {"properties": {"items": {"type": "array", "items": CLOSED}}}),
        (5, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ("c", {"type": "string", "const": "a"}),
        (True, {"type": "string", "enum": ["a"]}),
    ],
)
def test_a_schema_that_has_what_it_lacked_takes_the_value(value, schema):
    assert not compile_validator(schema, SHARED).ok(value) or lacks(value, schema, SHARED)
    after, shared = grow_all(value, schema, SHARED)
    assert compile_validator(after, shared).ok(value)
    assert lacks(value, after, shared, "answer") == []


def test_an_open_schema_is_offered_the_fields_that_it_does_not_name():
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    (lack,) = lacks({"a": "x", "b": {"c": 1}}, schema, {})
    assert (lack.kind, lack.way) == ("field", ("b",))
    assert lack.schema == {"type": "object", "properties": {"c": {"type": "integer"}}}


def test_a_map_and_a_schema_that_says_nothing_lack_nothing():
    assert lacks({"x": 1}, {"type": "object", "additionalProperties": {"type": "integer"}}, {}) == []
    assert lacks({"x": 1}, {"type": "object"}, {}) == []
    assert lacks([{"x": 1}], {}, {}) == []


def test_what_cannot_be_given_is_not_offered():
    either = {"oneOf": [CLOSED, {**CLOSED, "properties": {"name": {"type": "string"}}}]}
    assert lacks({"id": 1, "colour": "red"}, either, {}) == []
    both = {"allOf": [CLOSED, {**CLOSED, "properties": {"name": {"type": "string"}}}]}
    assert [lack.kind for lack in lacks({"colour": "red"}, {**both}, {})] in ([], ["field"])


def test_what_only_the_server_sends_is_not_missed_in_a_request():
    schema = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "readOnly": True}}}
    assert lacks({}, schema, {}, "request") == []
    assert [lack.kind for lack in lacks({}, schema, {}, "answer")] == ["optional"]


def test_a_value_that_is_deep_or_long_is_looked_at_within_bounds():
    value: dict = {}
    for _ in range(100):
        value = {"maker": value, "name": "x", "extra": 1}
    assert len(lacks(value, REF, SHARED)) < 41
    assert len(lacks({f"f{n}": n for n in range(5000)}, CLOSED, {})) == 40
