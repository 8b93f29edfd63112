"""The editor's rows show a schema in plain kinds and give it back without loss."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionstudio.core.schemas.rows import KINDS, Row, check_rows, from_rows, root_kind, row_of, schema_of, to_rows

ORDER = {
    "type": "object",
    "title": "Order",
    "required": ["id", "lines", "ghost"],
    "properties": {
        "id": {"type": "integer", "minimum": 1, "description": "Number"},
        "status": {"type": "string", "enum": ["open", "paid"], "x-note": 1},
        "note": {"type": ["string", "null"], "maxLength": 9},
        "email": {"anyOf": [{"type": "string", "format": "email"}, {"type": "null"}], "title": "Mail"},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["sku"],
                "properties": {"sku": {"type": "string"}},
                "title": "Line",
            },
        },
        "customer": {"$ref": "#/components/schemas/Customer", "description": "Who"},
        "friend": {"anyOf": [{"$ref": "#/components/schemas/Customer"}, {"type": "null"}]},
        "others": {"type": "array", "items": {"$ref": "#/components/schemas/Customer"}},
        "at": {"type": "object", "properties": {"x": {"type": "number"}}, "additionalProperties": False},
        "either": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        "anything": True,
    },
}


def keys():
    counter = itertools.count()
    return lambda: f"r{next(counter)}"


def rows_of(schema):
    return to_rows(schema, keys())


def meaning(schema):
    """A schema with what carries no meaning put in order."""
    if isinstance(schema, list):
        return [meaning(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: meaning(value) for key, value in schema.items()}
    for key in ("required", "type"):
        if isinstance(out.get(key), list) and all(isinstance(item, str) for item in out[key]):
            out[key] = sorted(set(out[key]))
    if out.get("required") == []:
        del out["required"]
    if out.get("properties") == {}:
        del out["properties"]
    return out


def test_kinds_are_told_in_plain_words():
    shown = [(row.name, row.kind, row.depth) for row in rows_of(ORDER)]
    assert shown == [
        ("id", "integer", 0),
        ("status", "text", 0),
        ("note", "text", 0),
        ("email", "text", 0),
        ("tags", "list_text", 0),
        ("lines", "list_group", 0),
        ("sku", "text", 1),
        ("customer", "ref", 0),
        ("friend", "ref", 0),
        ("others", "list_ref", 0),
        ("at", "group", 0),
        ("x", "number", 1),
        ("either", "advanced", 0),
        ("anything", "advanced", 0),
    ]


def test_fields_are_filled_and_the_rest_rides_along():
    rows = {row.name: row for row in rows_of(ORDER)}
    assert rows["id"].required and rows["id"].minimum == 1 and rows["id"].description == "Number"
    assert rows["status"].choices == ["open", "paid"] and rows["status"].extra == {"x-note": 1}
    assert rows["note"].nullable and rows["note"].max_length == 9
    assert rows["email"].nullable and rows["email"].format == "email"
    assert rows["friend"].nullable and rows["friend"].ref == "Customer"
    assert rows["sku"].required and rows["sku"].key == "r6"
    assert rows["either"].advanced == ORDER["properties"]["either"]


def test_a_schema_comes_back_as_it_was():
    back = from_rows(rows_of(ORDER), ORDER)
    assert meaning(back) == meaning(ORDER)
    assert list(back["properties"]) == list(ORDER["properties"])


def test_an_edit_changes_only_what_was_edited():
    rows = [replace(row, choices=["open"], nullable=True) if row.name == "status" else row for row in rows_of(ORDER)]
    back = from_rows([*rows, Row("new", 0, "qty", "integer", True, choices=["1", "2"])], ORDER)
    assert back["properties"]["status"] == {"type": ["string", "null"], "enum": ["open", None], "x-note": 1}
    assert back["properties"]["qty"] == {"type": "integer", "enum": [1, 2]}
    assert "qty" in back["required"] and back["title"] == "Order"


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        (ORDER, "group"),
        ({"properties": {}}, "group"),
        ({"type": "array", "items": ORDER}, "list_group"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/A"}}, "list_ref"),
        ({"type": "array", "items": {"type": "integer"}}, "list_integer"),
        ({"$ref": "#/components/schemas/A"}, "ref"),
        ({"type": "boolean"}, "boolean"),
        ({"oneOf": []}, "advanced"),
        ({"$ref": "#/$defs/a"}, "advanced"),
        (True, "advanced"),
    ],
)
def test_the_root_may_be_anything(schema, kind):
    assert root_kind(schema) == kind
    assert meaning(from_rows(rows_of(schema), schema)) == meaning(schema)
    assert meaning(schema_of(row_of(schema, "", "", False, 0))) == meaning(schema) or kind in ("group", "list_group")


def test_new_rows_make_a_new_object():
    assert from_rows([Row("a", 0, "a", required=True), Row("b", 0, "")], {}) == {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
    }


def test_problems_are_told_at_the_row():
    rows = [Row("1", 0, ""), Row("2", 0, "a", "group"), Row("3", 1, "b"), Row("4", 1, "b"), Row("5", 0, "b", "ref")]
    assert [problem.pointer for problem in check_rows(rows)] == ["1", "4", "5"]


def properties(inner):
    names = st.sampled_from(["a", "b", "c d", "items", "properties", "$ref"])
    return st.fixed_dictionaries(
        {"type": st.just("object")},
        optional={
            "properties": st.dictionaries(names, inner, max_size=4),
            "required": st.lists(names, unique=True, max_size=3),
            "additionalProperties": st.booleans() | inner,
            "description": st.sampled_from(["", "x"]),
            "minProperties": st.integers(0, 3),
            "patternProperties": st.just({"^x": {}}),
        },
    )


def any_of_null(inner):
    outer = st.fixed_dictionaries(
        {}, optional={"title": st.just("t"), "description": st.just("d"), "minimum": st.just(1)}
    )
    pair = inner.map(lambda one: [one, {"type": "null"}]) | inner.map(lambda one: [{"type": "null"}, one])
    return st.tuples(pair, outer).map(lambda both: {"anyOf": both[0], **both[1]})


SCALAR = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(
            [
                "string",
                "integer",
                "number",
                "boolean",
                "null",
                "array",
                ["string", "null"],
                ["null", "integer"],
                ["string"],
            ]
            + [["string", "integer"]]
        ),
        "description": st.sampled_from(["", "words"]),
        "enum": st.sampled_from([["a"], ["a", None], [1, 2.5], [None], [], [True], ["a", 1]]),
        "format": st.sampled_from(["date", "int32", ""]),
        "minimum": st.sampled_from([0, 1.5, -1]),
        "maxLength": st.sampled_from([0, 3]),
        "pattern": st.sampled_from(["^a", ""]),
        "example": st.sampled_from([None, 1, "a", False]),
        "default": st.sampled_from([None, 0, ""]),
        "title": st.just("t"),
        "required": st.just(["q"]),
        "$ref": st.sampled_from(["#/components/schemas/A", "#/components/schemas/A/properties/b", "#/$defs/x"]),
        "items": st.just({"type": "string"}),
        "x-more": st.just({"a": 1}),
    },
)
SCHEMA = st.recursive(
    SCALAR | st.booleans(),
    lambda inner: (
        properties(inner)
        | any_of_null(inner | properties(inner))
        | st.fixed_dictionaries(
            {"type": st.just("array"), "items": inner | properties(inner)}, optional={"title": st.just("t")}
        )
        | inner.map(lambda one: {"oneOf": [one]})
        | properties(inner).map(lambda group: {key: value for key, value in group.items() if key != "type"})
    ),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(SCHEMA | properties(SCHEMA))
def test_every_schema_comes_back_as_it_was(schema):
    rows = rows_of(schema)
    assert all(row.kind in KINDS for row in rows)
    assert meaning(from_rows(rows, schema)) == meaning(schema)
