"""Function tools of OpenAI's API, made of the GPT profile: names, arguments, where each goes, and strict mode."""

import re

import pytest
from jsonschema import Draft202012Validator

from actionstudio.apps.library.starters import STARTERS, starter
from actionstudio.core.contract import Body, Component, Contract, Media, Operation, Parameter
from actionstudio.core.importer.profile import enabled
from actionstudio.core.specs import tools
from tests.core.specs.test_strict import faults

TEXT = {"type": "string"}
PATTERN = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")  # OpenAI's own


def taking(schema, *, required=True, media="application/json", path="/a", parameters=(), **fields):
    body = Body(required, "What to send", (Media(media, schema),))
    return Operation("POST", path, fields.pop("name", "add"), parameters=parameters, body=body, **fields)


def of(*operations, components=()):
    return tools.tools(Contract(operations=operations, components=components))


@pytest.mark.parametrize("key", [one.key for one in STARTERS])
@pytest.mark.parametrize("strictly", [True, False])
def test_the_examples_are_tools_as_openai_takes_them(key, strictly):
    found = tools.tools(starter(key))
    functions = [tool["function"] for tool in tools.chat(found, strictly=strictly)]
    assert [{"type": "function", **one} for one in functions] == tools.responses(found, strictly=strictly)
    assert len({one["name"] for one in functions}) == len(functions)
    for one in functions:
        assert PATTERN.fullmatch(one["name"])
        assert set(one) == {"name", "description", "parameters", "strict"}
        Draft202012Validator.check_schema(one["parameters"])
        assert one["strict"] is strictly
        assert not strictly or faults(one["parameters"]) == []


def test_the_arguments_are_those_of_a_gpt_and_each_knows_its_place():
    op = taking(
        {"type": "object", "properties": {"text": TEXT, "id": {"type": "integer"}}, "required": ["text"]},
        path="/a/{id}",
        parameters=(
            Parameter("id", "path", True, "Which one", TEXT),
            Parameter("q", schema=TEXT),
            Parameter("X-Trace", "header", schema=TEXT),
        ),
        description="Adds.",
    )
    (tool,) = of(op)
    assert tool.places == (
        tools.Place("id", "path", "id"),
        tools.Place("q", "query", "q"),
        tools.Place("text", "body", "text"),
        tools.Place("id_body", "body", "id"),
    )
    assert tool.schema == {
        "type": "object",
        "properties": {
            "id": {**TEXT, "description": "Which one"},
            "q": TEXT,
            "text": TEXT,
            "id_body": {"type": "integer"},
        },
        "required": ["id", "text"],
        "additionalProperties": False,
    }  # fmt: skip
    assert (tool.name, tool.renamed, tool.description, tool.consequential) == ("add", False, "Adds.", True)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("getItem", "getItem"),
        ("get-item_2", "get-item_2"),
        ("get item/by.id", "get_item_by_id"),
        ("2fast", "op_2fast"),
        ("__x__", "x"),
        ("日本", "op"),
        ("", "op"),
    ],
)
def test_names_become_what_openai_takes(name, made):
    assert tools.function_name(name) == made
    assert PATTERN.fullmatch(made)


def test_a_long_or_second_name_ends_in_a_digest():
    long = "a" * 70
    made = tools.function_name(long)
    assert (len(made), made[:58]) == (64, "a" * 57 + "_")
    assert made == tools.function_name(long) != tools.function_name(long + "b")
    second = tools.function_name("a b", {"a_b"})
    assert re.fullmatch(r"a_b_[0-9a-f]{6}", second)
    assert tools.function_name("a b", {"a_b", second}) not in ("a_b", second)
    found = of(Operation("GET", "/1", "a.b"), Operation("GET", "/2", "a b"), Operation("GET", "/3", "a_b"))
    assert len({tool.name for tool in found}) == 3


def test_an_operation_without_a_name_is_called_by_its_place():
    (tool,) = of(Operation("GET", "/todos/{id}"))
    assert tool.name == "get_todos_id"


def test_shared_schemas_come_along_under_names_that_fit():
    ref, money = {"$ref": "#/components/schemas/Line.Item"}, {"$ref": "#/components/schemas/M"}
    shared = (
        Component("Line.Item", {"type": "object", "properties": {"next": ref, "money": money}}),
        Component("M", {"type": "number"}),
        Component("Unused", TEXT),
    )  # fmt: skip
    (tool,) = of(taking({"type": "object", "properties": {"item": ref}}), components=shared)
    assert set(tool.schema["$defs"]) == {"Line_Item", "M"}
    assert tool.schema["properties"]["item"] == {"$ref": "#/$defs/Line_Item"}
    validator = Draft202012Validator(tool.schema)
    assert validator.is_valid({"item": {"next": {"money": 1}}})
    assert not validator.is_valid({"item": {"next": {"money": "1"}}})


def test_a_body_that_is_no_object_is_one_argument():
    (tool,) = of(taking({"type": "array", "items": TEXT}))
    assert tool.places == (tools.Place("body", "body", ""),)
    assert tool.schema["properties"]["body"] == {"type": "array", "items": TEXT, "description": "What to send"}
    assert tool.schema["required"] == ["body"]
    assert tool.strict.schema


def test_a_body_that_is_not_json_is_said_to_be_lost():
    (tool,) = of(taking(TEXT, media="text/plain"))
    assert tool.places == ()
    assert tool.lost == ("The request body is text/plain: no argument carries it.",)


def test_a_long_description_is_cut_and_said():
    (tool,) = of(Operation("GET", "/a", "a", description="x" * 2000))
    assert len(tool.description) <= tools.LONGEST_TEXT
    assert tool.lost == ("The description was cut after 1024 characters.",)


def test_only_what_a_gpt_gets_is_a_tool():
    assert of(Operation("GET", "/a", "a", exposed=False), Operation("OPTIONS", "/b", "b")) == ()


def test_consequential_is_what_chatgpt_would_take_it_for():
    found = of(
        Operation("GET", "/a", "a"), Operation("POST", "/a", "b"), Operation("POST", "/b", "c", consequential=False)
    )
    assert [tool.consequential for tool in found] == [False, True, False]


def test_what_is_not_strict_ready_says_why_and_is_sent_without():
    found = of(taking({"type": "object", "properties": {"any": {"type": "object"}}}))
    assert found[0].strict.reasons == ["any is an object with any fields."]
    (tool,) = tools.responses(found)
    assert (tool["strict"], tool["parameters"]["properties"]["any"]["type"]) == (False, "object")


def test_the_map_says_how_a_call_is_made_and_led_back():
    contract = Contract(operations=(taking({"type": "array", "items": TEXT}),))
    contract = enabled(contract, None)
    made = tools.argument_map(tools.tools(contract), "https://a.test")
    (tool,) = made["tools"]
    assert (made["server"], tool["method"], tool["path"]) == ("https://a.test", "POST", "/a")
    assert [one["in"] for one in tool["arguments"]] == ["body"]
    assert tool["steps"] == [{"step": "unwrap", "key": tool["arguments"][0]["to"]}]
    assert tool["consequential"] is True
