"""Samples are valid, deterministic, plausible and quick, whatever the schema combines."""

import time

import pytest

from actionstudio.core.schemas import sample
from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.validate import SchemaError, compile_validator

SHARED = {
    "Order": {
        "type": "object",
        "required": ["id", "customer"],
        "properties": {
            "id": {"type": "integer"},
            "customer": {"$ref": "#/components/schemas/Customer"},
            "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
            "parent": {"$ref": "#/components/schemas/Order"},
        },
    },
    "Customer": {
        "type": "object",
        "properties": {
            "email": {"type": "string"},
            "orders": {"type": "array", "items": {"$ref": "#/components/schemas/Order"}},
        },
    },
    "Line": {"type": "object", "properties": {"sku": {"type": "string", "pattern": "^[A-Z]{3}-\\d{4}$"}}},
    "Tree": {
        "oneOf": [
            {
                "type": "object",
                "required": ["left", "right"],
                "properties": {
                    "left": {"$ref": "#/components/schemas/Tree"},
                    "right": {"$ref": "#/components/schemas/Tree"},
                },
            },
            {"type": "integer"},
        ]
    },
    "Endless": {
        "type": "object",
        "required": ["next"],
        "properties": {"next": {"$ref": "#/components/schemas/Endless"}},
    },
}
ANIMALS = {
    "oneOf": [
        {
            "type": "object",
            "required": ["kind", "lives"],
            "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}},
        },
        {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"const": "dog"}},
            "additionalProperties": False,
        },
    ]
}
SCHEMAS = [
    {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5},
    {"type": "number", "exclusiveMinimum": 0, "maximum": 0.0001},
    {"type": "number", "multipleOf": 0.01, "minimum": 9.99, "maximum": 10},
    {"type": "integer", "multipleOf": 7, "minimum": 100},
    {"type": "integer", "format": "int32", "maximum": -5},
    {"type": "string", "minLength": 50, "maxLength": 52},
    {"type": "string", "maxLength": 2},
    {"type": "string", "minLength": 3, "maxLength": 3, "pattern": "^[a-z]+$"},
    {"type": "string", "pattern": "^(?=.*[A-Z])(?=.*\\d)[A-Za-z\\d]{8,20}$"},
    {"type": "string", "pattern": "^(?:[01]\\d|2[0-3]):[0-5]\\d$"},
    {"type": "string", "pattern": "^\\p{Lu}\\w+@[^@\\s]+\\.(com|org)$"},
    {"type": "string", "pattern": "(cat|dog)s?", "minLength": 20},
    {"type": "string", "pattern": "^[\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t ]+$"},
    {"type": "string", "pattern": "^[a-z]{2}$", "enum": ["abc", "xy"]},
    {"type": "string", "format": "email", "maxLength": 8},
    {"type": "string", "format": "uri", "minLength": 100},
    {"type": "string", "contentEncoding": "base64", "contentMediaType": "application/json"},
    {"type": ["null", "string"]},
    {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 3},
    {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True, "minItems": 2},
    {"type": "array", "contains": {"const": "x"}, "minContains": 2, "maxContains": 2, "items": {"type": "string"}},
    {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False, "minItems": 1},
    {"type": "array", "prefixItems": [{"type": "integer"}], "unevaluatedItems": False},
    {"type": "array", "maxItems": 0},
    {"type": "object", "minProperties": 3, "additionalProperties": {"type": "integer"}},
    {"type": "object", "properties": {"a": {}, "b": {}, "c": {}}, "maxProperties": 2, "required": ["c"]},
    {
        "type": "object",
        "patternProperties": {"^x-": {"type": "integer"}},
        "additionalProperties": False,
        "minProperties": 1,
    },
    {"type": "object", "propertyNames": {"pattern": "^[A-Z]+$"}, "minProperties": 2},
    {
        "properties": {"card": {"type": "string"}, "address": {"type": "string"}},
        "dependentRequired": {"card": ["address"]},
    },
    {"type": "object", "properties": {"a": {"type": "string"}}, "dependentSchemas": {"a": {"required": ["b"]}}},
    {"allOf": [{"properties": {"a": {"type": "integer"}}}, {"required": ["a"], "properties": {"a": {"minimum": 500}}}]},
    {
        "allOf": [{"$ref": "#/components/schemas/Line"}, {"required": ["extra"]}],
        "unevaluatedProperties": False,
        "properties": {"extra": {"type": "null"}},
    },
    {"anyOf": [{"type": "string", "maxLength": 3}, {"type": "integer", "minimum": 5}]},
    ANIMALS,
    {"oneOf": [{"type": "number", "multipleOf": 5}, {"type": "number", "multipleOf": 3}]},
    {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}},
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"required": ["x"]},
        "else": {"required": ["y"]},
    },
    {"type": "integer", "minimum": 1, "maximum": 3, "not": {"enum": [1, 2]}},
    {"type": "object", "properties": {"a": {"type": "string"}}, "not": {"required": ["a"]}},
    {"not": {"type": ["object", "array", "string", "null", "boolean"]}},
    {"not": {"dependentRequired": {"bar": ["foo"]}}},
    {"not": {"dependentSchemas": {"foo": {"properties": {"bar": {}}, "additionalProperties": False}}}},
    {"not": {"prefixItems": [True, {"const": "bar"}]}},
    {"not": {"patternProperties": {"[0-9]{2,}": {"type": "boolean"}}}},
    {"not": {"contains": {"const": 1}, "minContains": 0, "maxContains": 1}},
    {"oneOf": [{"dependentRequired": {"bar": ["foo"]}}, {"allOf": [True, True]}]},
    {"const": {"a": [1]}},
    {"$ref": "#/$defs/positive", "$defs": {"positive": {"type": "integer", "minimum": 1}}},
    {"type": "array", "items": {"$ref": "#"}},
    {"$ref": "#/components/schemas/Order"},
    {"$ref": "#/components/schemas/Order/properties/lines"},
    {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}, "minItems": 5},
    True,
    {},
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: str(schema)[:60])
def test_every_sample_is_valid_and_the_same_for_the_same_seed(schema):
    sampler = compile_sampler(schema, SHARED)
    valid = compile_validator(schema, SHARED)
    for seed in (*range(30), "text"):
        value = sampler.sample(seed)
        assert valid.ok(value), value
        assert sampler.sample(seed) == value


@pytest.mark.parametrize(
    "schema",
    [
        {"not": {"$ref": "#/components/schemas/Tree"}},
        {"not": {"allOf": [{"$ref": "#/components/schemas/Order"}, {"$ref": "#/components/schemas/Customer"}]}},
        {"oneOf": [{"$ref": "#/components/schemas/Order"}, {"$ref": "#/components/schemas/Customer"}]},
    ],
)
def test_a_recursive_schema_may_be_denied(schema):
    value = compile_sampler(schema, SHARED).sample(1)
    assert compile_validator(schema, SHARED).ok(value)


@pytest.mark.parametrize(
    "schema",
    [
        False,
        {"type": "string", "const": 5},
        {"type": "integer", "minimum": 5, "maximum": 4},
        {"allOf": [{"type": "string"}, {"type": "integer"}]},
        {"not": {}},
        {"type": "object", "required": ["a"], "properties": {"a": False}},
        {"$ref": "#/components/schemas/Endless"},
    ],
)
def test_a_schema_that_nothing_satisfies_is_told(schema):
    with pytest.raises(Unsatisfiable):
        compile_sampler(schema, SHARED)


def test_a_broken_schema_is_a_schema_error():
    with pytest.raises(SchemaError):
        compile_sampler({"type": "strin"}, {})


def test_seeds_give_different_values():
    sampler = compile_sampler(
        {"type": "object", "properties": {"email": {"type": "string"}, "n": {"type": "integer"}}}, {}
    )
    assert len({str(sampler.sample(seed)) for seed in range(20)}) > 10


def test_every_branch_appears():
    sampler = compile_sampler(ANIMALS, {})
    assert {sampler.sample(seed)["kind"] for seed in range(30)} == {"cat", "dog"}


def test_values_suit_the_names_of_their_properties():
    names = ("customerEmail", "city", "price", "country_code", "url", "createdAt", "quantity")
    texts = {name: {"type": "number" if name in ("price", "quantity") else "string"} for name in names}
    value = compile_sampler({"type": "object", "properties": texts}, {}).sample(1)
    assert "@" in value["customerEmail"] and value["url"].startswith("https://")
    assert value["createdAt"].startswith("2026-") and len(value["country_code"]) == 2
    assert 5 <= value["price"] <= 200


def test_examples_are_used_when_they_are_valid_and_wanted():
    schema = {
        "type": "object",
        "properties": {"a": {"type": "integer", "example": 7}, "b": {"type": "integer", "example": "x"}},
    }
    value = compile_sampler(schema, {}).sample(1)
    assert value["a"] == 7 and isinstance(value["b"], int)
    assert compile_sampler({"type": "object", "examples": [{"q": [1]}]}, {}).sample(1) == {"q": [1]}
    free = compile_sampler({"type": "integer", "example": 77777}, {}, prefer_examples=False)
    assert free.sample(1) != 77777


def test_a_caller_may_change_what_it_got():
    sampler = compile_sampler({"const": {"a": []}}, {})
    sampler.sample(1)["a"].append(1)
    assert sampler.sample(1) == {"a": []}


def test_recursion_stays_small():
    value = compile_sampler({"$ref": "#/components/schemas/Order"}, SHARED).sample(1)
    assert len(str(value)) < 2000
    assert "parent" in value and "parent" not in value["parent"]


def test_sampling_and_compiling_are_quick():
    schema = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("id", "name", "city", "email", "status")},
    }
    began = time.perf_counter()
    sampler = compile_sampler(schema, {})
    for seed in range(1000):
        sampler.sample(seed)
    assert time.perf_counter() - began < 0.5


def test_an_entangled_document_needs_few_checks(monkeypatch):
    """Every object may stand for its id, as in Stripe's document: checking each alternative took half a minute."""
    made = []
    monkeypatch.setattr(sample, "compile_validator", lambda *a, **b: made.append(a) or compile_validator(*a, **b))

    def link(to: int) -> dict:
        either = {"anyOf": [{"type": "string"}, {"$ref": f"#/components/schemas/S{to % 60}"}], "description": "either"}
        return {**either, "x-expansionResources": {}}

    def one(i: int) -> dict:
        fields = {"id": {"type": "string"}, **{f"to{n}": link(i * 7 + n) for n in range(6)}}
        return {"type": "object", "required": ["id", "to1"], "x-resourceId": "s", "properties": fields}

    shared = {f"S{i}": one(i) for i in range(60)}
    schema = {"$ref": "#/components/schemas/S0"}
    sampler, checker = compile_sampler(schema, shared), compile_validator(schema, shared)
    assert all(checker.ok(sampler.sample(seed)) for seed in range(20))
    assert len(made) < 5


@pytest.mark.parametrize("word", ["oneOf", "anyOf"])
@pytest.mark.parametrize("cut", [{}, True, {"type": "object"}, {"description": "Deeper levels are left out."}])
@pytest.mark.parametrize("needed", [True, False])
def test_a_union_whose_circle_was_cut_is_quick(word, cut, needed):
    """In a union written out some levels deep the last one allows anything: every way through the others leads to a
    “not anything”. Trying all of them took minutes."""

    def level(depth: int) -> dict:
        below = {"$ref": f"#/components/schemas/F{depth + 1}"} if depth < 3 else cut
        ways = [
            {"type": "object", "properties": {f"op{n}": {"type": "array", "items": below}, "name": {"type": "string"}}}
            | ({"required": [f"op{n}"]} if needed else {})
            for n in range(4)
        ]
        return {word: [*ways, {"type": "object", "properties": {"value": {"type": "string"}, "not": below}}, below]}

    shared = {f"F{depth}": level(depth) for depth in range(4)}
    schema = {"$ref": "#/components/schemas/F0"}
    began = time.process_time()
    sampler, checker = compile_sampler(schema, shared), compile_validator(schema, shared)
    assert all(checker.ok(sampler.sample(seed)) for seed in range(10))
    assert time.process_time() - began < 10


def test_multiples_of_a_fraction_pass_where_the_division_is_done_in_floating_point():
    sampler = compile_sampler({"type": "number", "multipleOf": 0.0001}, {})
    assert all((sampler.sample(seed) / 0.0001).is_integer() for seed in range(50))


def test_references_to_other_documents_are_followed_when_they_are_handed_in():
    documents = {
        "https://example.com/pet": {"required": ["tag"], "properties": {"tag": {"$ref": "tag#/$defs/a%25"}}},
        "https://example.com/tag": {"$defs": {"a%": {"enum": ["x", "y"]}}},
    }
    schema = {"type": "object", "$ref": "https://example.com/pet"}
    assert compile_sampler(schema, {}, documents=documents).sample(1)["tag"] in ("x", "y")
    with pytest.raises(SchemaError):
        compile_sampler(schema, {})
