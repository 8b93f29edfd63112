"""Texts on the wire become typed values in every OpenAPI style, and are written back the same."""

import timeit
from json import loads

import pytest

from actionstudio.core.schemas.coerce import compile_parameter, decoded
from actionstudio.core.schemas.wire import write_parameter

LIST = {"type": "array", "items": {"type": "integer"}}
TEXTS = {"type": "array", "items": {"type": "string"}}
COLOUR = {
    "type": "object",
    "properties": {"R": {"type": "integer"}, "on": {"type": "boolean"}, "n": {"type": "string"}},
}
SHARED = {"Id": {"type": "integer"}, "Ids": {"type": "array", "items": {"$ref": "#/components/schemas/Id"}}}


def read(raw, schema, in_="query", style=None, explode=None, name="q"):
    return compile_parameter(name, in_, schema, SHARED, style, explode).read(raw)


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ({"type": "integer"}, "5", 5),
        ({"type": "integer"}, "5.0", 5),
        ({"type": "integer"}, "5.5", "5.5"),
        ({"type": "integer"}, "٥", "٥"),
        ({"type": "integer"}, "9" * 5000, "9" * 5000),
        ({"type": "number"}, "-1.5e3", -1500.0),
        ({"type": "number"}, "1e999", "1e999"),
        ({"type": "number"}, "nan", "nan"),
        ({"type": "boolean"}, "True", True),
        ({"type": "boolean"}, "yes", "yes"),
        ({"type": ["integer", "null"]}, "", None),
        ({"type": ["string", "integer"]}, "07", "07"),
        ({"anyOf": [{"type": "integer"}, {"enum": ["all"]}]}, "7", 7),
        ({"anyOf": [{"type": "integer"}, {"enum": ["all"]}]}, "all", "all"),
        ({"enum": [1, 2]}, "2", 2),
        ({"allOf": [{"$ref": "#/components/schemas/Id"}, {"minimum": 1}]}, "2", 2),
        ({}, "2", "2"),
        (True, "2", "2"),
        ({"type": "string"}, "true", "true"),
    ],
)
def test_scalars_become_what_is_declared_or_stay_text(schema, text, value):
    assert read([("other", "1"), ("q", text)], schema) == (True, value)
    assert read(text, schema, "path") == (True, value)


def test_absent_is_told_from_empty():
    assert read([], {"type": "string"}) == (False, None)
    assert read([("q", "")], {"type": "string"}) == (True, "")
    assert read(None, {"type": "string"}, "header") == (False, None)
    assert read([("q", "")], LIST) == (True, [])


@pytest.mark.parametrize(
    ("pairs", "schema", "style", "explode", "value"),
    [
        ([("q", "1"), ("q", "2")], LIST, None, None, [1, 2]),
        ([("q", "1,2")], LIST, None, None, [1, 2]),
        ([("q", "1,x")], LIST, None, None, ["1,x"]),
        ([("q", "1,2"), ("q", "3")], LIST, "form", False, [1, 2, 3]),
        ([("q", "Hello, world")], TEXTS, None, None, ["Hello, world"]),
        ([("q", "a,b")], TEXTS, "form", False, ["a", "b"]),
        ([("q", "[1,2]")], LIST, None, None, [1, 2]),
        ([("q", "1 2")], LIST, "spaceDelimited", False, [1, 2]),
        ([("q", "1|2")], LIST, "pipeDelimited", None, [1, 2]),
        ([("q", "1,2")], {"$ref": "#/components/schemas/Ids"}, None, False, [1, 2]),
        ([("R", "1"), ("on", "true"), ("z", "9")], COLOUR, None, None, {"R": 1, "on": True}),
        ([("q", "R,1,on,true")], COLOUR, "form", False, {"R": 1, "on": True}),
        ([("q[R]", "1"), ("q[n]", "2"), ("x[R]", "3")], COLOUR, "deepObject", True, {"R": 1, "n": "2"}),
        ([("q", '{"R": 1}')], COLOUR, None, None, {"R": 1}),
        ([("q", '{"R": 1}')], {}, "json", None, {"R": 1}),
    ],
)
def test_query_styles(pairs, schema, style, explode, value):
    assert read(pairs, schema, "query", style, explode) == (True, value)


def test_deep_objects_nest_and_hold_lists():
    schema = {"properties": {"a": {"properties": {"b": {"type": "integer"}}}, "ids": LIST}}
    pairs = [("q[a][b]", "1"), ("q[ids]", "1"), ("q[ids]", "2")]
    assert read(pairs, schema, "query", "deepObject") == (True, {"a": {"b": 1}, "ids": [1, 2]})
    assert read([("q[ids][]", "1")], schema, "query", "deepObject") == (True, {"ids": [1]})


@pytest.mark.parametrize(
    ("text", "schema", "style", "explode", "value"),
    [
        ("1,2", LIST, "simple", False, [1, 2]),
        ("R,1,on,true", COLOUR, "simple", False, {"R": 1, "on": True}),
        ("R=1,on=true", COLOUR, "simple", True, {"R": 1, "on": True}),
        (".5", {"type": "integer"}, "label", False, 5),
        (".1,2", LIST, "label", False, [1, 2]),
        (".1.2", LIST, "label", False, [1, 2]),
        (".1.2", LIST, "label", True, [1, 2]),
        (".R=1.on=true", COLOUR, "label", True, {"R": 1, "on": True}),
        (".R,1,on,true", COLOUR, "label", False, {"R": 1, "on": True}),
        (";q=5", {"type": "integer"}, "matrix", False, 5),
        (";q=1,2", LIST, "matrix", False, [1, 2]),
        (";q=1;q=2", LIST, "matrix", True, [1, 2]),
        (";q=R,1,on,true", COLOUR, "matrix", False, {"R": 1, "on": True}),
        (";R=1;on=true", COLOUR, "matrix", True, {"R": 1, "on": True}),
    ],
)
def test_path_styles_both_ways(text, schema, style, explode, value):
    assert read(text, schema, "path", style, explode) == (True, value)
    if text != ".1.2" or explode:
        assert write_parameter("q", "path", style, explode, value) == text


def test_a_header_list_may_have_blanks_after_its_commas():
    assert read("1, 2", LIST, "header") == (True, [1, 2])


@pytest.mark.parametrize("style", ["form", "spaceDelimited", "pipeDelimited", "deepObject", "json"])
@pytest.mark.parametrize("explode", [True, False])
@pytest.mark.parametrize(("schema", "value"), [(LIST, [1, 2, 3]), (COLOUR, {"R": 1, "on": False, "n": "7"})])
def test_what_is_written_in_a_query_is_read_the_same(style, explode, schema, value):
    if style == "deepObject" and schema is LIST:
        return
    if style in ("spaceDelimited", "pipeDelimited") and explode:
        schema, value = LIST, [1, 2, 3]
    assert read(write_parameter("q", "query", style, explode, value), schema, "query", style, explode) == (True, value)


def test_a_path_text_is_encoded():
    assert write_parameter("q", "path", None, None, "a/b c") == "a%2Fb%20c"
    assert decoded("a%2Fb%20c") == "a/b c"
    assert write_parameter("q", "header", None, None, [True, None, 1.5, "x"]) == "true,null,1.5,x"


def test_reading_is_cheap():
    reader = compile_parameter("limit", "query", {"type": "integer"}, {})
    assert timeit.timeit(lambda: reader.read([("limit", "20")]), number=10_000) / 10_000 < 20e-6


@pytest.mark.parametrize("text", ["{}", '{"R": 1}'])
def test_objects_in_a_list_or_in_an_object_are_read_from_json_text(text):
    rows = {"type": "array", "items": COLOUR}
    assert read([("q", text), ("q", "{}")], rows) == (True, [loads(text), {}])
    assert read([("q", "[1]"), ("q", "x")], {"type": "array", "items": LIST}) == (True, [[1], "x"])
    assert read([("q", "[1]")], {"type": "array", "items": LIST}) == (True, [[1]])
    assert read([("q", "[[1]]")], {"type": "array", "items": LIST}) == (True, [[1]])
    assert read([("inner", text)], {"type": "object", "properties": {"inner": COLOUR}}) == (
        True,
        {"inner": loads(text)},
    )
