"""Schemas for OpenAI's strict mode: what can be said there is, and else the reasons are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from actionstudio.core.specs.strict import FORMATS, strict

TEXT = {"type": "string"}
KNOWN = {
    "type", "properties", "required", "additionalProperties", "items", "anyOf", "$ref", "$defs", "enum", "const",
    "title", "description", "pattern", "format", "multipleOf", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "minItems", "maxItems",
}  # fmt: skip


def of(*, required=(), defs=None, **properties):
    """The strict form of an object with these properties."""
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return strict(schema | ({"$defs": defs} if defs else {}))


def one(schema, **options):
    """The strict form of one required property."""
    made = of(a=schema, required=["a"], **options)
    assert made.reasons == [], made.reasons
    return made.schema["properties"]["a"]


def why(schema, **options):
    made = of(a=schema, required=["a"], **options)
    assert made.schema is None
    return made.reasons


def faults(node, root=True):
    """What of a schema breaks the rules of OpenAI's page on structured outputs."""
    found = [f"unknown {word}" for word in set(node) - KNOWN]
    if root and (node.get("type") != "object" or "anyOf" in node):
        found.append("the root is no object")
    kinds = node.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "$ref" in node and set(node) != {"$ref"}:
        found.append("something beside $ref")
    if not ({"$ref", "anyOf"} & set(node)) and not (set(kinds) - {None}):
        found.append("no type")
    if "object" in kinds:
        if node.get("additionalProperties") is not False:
            found.append("open object")
        if sorted(node.get("required", ())) != sorted(node.get("properties", ())):
            found.append("not all required")
    if "array" in kinds and "items" not in node:
        found.append("no items")
    if node.get("format", "date") not in FORMATS:
        found.append("format")
    inside = [*node.get("properties", {}).values(), *node.get("anyOf", ()), *node.get("$defs", {}).values()]
    inside += [node["items"]] if "items" in node else []
    return found + [fault for child in inside for fault in faults(child, root=False)]


def test_every_object_is_closed_and_all_of_it_required():
    made = of(a=TEXT, b={"type": "object", "properties": {"c": TEXT}}, required=["a", "b"])
    assert made.schema == {
        "type": "object",
        "properties": {
            "a": TEXT,
            "b": {
                "type": "object",
                "properties": {"c": {"type": ["string", "null"]}},
                "required": ["c"],
                "additionalProperties": False,
            },
        },
        "required": ["a", "b"],
        "additionalProperties": False,
    }
    assert made.nullable == ["b.c"]


@pytest.mark.parametrize(
    ("schema", "optional"),
    [
        (TEXT, {"type": ["string", "null"]}),
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
        ({"type": "string", "enum": ["x"]}, {"type": ["string", "null"], "enum": ["x", None]}),
        ({"const": 1}, {"type": ["integer", "null"], "enum": [1, None]}),
        ({"anyOf": [TEXT, {"type": "integer"}]}, {"anyOf": [TEXT, {"type": "integer"}, {"type": "null"}]}),
        ({"$ref": "#/$defs/A"}, {"anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}]}),
    ],
)
def test_what_is_optional_may_be_null(schema, optional):
    made = of(a=schema, defs={"A": TEXT})
    assert made.schema["properties"]["a"] == optional
    assert made.nullable == ["a"]


def test_words_that_only_narrow_are_left_out():
    schema = {**TEXT, "minLength": 1, "default": "x", "example": "y", "format": "uri", "x-mine": 1, "title": "T"}
    assert one(schema) == {**TEXT, "title": "T"}
    assert one({**TEXT, "format": "date", "pattern": "^2"}) == {**TEXT, "format": "date", "pattern": "^2"}


def test_parts_of_one_object_are_joined():
    parts = [
        {"$ref": "#/$defs/A"},
        {"type": "object", "properties": {"c": TEXT}, "required": ["c"]},
    ]
    made = one({"allOf": parts, "description": "Both"}, defs={"A": {"type": "object", "properties": {"b": TEXT}}})
    assert list(made["properties"]) == ["b", "c"]
    assert made["description"] == "Both"
    assert one({"allOf": [TEXT]}) == TEXT
    assert why({"allOf": [TEXT, {"type": "integer"}]}) == ["a: its parts say different things of type."]


def test_a_reference_stays_one_and_is_written_out_where_a_text_stands_beside_it():
    defs = {"A": {"type": "object", "properties": {"b": TEXT}, "required": ["b"]}}
    made = of(a={"$ref": "#/$defs/A"}, c={"$ref": "#/$defs/A", "description": "Mine"}, required=["a", "c"], defs=defs)
    assert made.schema["properties"]["a"] == {"$ref": "#/$defs/A"}
    assert made.schema["properties"]["c"]["description"] == "Mine"
    assert made.schema["$defs"]["A"]["additionalProperties"] is False


@pytest.mark.parametrize("beside", [{}, {"description": "Next"}, {"minProperties": 1}])
def test_a_schema_that_contains_itself_ends(beside):
    defs = {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node", **beside}}, "required": []}}
    made = of(a={"$ref": "#/$defs/Node"}, required=["a"], defs=defs)
    assert made.reasons or faults(made.schema) == []
    assert bool(made.schema) is ("minProperties" not in beside)


def test_one_of_several_forms_where_no_value_fits_two():
    assert one({"oneOf": [TEXT, {"type": "integer"}]}) == {"anyOf": [TEXT, {"type": "integer"}]}
    by_kind = [
        {"type": "object", "properties": {"kind": {"const": kind}}, "required": ["kind"]} for kind in ("cat", "dog")
    ]
    assert len(one({"oneOf": by_kind, "discriminator": {"propertyName": "kind"}})["anyOf"]) == 2
    assert why({"oneOf": [TEXT, {**TEXT, "pattern": "^a"}]}) == ["a: several branches of “oneOf” may fit one value."]
    assert why({"oneOf": [{"type": "integer"}, {"type": "number"}]})


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({}, "a may be anything."),
        (True, "a may be anything."),
        ({"type": "object"}, "a is an object with any fields."),
        ({"type": "object", "additionalProperties": TEXT}, "a is a map with keys of any name."),
        ({"type": "array"}, "a is a list of anything."),
        ({"type": "string", "format": "binary"}, "a is a file."),
        ({**TEXT, "not": {"const": "x"}}, "a uses “not”."),
        ({"type": "object", "properties": {}, "required": ["x"]}, "a requires x, which it does not describe."),
        ({"$ref": "#/$defs/Gone"}, "a points to something that is not there."),
        ({"type": "array", "items": {}, "prefixItems": [TEXT]}, "a uses “prefixItems”."),
        ({"type": "object", "properties": {"b": TEXT}, "anyOf": [TEXT]}, "a: fields stand beside its choice of forms."),
    ],
)
def test_what_cannot_be_said_has_its_reason(schema, reason):
    assert reason in why(schema)


def test_limits_are_named():
    assert why({**TEXT, "enum": [str(n) for n in range(1001)]}) == ["More than 1000 values in lists of values."]
    deep = TEXT
    for _ in range(11):
        deep = {"type": "object", "properties": {"b": deep}, "required": ["b"]}
    assert why(deep) == ["Nested more than 10 levels deep."]
    many = {f"p{n}": TEXT for n in range(5001)}
    assert of(**many).reasons == ["More than 5000 properties."]
    assert why({**TEXT, "enum": [f"{n:060}" for n in range(251)]}) == [
        "A list of more than 250 values may have 15000 characters."
    ]


def test_no_arguments_at_all_is_fine():
    assert of().schema == {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


NODES = st.recursive(
    st.sampled_from([
        TEXT, {"type": "integer", "minimum": 1}, {"type": ["string", "null"]}, {"enum": ["a", 1]}, {"const": None},
        {"$ref": "#/$defs/A"}, {"$ref": "#/$defs/A", "description": "x"}, {}, {"type": "boolean", "nullable": True},
    ]),
    lambda inner: st.one_of(
        st.builds(
            lambda properties, required: {"type": "object", "properties": properties, "required": required},
            st.dictionaries(st.sampled_from("ab"), inner, min_size=1, max_size=2), st.lists(st.sampled_from("ab")),
        ),
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.builds(lambda word, branches: {word: branches}, st.sampled_from(["anyOf", "oneOf", "allOf"]),
                  st.lists(inner, min_size=1, max_size=2)),
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(NODES, NODES)
def test_whatever_is_called_ready_keeps_the_rules(argument, shared):
    made = of(a=argument, required=["a"], defs={"A": shared})
    if made.schema is None:
        assert made.reasons
    else:
        Draft202012Validator.check_schema(made.schema)
        assert faults(made.schema) == []
