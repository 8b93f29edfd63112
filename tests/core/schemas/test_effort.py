"""No schema and no value may hang a worker: what checking costs is reckoned first."""

from __future__ import annotations

import time

import pytest

from actionstudio.core.schemas.effort import LIGHT, Effort
from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.validate import SchemaError, compile_validator

REF = "#/components/schemas/"
EXPRESSION = {
    "oneOf": [
        {"required": ["left"], "properties": {"op": {"const": "and"}, "left": {"$ref": f"{REF}Expression"}}},
        {"required": ["left"], "properties": {"op": {"const": "or"}, "left": {"$ref": f"{REF}Expression"}}},
        {"type": "integer"},
    ]
}


def doubling(levels: int, word: str) -> dict:
    """Each schema refers to the next one twice."""
    some = {f"S{n}": {word: [{"$ref": f"{REF}S{n + 1}"}] * 2} for n in range(levels)}
    return {**some, f"S{levels}": {"type": "integer"}}


def nested(levels: int):
    value: object = 1
    for _ in range(levels):
        value = {"left": value}
    return value


def quick(deed):
    """What ``deed`` returns; it may take a second on a busy machine, where the attacks take minutes."""
    began = time.perf_counter()
    found = deed()
    assert time.perf_counter() - began < 1
    return found


@pytest.mark.parametrize("word", ["allOf", "anyOf", "oneOf"])
def test_a_schema_that_doubles_with_each_reference_is_refused(word):
    with pytest.raises(SchemaError, match="so often"):
        quick(lambda: compile_validator({"$ref": f"{REF}S0"}, doubling(40, word)))


def test_one_that_doubles_a_few_times_is_checked():
    checker = compile_validator({"$ref": f"{REF}S0"}, doubling(4, "anyOf"))
    assert checker.ok(1)
    assert not checker.ok("1")


@pytest.mark.parametrize("levels", [12, 18, 24, 200])
def test_a_deep_value_for_a_schema_that_refers_to_itself_twice_ends_at_once(levels):
    checker = compile_validator({"$ref": f"{REF}Expression"}, {"Expression": EXPRESSION})
    assert quick(lambda: checker.violations(nested(levels)))
    assert quick(lambda: checker.ok(nested(levels))) is False


def test_too_deep_is_said_so():
    checker = compile_validator({"$ref": f"{REF}Expression"}, {"Expression": EXPRESSION})
    assert [one.code for one in checker.violations(nested(200))] == ["too-much"]


def test_of_a_long_list_the_first_errors_are_told():
    checker = compile_validator({"items": {"type": "integer"}}, {})
    found = quick(lambda: checker.violations(["a"] * 300_000))
    assert [one.location for one in found] == [(index,) for index in range(100)]


def test_what_is_wrong_only_because_it_was_cut_is_not_told():
    schema = {"type": "object", "required": ["z"], "additionalProperties": {"type": "integer"}}
    value = {f"k{index}": 1 for index in range(5_000)} | {"z": "no"}
    assert [one.code for one in compile_validator(schema, {}).violations(value)] == ["schema"]
    assert compile_validator(schema, {}).violations({**value, "z": 1}) == []
    long = {"properties": {"some": {"minItems": 9_000, "items": {"type": "integer"}}}}
    assert compile_validator(long, {}).violations({"some": [1] * 9_000}) == []


def test_schemas_without_branches_are_light_and_cost_no_look_at_the_value():
    tree = {"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": f"{REF}T"}}}}
    checker = compile_validator({"$ref": f"{REF}T"}, {"T": tree})
    assert checker.ok.__name__ == "is_valid"
    assert max(Effort({"type": "object"}).looks) <= LIGHT


@pytest.mark.parametrize("schema", [True, {"$ref": "#"}, {"allOf": [{"$ref": "#"}]}, {"$dynamicRef": "#x"}])
def test_schemas_that_lead_back_to_themselves_are_reckoned(schema):
    assert Effort(schema).looks[0] >= 1


def test_names_of_a_document_are_followed():
    schema = {"$defs": {"a": {"$anchor": "a", "allOf": [{}, {}, {}]}}, "allOf": [{"$ref": "#a"}, {"$ref": "#/$defs/a"}]}
    assert Effort(schema).looks[0] == 1 + 2 * (1 + 4)


def test_values_that_nobody_would_read_are_not_made():
    twice = {n: dict.fromkeys("ab", {"$ref": f"{REF}S{n + 1}"}) for n in range(22)}
    shared = {f"S{n}": {"type": "object", "required": ["a", "b"], "properties": some} for n, some in twice.items()}
    gigabyte = {"type": "string", "minLength": 10**9}
    many = {"type": "array", "minItems": 3_000, "items": {"type": "string", "minLength": 900_000}}
    for schema in ({"$ref": f"{REF}S0"}, gigabyte, many):
        with pytest.raises(Unsatisfiable):
            compile_sampler(schema, {**shared, "S22": {"type": "integer"}})
    assert len(compile_sampler({"type": "string", "minLength": 500_000}, {}).sample(1)) == 500_000
