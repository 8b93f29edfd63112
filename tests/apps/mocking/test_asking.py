"""The fields of a call: which there are, and that text and value are two sides of one."""

import pytest

from actionstudio.apps.mocking import asking
from actionstudio.core.contract import Media, Parameter
from actionstudio.core.problem import Refused

SHARED = {"Size": {"type": "string", "enum": ["s", "m"]}}
SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "description": "What it is called"},
        "price": {"type": ["number", "null"]},
        "sold": {"type": "boolean"},
        "size": {"$ref": "#/components/schemas/Size"},
        "tags": {"type": "array", "items": {"type": "integer"}},
        "maker": {"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}},
        "lines": {"type": "array", "items": {"type": "object"}},
    },
}


def fields():
    return asking.of_body(SCHEMA, SHARED)


def test_every_part_of_a_body_has_a_field_of_its_kind():
    shown = [(field.name, field.kind, field.required, field.depth) for field in fields()]
    assert shown == [
        ("body/name", "text", True, 0),
        ("body/price", "number", False, 0),
        ("body/sold", "yesno", False, 0),
        ("body/size", "choice", False, 0),
        ("body/tags", "lines", False, 0),
        ("body/maker", "group", False, 0),
        ("body/maker/city", "text", True, 1),
        ("body/lines", "json", False, 0),
    ]


def test_texts_become_the_value_and_the_value_the_texts():
    value = {
        "name": "Bowl", "price": 1.5, "sold": False, "size": "m", "tags": [1, 2], "maker": {"city": "Kyoto"},
        "lines": [{"a": 1}],
    }  # fmt: skip
    texts = asking.spread(fields(), value)
    assert texts["body/tags"] == "1\n2"
    assert texts["body/sold"] == "false"
    assert asking.gathered(fields(), texts, SHARED) == value
    assert asking.whole(fields(), value, SHARED)


def test_what_no_field_can_say_is_noticed():
    assert not asking.whole(fields(), {"name": "Bowl", "colour": "red"}, SHARED)
    assert not asking.whole(fields(), {"maker": {}}, SHARED)


def test_a_text_that_is_no_number_goes_out_as_the_text_it_is():
    assert asking.gathered(fields(), {"body/price": "cheap", "body/sold": "maybe"}, SHARED) == {
        "price": "cheap",
        "sold": "maybe",
    }


def test_broken_json_names_its_field_and_line():
    with pytest.raises(Refused) as refused:
        asking.gathered(fields(), {"body/lines": "[\n1,", "body/name": "x"}, SHARED)
    (problem,) = refused.value.problems
    assert problem.pointer == "body/lines"
    assert "line 2" in problem.message


def test_a_body_that_is_no_object_or_too_large_for_a_form_has_no_fields():
    many = {f"f{n}": {"type": "string"} for n in range(asking.MOST + 1)}
    assert asking.of_body({"type": "array"}, {}) == []
    assert asking.of_body({"type": "object", "properties": many}, {}) == []
    circle = {"Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}}}
    found = asking.of_body({"$ref": "#/components/schemas/Node"}, circle)
    assert [field.kind for field in found] == ["group", "group", "group", "json"]


def test_parameters_go_by_place_and_stay_texts():
    parameters = [
        Parameter("limit", schema={"type": "integer"}),
        Parameter("id", "path", schema={"type": "string"}),
        Parameter("where", "query", content=(Media("application/json", {"type": "object"}),)),
        Parameter("any", "query"),
    ]
    found = asking.of_parameters(parameters, {})
    assert [(field.name, field.kind, field.required) for field in found] == [
        ("path.id", "text", True),
        ("query.limit", "whole", False),
        ("query.where", "json", False),
        ("query.any", "text", False),
    ]
    assert asking.read(found[1], "010", {}) == "010"
    assert asking.read(found[1], " ", {}) is asking.MISSING
