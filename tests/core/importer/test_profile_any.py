"""The profile of any contract whatsoever: made without an error, the same each time, valid and silent when mended."""

import copy
import dataclasses

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from actionstudio.apps.library import starters
from actionstudio.core.contract import Body, Component, Contract, Media, Operation, Parameter, Response
from actionstudio.core.importer.profile import applicable, enabled, profile
from actionstudio.core.importer.repair import REPAIRS
from actionstudio.core.importer.simulate import simulate_document
from actionstudio.core.problem import Refused
from actionstudio.core.specs import openapi
from actionstudio.core.specs.readers.openapi import read
from tests.core.specs.documents import EVERYTHING

ADDRESS = "https://todo.live.example"
OPTIONAL = sorted(code for code, one in REPAIRS.items() if not one.always)
NAMES = st.sampled_from(["A", "B", "C d", "id", "items", "body", "entries", ""])
TEXTS = st.text("ab/{}~ .«\n", max_size=12)
SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | TEXTS
KEYS = st.sampled_from(
    ["type", "properties", "items", "required", "enum", "allOf", "anyOf", "oneOf", "not", "additionalProperties"]
    + [
        "nullable",
        "exclusiveMinimum",
        "$ref",
        "discriminator",
        "default",
        "description",
        "format",
        "prefixItems",
        "const",
    ]
)
NOISE = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)
REFS = st.sampled_from(["A", "B", "C d", "A/properties/id", "Gone"]).map(lambda name: f"#/components/schemas/{name}")
KINDS = st.sampled_from(["object", "array", "string", "integer", "boolean", "null", "strange"])
SOUND = st.recursive(
    st.fixed_dictionaries({"type": KINDS}) | st.fixed_dictionaries({"$ref": REFS}) | st.booleans() | st.just({}),
    lambda inner: (
        st.fixed_dictionaries({"type": st.just("object"), "properties": st.dictionaries(NAMES, inner, max_size=3)})
        | st.fixed_dictionaries({"type": st.just("array"), "items": inner})
        | st.fixed_dictionaries({"type": st.just("object"), "additionalProperties": inner})
        | st.dictionaries(
            st.sampled_from(["allOf", "anyOf", "oneOf"]), st.lists(inner, min_size=1, max_size=3), min_size=1
        )
    ),
    max_leaves=8,
)
SCHEMAS = SOUND | st.dictionaries(KEYS, NOISE | SOUND, max_size=4) | NOISE
MEDIA = st.builds(
    Media,
    st.sampled_from(
        ["application/json", "text/plain", "application/x-www-form-urlencoded", "a/b+json", "image/png", "x"]
    ),
    SCHEMAS,
)
PARAMETERS = st.builds(
    Parameter,
    NAMES,
    st.sampled_from(["path", "query", "header", "cookie"]),
    st.booleans(),
    st.sampled_from(["", "word " * 300]),
    SCHEMAS,
    ref=st.sampled_from(["", "#/components/parameters/P", "#/nowhere"]),
)
OPERATIONS = st.builds(
    Operation,
    st.sampled_from(["GET", "POST", "PUT", "HEAD"]),
    st.sampled_from(["/a", "/a/{id}", "/b/{id}/{items}"]),
    st.sampled_from(["", "same", "not-callable", "x" * 80]),
    description=st.sampled_from(["", "A sentence. " * 40]),
    exposed=st.booleans(),
    parameters=st.lists(PARAMETERS, max_size=3).map(tuple),
    body=st.none() | st.builds(Body, st.booleans(), content=st.lists(MEDIA, max_size=2).map(tuple)),
    responses=st.lists(
        st.builds(Response, st.just("200"), content=st.lists(MEDIA, max_size=1).map(tuple)), max_size=1
    ).map(tuple),
)
CONTRACTS = st.builds(
    Contract,
    operations=st.lists(OPERATIONS, max_size=4, unique_by=lambda op: (op.method, op.path)).map(tuple),
    components=st.lists(st.builds(Component, NAMES, SCHEMAS), max_size=3, unique_by=lambda one: one.name).map(tuple),
    repairs=st.dictionaries(st.sampled_from([*OPTIONAL, "unknown"]), NOISE, max_size=4),
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(CONTRACTS)
def test_any_contract_has_a_profile_whatever_is_on(contract):
    made = profile(contract)
    again = profile(dataclasses.replace(contract))
    assert made == again
    places = {(op.method, op.path) for op in contract.operations}
    assert set(made.steps) <= places
    assert {made.moved.get((op.method, op.path), (op.method, op.path)) for op in made.contract.operations} <= places
    pointers = tuple(op.pointer for op in contract.operations)
    assert all(note.pointer.startswith((*pointers, "/components", "/servers")) for note in made.notes)
    openapi.render(contract, profile="gpt", servers=[ADDRESS])


@QUICK
@given(CONTRACTS)
def test_with_all_that_applies_nothing_applies_any_more(contract):
    mended = enabled(contract, None)
    assert applicable(mended) == ()
    assert [op.operation_id for op in mended.operations] == [op.operation_id for op in contract.operations]
    assert mended.components is contract.components


def silent(contract: Contract) -> None:
    """After “Make it import cleanly” the document is valid, the editor says nothing, and no operation is lost."""
    document = openapi.render(enabled(contract, None), profile="gpt", servers=[ADDRESS])
    OpenAPIV31SpecValidator(document).validate()
    seen = simulate_document(orjson.loads(orjson.dumps(document)), root=ADDRESS)
    assert [message.text for message in seen.messages] == []
    assert all(op.kept for op in seen.operations)
    offered = [
        op for op in contract.operations if op.exposed and op.method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    ]
    assert len(seen.operations) == len(offered)


MUTANTS = st.lists(st.tuples(st.integers(0, 10_000), NOISE | SOUND), min_size=1, max_size=4)


@QUICK
@given(MUTANTS)
def test_a_document_with_anything_anywhere_imports_in_silence_when_mended(mutations):
    document = copy.deepcopy(EVERYTHING)
    for number, value in mutations:
        holders = list(_holders(document))
        holder, key = holders[number % len(holders)]
        holder[key] = value
    try:
        contract = read(document).contract
    except Refused:
        return
    silent(contract)


def _holders(node):
    for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
        yield node, key
        if isinstance(value, dict | list):
            yield from _holders(value)


@pytest.mark.parametrize("starter", starters.STARTERS, ids=lambda one: one.key)
def test_every_starter_imports_in_silence_as_it_is(starter):
    contract = starters.starter(starter.key)
    document = openapi.render(contract, profile="gpt", servers=[ADDRESS])
    OpenAPIV31SpecValidator(document).validate()
    assert simulate_document(document, root=ADDRESS).messages == ()
    silent(contract)
