"""From examples comes a schema that all of them satisfy."""

from hypothesis import given, settings
from hypothesis import strategies as st

from actionstudio.core.schemas.infer import infer
from actionstudio.core.schemas.validate import compile_validator

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6) | st.text(max_size=5)
    | st.sampled_from(["2026-01-31", "2026-01-31T12:00:00Z", "a@b.co", "https://a.co", "2026-99-99", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)  # fmt: skip


def test_an_order_is_understood():
    example = {
        "id": 1,
        "at": "2026-01-31T12:00:00Z",
        "mail": "ann@example.com",
        "lines": [{"sku": "a", "price": 1, "note": None}, {"sku": "b", "price": 1.5}],
        "tags": [],
    }
    assert infer([example]) == {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "at": {"type": "string", "format": "date-time"},
            "mail": {"type": "string", "format": "email"},
            "lines": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"sku": {"type": "string"}, "price": {"type": "number"}, "note": {"type": "null"}},
                    "required": ["sku", "price"],
                },
            },
            "tags": {"type": "array", "items": {}},
        },
        "required": ["id", "at", "mail", "lines", "tags"],
    }


def test_null_and_mixed_types_become_lists_of_types():
    assert infer([None, "a"]) == {"type": ["string", "null"]}
    assert infer([1, "a", 1.5]) == {"type": ["string", "number"]}
    assert infer([]) == {}


def test_a_format_counts_only_when_every_text_has_it():
    assert infer(["2026-01-31", "2026-02-30"]) == {"type": "string"}
    assert infer(["2026-01-31"]) == {"type": "string", "format": "date"}
    assert infer(["123e4567-e89b-12d3-a456-426614174000"])["format"] == "uuid"
    assert infer(["https://example.com/a"])["format"] == "uri"
    assert infer(["a:b"]) == {"type": "string"}


@settings(max_examples=200, deadline=None)
@given(st.lists(JSON, min_size=1, max_size=4))
def test_every_example_satisfies_the_schema(examples):
    validator = compile_validator(infer(examples), {})
    assert all(validator.ok(example) for example in examples)
