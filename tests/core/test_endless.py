"""A few shared schemas that are reached by endlessly many ways: whatever looks at them ends, and says the same as ever.

Each is a chain of sixty, every link of which names the next one twice: followed way by way, it would take for ever.
"""

import dataclasses

import pytest

from actionstudio.core import lint, reimport
from actionstudio.core.importer import simulate_document
from actionstudio.core.importer.profile import applicable, enabled, profile
from actionstudio.core.schemas import refs
from actionstudio.core.specs import lost, openapi, tools, typescript
from actionstudio.core.specs.readers import openapi as reader
from tests.core.importer.documents import document

LINKS = 60
NEXT = [{"$ref": refs.ref_to(f"S{number}")} for number in range(LINKS + 1)]


def _both(word):
    return lambda number: {word: [NEXT[number + 1], NEXT[number + 1]]}


def _beside(word):
    one = {"type": "object", "properties": {"x": {"type": "string"}}}
    return lambda number: {word: [NEXT[number + 1], {**one, "properties": {f"x{number}": NEXT[number + 1]}}]}


def _fields(number):
    return {"type": "object", "required": ["a"], "properties": {"a": NEXT[number + 1], "b": NEXT[number + 1]}}


def _described(number):
    return {"allOf": [{**NEXT[number + 1], "description": text} for text in "ab"]}


SHAPES = {
    **{word: _both(word) for word in ("allOf", "anyOf", "oneOf")},
    **{f"{word} beside": _beside(word) for word in ("allOf", "anyOf", "oneOf")},
    "fields": _fields,
    "described": _described,
}


def _end(title):
    return {"type": "object", "title": title, "properties": {"map": {"type": "object", "additionalProperties": True}}}


def contract(shape, title="End"):
    doc = document()
    links = {f"S{number}": SHAPES[shape](number) for number in range(LINKS)}
    doc["components"]["schemas"] |= {**links, f"S{LINKS}": _end(title)}
    doc["components"]["schemas"]["Thing"] = {"type": "object", "properties": {"first": NEXT[0], "name": NEXT[0]}}
    doc["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]["schema"] = NEXT[0]
    return doc, reader.read(doc).contract


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_imported_and_mended(shape):
    doc, value = contract(shape)
    assert simulate_document(doc).operations
    assert len(profile(value).contract.operations) == 3
    mended = enabled(value, [one.code for one in applicable(value)])
    rendered = openapi.render(mended, profile="gpt", servers=["https://api.example.com"])
    assert len(simulate_document(rendered, "https://api.example.com").kept) == 3


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("target", lint.TARGETS)
def test_it_is_checked(shape, target):
    assert lint.check(contract(shape)[1], target=target) is not None


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_written_as_tools_and_as_typescript(shape):
    value = contract(shape)[1]
    made = tools.tools(value)
    assert len(tools.chat(made)) == 3
    assert typescript.namespace(value, "api.example.com").endswith("// namespace api_example_com__jit_plugin")
    assert isinstance(lost.lost(value), list)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_newer_one_is_planned_and_taken(shape):
    old, new = contract(shape)[1], contract(shape, "Other")[1]
    changed = dataclasses.replace(
        new,
        components=tuple(
            dataclasses.replace(one, schema={**one.schema, "required": ["first"], "title": "New"})
            for one in new.components
        ),
    )
    assert len(reimport.plan(old, changed, old).items) == LINKS + 2
    assert reimport.apply(old, changed, None, old).components == changed.components


def test_a_list_of_itself_holds_no_file():
    doc, _value = contract("fields")
    shelf = {"type": "array", "items": {"$ref": refs.ref_to("Shelf")}}
    doc["components"]["schemas"]["Shelf"] = shelf
    form = {"type": "object", "properties": {"files": {"$ref": refs.ref_to("Shelf")}}}
    doc["paths"]["/things"]["post"]["requestBody"]["content"] = {"multipart/form-data": {"schema": form}}
    made = profile(enabled(reader.read(doc).contract, ["json-bodies"]))
    assert [note.code for note in made.notes if note.code == "json-bodies"]


def test_many_fields_and_many_equal_names_cost_no_more_than_they_are():
    doc, _value = contract("fields")
    doc["components"]["schemas"]["Thing"] = {"type": "object", "properties": {f"p{n}": {} for n in range(20_000)}}
    one = doc["paths"]["/things"]["get"]
    doc["paths"] |= {f"/more{n}": {"get": one} for n in range(3_000)}
    value = reader.read(doc).contract
    assert len({op.operation_id for op in value.operations}) == len(value.operations)
    assert lint.check(value)


def test_a_long_chain_of_schemas_becomes_tools_and_a_plan():
    doc, _value = contract("fields")
    doc["components"]["schemas"] |= {
        f"L{n}": {"type": "object", "properties": {"next": {"$ref": refs.ref_to(f"L{n + 1}")}}} for n in range(5_000)
    }
    doc["components"]["schemas"] |= {"L5000": {"type": "string"}, "S0": {"$ref": refs.ref_to("L0")}}
    value = reader.read(doc).contract
    sent = next(tool for tool in tools.tools(value) if tool.method == "POST")
    assert len(sent.schema["$defs"]) == 5_000 and sent.strict.reasons
    assert reimport.plan(value, value, value).items == ()


def test_a_long_list_of_required_fields_is_looked_up_quickly():
    doc, _value = contract("fields")
    names = [f"p{n}" for n in range(20_000)]
    many = {"type": "object", "required": names, "properties": {name: {"type": "string"} for name in names}}
    doc["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]["schema"] = many
    sent = simulate_document(doc).arguments["addThing"]
    assert len(sent) == 20_000 and all(one.required for one in sent)
    assert applicable(reader.read(doc).contract) is not None
