"""Validators answer rightly, explain in plain words and never hang."""

import time

import pytest

from actionstudio.core.schemas.validate import SchemaError, Violation, check_schema, compile_validator

ORDER = {
    "type": "object",
    "required": ["id", "lines"],
    "properties": {
        "id": {"type": "integer", "format": "int32"},
        "status": {"enum": ["open", "paid"]},
        "note": {"type": ["string", "null"]},
        "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
    },
    "additionalProperties": False,
}
SHARED = {
    "Line": {
        "type": "object",
        "required": ["sku"],
        "properties": {
            "sku": {"type": "string"},
            "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
        },
    }
}


def said(schema, value, components=SHARED):
    return [(v.location, v.code, v.message) for v in compile_validator(schema, components).violations(value)]


def test_a_right_value_is_ok_and_has_no_violations():
    order = {"id": 1, "status": "paid", "note": None, "lines": [{"sku": "a", "parts": [{"sku": "b"}]}]}
    assert compile_validator(ORDER, SHARED).ok(order)
    assert said(ORDER, order) == []


def test_a_missing_property_is_named_in_the_location():
    assert said(ORDER, {"id": 1, "lines": [{"parts": [{}]}]}) == [
        (("lines", 0, "sku"), "required", "is required"),
        (("lines", 0, "parts", 0, "sku"), "required", "is required"),
    ]


def test_violations_are_values():
    violation = compile_validator({"type": "number"}, {}).violations("x")
    assert violation == [Violation((), "type", "must be a number")]


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"enum": ["a", "b"]}, "c", "is not one of: a, b"),
        ({"type": ["null", "integer"]}, "c", "must be a whole number or null"),
        ({"minimum": 3}, 1, "must be at least 3"),
        ({"minLength": 2}, "a", "must have at least 2 characters"),
        ({"minProperties": 1}, {}, "must have at least 1 property"),
        ({"format": "date"}, "x", "must be a date such as 2026-01-31"),
        ({"format": "byte"}, "%", "must be base64"),
        ({"format": "int32", "type": "integer"}, 2**31, "must be at most 2147483647"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 4, "must be a text or null"),
        (
            {"oneOf": [{"maximum": 5}, {"minimum": 2}]},
            3,
            "fits more than one of the shapes of which it must fit exactly one",
        ),
        ({"const": {"a": 1}}, 3, 'must be exactly {"a":1}'),
    ],
)
def test_messages_are_plain_words(schema, value, message):
    assert [text for _, _, text in said(schema, value)] == [message]


def test_of_several_shapes_the_meant_one_is_told():
    schema = {"anyOf": [{"$ref": "#/components/schemas/Line"}, {"type": "null"}]}
    assert said(schema, {}) == [(("sku",), "required", "is required")]


def test_an_unexpected_property_is_named():
    assert said(ORDER, {"id": 1, "lines": [], "x": 1}) == [(("x",), "additionalProperties", "is not expected here")]


def test_formats_can_be_switched_off_but_ranges_stay():
    relaxed = compile_validator({"properties": {"a": {"format": "email"}, "b": {"format": "int32"}}}, {}, formats=False)
    assert relaxed.ok({"a": "x"})
    assert not relaxed.ok({"b": 2**31})


def test_unknown_and_openapi_formats_are_not_assertions():
    for name in ("binary", "password", "float", "double", "made-up"):
        assert compile_validator({"format": name}, {}).ok("anything")


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(?=a)(a|aa)+$", "^(a|aa)+\\1$"])
def test_no_pattern_can_make_a_call_hang(pattern):
    validator = compile_validator({"pattern": pattern}, {})
    began = time.perf_counter()
    validator.ok("a" * 5000 + "b")
    assert time.perf_counter() - began < 1


def test_a_pattern_with_look_around_is_checked():
    validator = compile_validator({"pattern": "^(?=.*[0-9]).{4,}$"}, {})
    assert validator.ok("abc1") and not validator.ok("abcd") and not validator.notes


def test_a_pattern_nobody_understands_counts_as_satisfied_and_is_noted():
    validator = compile_validator({"properties": {"a": {"pattern": "("}, "b": {"type": "null"}}}, {})
    assert validator.ok({"a": "x"}) and not validator.ok({"b": 1})
    assert "/properties/a/pattern" in validator.notes[0]


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"type": "strin"}, "/type"),
        ({"properties": {"a/b": {"minimum": "x"}}}, "/properties/a~1b/minimum"),
        ({"pattern": 3}, "/pattern"),
        ({"$ref": "#/components/schemas/Nope"}, ""),
        ({"$ref": "https://example.com/else"}, ""),
    ],
)
def test_a_wrong_schema_is_an_error_with_its_place(schema, pointer):
    with pytest.raises(SchemaError) as caught:
        compile_validator(schema, {})
    assert caught.value.pointer == pointer


def test_check_schema_lists_what_is_wrong():
    assert check_schema(ORDER) == []
    assert check_schema({"minimum": "x", "properties": {"a": {"type": 3}}})
    assert check_schema([]) == [("", "must be an object or true or false")]
    ((pointer, message),) = check_schema({"type": "text"})
    assert (pointer, message[:30]) == ("/type", "“text” is not one of: array, b")


def test_a_schema_that_only_refers_to_itself_does_not_crash():
    compile_validator({"$ref": "#/components/schemas/A"}, {"A": {"$ref": "#/components/schemas/A"}})


def test_compiling_in_a_large_document_stays_cheap():
    shared = {f"C{n}": {"properties": {"next": {"$ref": f"#/components/schemas/C{n % 50}"}}} for n in range(500)}
    began = time.perf_counter()
    for _ in range(100):
        compile_validator(ORDER, shared | SHARED)
    assert time.perf_counter() - began < 0.2


def test_a_property_without_a_name_is_checked_too():
    assert check_schema({"properties": {"": {"type": "strange"}}})
