"""No document whatsoever makes the simulation fail, run away or lie about its own values."""

import copy
import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_pydantic.v3.v3_1 import OpenAPI
from pydantic import ValidationError

from actionstudio.core.importer import simulate, simulate_document
from actionstudio.core.importer.message import LAYERS, LEVELS
from actionstudio.core.specs.pointers import MISSING, find
from tests.core.importer.documents import document

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
_KEYS = (
    "openapi info servers url paths /a /b/{id} get post head parameters name in schema type properties items required "
    "$ref allOf anyOf requestBody content application/json responses 200 components schemas operationId security "
    "description x-openai-isConsequential additionalProperties enum const default"
)
KEYS = st.sampled_from(_KEYS.split())
REFS = st.sampled_from(
    ["#/components/schemas/A", "#/components/schemas/B", "#/components/parameters/P", "#", "x.yaml#/A"]
)
WORDS = st.sampled_from(["object", "array", "string", "query", "path", "header", "3.1.0", "https://a.example.com"])
JSON = st.recursive(
    LEAVES | REFS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=5),
    max_leaves=40,
)


def sound(result):
    assert all(message.level in LEVELS and message.layer in LAYERS for message in result.messages + result.silent)
    assert all(message.text and message.explanation and message.cause for message in result.messages)
    assert result.fatal == any(message.level == "fatal" for message in result.messages)
    assert not (result.fatal and result.kept)
    assert isinstance(result.namespace, str) and bool(result.namespace) == bool(result.kept)
    assert set(result.arguments) == {op.operation_id for op in result.kept}


@given(JSON)
def test_any_json_is_answered(value):
    sound(simulate_document(value))


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_any_text_is_answered(text):
    sound(simulate(text))


@given(st.randoms(use_true_random=False), JSON)
@settings(max_examples=300)
def test_a_document_with_any_part_exchanged_is_answered(chance, value):
    doc = spoiled(chance, value)
    result = simulate_document(
        doc, "http://localhost:8000/", domains=["a.example.com"], allowed=[], public=True, gpt={}
    )
    sound(result)
    told = [message.text for message in result.messages if message.layer == "structure"]
    assert told == by_the_package(doc)[: len(told)] and (len(told) > 400 or len(told) == len(by_the_package(doc)))


def spoiled(chance, value):
    """A document in which some parts are ``value`` or parts from elsewhere in it."""
    doc = document()
    for _ in range(chance.randint(1, 4)):
        places = list(_places(doc))
        holder, key = chance.choice(places)
        holder[key] = copy.deepcopy(value) if chance.random() < 0.7 else copy.deepcopy(chance.choice(places)[0])
    return doc


def by_the_package(doc):
    """What the models that ChatGPT's editor uses say themselves."""
    try:
        OpenAPI.model_validate(doc)
    except ValidationError as error:
        return [f"{line['loc']}: {line['msg']}" for line in error.errors()]
    return []


def _places(node):
    """Every (holder, key) in a document."""
    for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
        yield node, key
        if isinstance(value, dict | list):
            yield from _places(value)


def test_deep_and_endless_documents_end_in_the_editors_own_words():
    deep = {"openapi": "3.1.0"}
    node = deep
    for _ in range(100_000):
        node["properties"] = {}
        node = node["properties"]
    assert simulate_document(deep).messages[0].text == "Could not parse valid OpenAPI spec"
    ring = {}
    ring["paths"] = ring
    assert simulate_document(ring).fatal
    assert simulate("[" * 100_000).fatal


def test_schemas_that_point_in_long_circles_end():
    names = [f"S{number}" for number in range(5_000)]
    schemas = {
        name: {"$ref": f"#/components/schemas/{after}"}
        for name, after in zip(names, [*names[1:], names[0]], strict=True)
    }
    doc = document()
    doc["components"] = {"schemas": schemas}
    doc["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]["schema"] = schemas["S0"]
    result = simulate_document(doc)
    assert "DOC-05" in [message.rule for message in result.messages]
    sound(result)


def test_what_repeats_without_end_is_counted_and_not_listed():
    doc = document()
    chance = random.Random(7)
    doc["components"]["schemas"] |= {
        f"T{number}": {"type": "object", "properties": {"a": {"type": chance.choice(["int", "strin"])}}}
        for number in range(3_000)
    }
    result = simulate_document(doc)
    assert result.more > 0 and len(result.messages) < 2_000
    assert len([message for message in result.messages if message.layer == "structure"]) + result.more == 9_000
    assert len(json.dumps([message.text for message in result.messages])) < 500_000


def test_of_very_many_faults_the_first_are_told():
    doc = document(info={"title": "Things"})
    doc["components"]["schemas"] |= {f"T{number}": {"required": True} for number in range(2_500)}
    result = simulate_document(doc)
    told = [message for message in result.messages if message.layer == "structure"]
    assert (
        told[0].text == "('info', 'version'): Field required" and told[1].pointer == "/components/schemas/T0/required"
    )
    assert len(told) + result.more == 2_501


def test_chains_of_references_cost_no_more_than_they_are_long():
    doc = document()
    chain = {f"S{number}": {"$ref": f"#/components/schemas/S{number + 1}"} for number in range(4_000)}
    fields = {f"f{number}": {"$ref": f"#/components/schemas/S{number}"} for number in range(1_000)}
    doc["components"]["schemas"] |= {**chain, "S4000": {"type": "string", "description": "The end"}}
    doc["components"]["schemas"]["Thing"]["properties"] |= fields
    result = simulate_document(doc)
    assert result.clean and result.arguments["addThing"][-1].description == "The end"
    assert result.namespace.count("// The end") == 1_000


def test_endless_names_do_not_make_endless_messages():
    long = "n" * 200_000
    doc = document(
        servers=[{"url": f"https://{long}"}, *({"url": f"https://h{number}.example"} for number in range(600))]
    )
    doc["components"]["schemas"][long] = {"properties": {f"p{number}": {"type": "object"} for number in range(600)}}
    operation = {"operationId": long, "parameters": [{"name": f"h{number}", "in": "header"} for number in range(600)]}
    doc["paths"][f"/{long}"] = {"get": operation, "post": {**operation, "parameters": [{"name": long, "in": long}] * 3}}
    result = simulate_document(doc)
    lines = [*result.messages, *result.silent]
    assert len(lines) > 1_000
    assert max(len(line.text) + len(line.pointer) + len(line.explanation) + len(line.cause) for line in lines) < 6_000
    assert all(find(doc, f"#{line.pointer}") is not MISSING for line in lines)
