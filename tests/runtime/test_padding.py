"""Bodies of exactly so many characters."""

import orjson
import pytest

from actionstudio.core.schemas.validate import compile_validator
from actionstudio.runtime import padding

TIGHT = {"type": "object", "properties": {"id": {"type": "integer"}}, "additionalProperties": False}
NAMES = {"type": "array", "items": {"type": "string", "maxLength": 5}}
FEW = {**NAMES, "maxItems": 10}
PETS = {
    "type": "array",
    "items": {"type": "object", "properties": {"name": {"type": "string", "enum": ["Rex", "Ada"]}}},
}


@pytest.mark.parametrize("characters", [99_999, 100_000, 100_001])
@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({}, {}),
        ({}, []),
        ({}, [[]]),
        ({}, "short"),
        ({}, {"note": "größer als 😀"}),
        ({}, {"padding": 1}),
        (TIGHT, {"id": 7}),
        (NAMES, ["abc", "de"]),
        (FEW, ["abc", "de"]),
        (PETS, [{"name": "Rex"}]),
        ({"type": "integer"}, 5),
        ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True}, [1, 2]),
        ({}, list(range(50_000))),
        ({}, {"rows": ["x" * 1000] * 300, "total": 300}),
    ],
)
def test_a_value_grows_or_shrinks_to_the_character_and_stays_valid(schema, value, characters):
    checker = compile_validator(schema, {})
    text = padding.json(value, characters, checker.ok)
    assert len(text) == characters
    assert checker.ok(orjson.loads(text))


def test_the_length_is_made_of_values_where_the_schema_allows_it():
    for schema, value in (({}, {"note": "a"}), (NAMES, ["abc", "de"]), (PETS, [{"name": "Rex"}])):
        text = padding.json(value, 5_000, compile_validator(schema, {}).ok)
        assert len(text.rstrip()) > 4_990


def test_what_cannot_be_made_shorter_stays_as_it_is():
    assert padding.json({"a": "x" * 500}, 100, lambda value: True) == '{"a":"' + "x" * 500 + '"}'


def test_a_plain_text_is_repeated_or_cut():
    assert len(padding.text("", 1_000)) == 1_000
    assert padding.text("abcdef", 3) == "abc"
