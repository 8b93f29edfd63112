"""Each rule finds what it is for, says where, and is silent about a sound project."""

from pathlib import Path

import pytest

from actionstudio.core import lint
from actionstudio.core.auth import Declared
from actionstudio.core.contract import Body, Component, Contract, Example, Media, Operation, Parameter, Response
from actionstudio.core.specs.readers.openapi import read
from tests.core.specs.documents import large

STRING = {"type": "string"}
OBJECT = {"type": "object", "properties": {"a": STRING}}
JSON = "application/json"


def op(method="GET", path="/a", name="a", **fields):
    fields = {"summary": "Does a", "consequential": False, **fields}
    return Operation(method, path, name, **fields)


def body(schema, media_type=JSON, *examples):
    return Body(content=(Media(media_type, schema, examples),))


def answer(schema, *examples):
    return (Response("200", content=(Media(JSON, schema, examples),)),)


def contract(*operations, **fields):
    components = tuple(Component(name, schema) for name, schema in fields.pop("schemas", {}).items())
    return Contract(
        operations=operations,
        components=components,
        **{"privacy": "Ours.", "contact_email": "ann@example.test", **fields},
    )


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


AT = "/paths/~1a"
BODY = f"{AT}/post/requestBody/content/application~1json"
ANSWER = f"{AT}/get/responses/200/content/application~1json"
TWO_SCHEMES = {"components": {"securitySchemes": {"x": {"type": "http", "scheme": "basic"}, "y": {"type": "oauth2"}}}}

# code -> (a contract with that fault, where it is, how ChatGPT's own words begin)
FAULTS = {
    "missing-operation-id": (
        contract(op(name="")),
        f"{AT}/get",
        "In path /a, method get is missing operationId; skipping",
    ),
    "operation-id-characters": (contract(op(name="get-a")), f"{AT}/get/operationId", ""),
    "operation-id-length": (contract(op(name="a" * 65)), f"{AT}/get/operationId", ""),
    "duplicate-operation-id": (contract(op(), op(path="/b")), "/paths/~1b/get/operationId", ""),
    "text-length": (
        contract(op(description="x" * 301)),
        f"{AT}/get/description",
        "In path /a, method get, operationId a, description has length 301 exceeding limit of 300",
    ),
    "parameter-text-length": (
        contract(op(parameters=(Parameter("q", description="x" * 701),))),
        f"{AT}/get/parameters/0/description",
        "",
    ),
    "unsent-parameter": (
        contract(op(parameters=(Parameter("X-Plan", "header"),))),
        f"{AT}/get/parameters/0",
        "parameter X-Plan has location header; ignoring",
    ),
    "path-parameter-undeclared": (contract(op(path="/a/{id}")), f"{AT}~1{{id}}/get", ""),
    "path-parameter-unused": (contract(op(parameters=(Parameter("id", "path"),))), f"{AT}/get/parameters/0", ""),
    "too-many-operations": (
        contract(*(op(path=f"/{n}", name=f"a{n}") for n in range(31))),
        "/paths",
        "OpenAPI spec can have a maximum of 30 operations",
    ),
    "unknown-method": (contract(op("HEAD")), f"{AT}/head", "Path /a has unrecognized method head; skipping"),
    "body-not-object": (
        contract(op("POST", body=body({"type": "array", "items": STRING}))),
        f"{BODY}/schema",
        "In path /a, method post, operationId a, request body schema is not an object schema; skipping",
    ),
    "body-not-json": (contract(op("POST", body=body(OBJECT, "multipart/form-data"))), f"{AT}/post/requestBody", ""),
    "object-without-properties": (
        contract(op(responses=answer({"type": "object"}))),
        f"{ANSWER}/schema",
        "In context=('paths', '/a', 'get', 'responses', '200', 'content', 'application/json', 'schema'), object",
    ),
    "array-without-items": (
        contract(op("POST", body=body({"type": "object", "properties": {"a": {"type": "array"}}}))),
        f"{BODY}/schema/properties/a",
        "array schema missing items",
    ),
    "duplicate-argument": (
        contract(op("POST", parameters=(Parameter("a"),), body=body(OBJECT))),
        f"{AT}/post",
        "parameter a is duplicated; skipping function due to errors",
    ),
    "missing-text": (contract(op(summary=" ")), f"{AT}/get", ""),
    "consequential-unset": (contract(op("PUT", consequential=None)), f"{AT}/put/x-openai-isConsequential", ""),
    "example-mismatch": (
        contract(op(responses=answer(OBJECT, Example("one", {"a": 1})))),
        f"{ANSWER}/examples/one",
        "",
    ),
    "privacy-generated": (contract(op(), privacy=""), "", ""),
    "contact-missing": (contract(op(), contact_email=""), "/info/contact", ""),
    "unresolved-reference": (
        contract(op(responses=answer({"type": "object", "properties": {"x": ref("Gone")}}))),
        f"{ANSWER}/schema/properties/x",
        "In context=('paths', '/a', 'get', 'responses', '200', 'content', 'application/json', 'schema', 'properties', "
        "'x'), reference to unknown component Gone; using empty schema",
    ),
    "circular-components": (
        contract(
            op(responses=answer(ref("A"))),
            schemas={name: {"type": "object", "properties": {"x": ref(to)}} for name, to in ("AB", "BA")},
        ),
        "/components/schemas/A",
        "Components section contains a circular dependency",
    ),
    "invalid-schema": (contract(op(responses=answer({"type": "text"}))), f"{ANSWER}/schema/type", ""),
    "several-schemes": (
        contract(op(), auth=Declared(), extra=TWO_SCHEMES),
        "/components/securitySchemes",
        "Found multiple security schemes, only 1 is supported",
    ),
    "parameter-style": (
        contract(op(parameters=(Parameter("q", style="pipeDelimited"),))),
        f"{AT}/get/parameters/0",
        "",
    ),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_rule_finds_its_fault_and_says_where(code):
    faulty, pointer, said = FAULTS[code]
    (finding,) = [finding for finding in lint.check(faulty) if finding.code == code]
    assert finding.pointer == pointer
    assert finding.said.startswith(said) and bool(finding.said) == bool(said)
    assert finding.level == lint.RULES[code].level or finding.level == "advice"
    assert finding.said in finding.message


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_not_taken_for_others(code):
    assert {finding.code for finding in lint.check(FAULTS[code][0])} == {code}


def test_every_rule_is_tried_here_and_explains_itself():
    assert set(FAULTS) == set(lint.RULES)
    for rule in lint.RULES.values():
        assert rule.level in lint.LEVELS
        assert len(rule.about) > 40


def test_a_sound_project_has_no_findings():
    sound = contract(
        op("POST", "/a/{id}", parameters=(Parameter("id", "path"), Parameter("q")), body=body(OBJECT, JSON)),
        op(path="/b", name="b", responses=answer(ref("A"), Example("", {"a": "x"}))),
        schemas={"A": OBJECT, "Unused": {"type": "object"}},
    )
    assert lint.check(sound) == []


def test_hidden_operations_are_not_judged():
    assert lint.check(contract(op(name="", exposed=False, consequential=None))) == []


def test_the_worst_comes_first():
    found = lint.check(contract(op("PUT", summary="", consequential=None), op(path="/b", name=""), privacy=""))
    levels = [lint.LEVELS.index(finding.level) for finding in found]
    assert levels == sorted(levels)
    assert found[0].level == "drops-op"


def test_one_operation_can_be_judged_alone_even_as_a_draft():
    whole = contract(op(name=""), op(path="/b", name="b"), privacy="")
    assert lint.check(whole, op(path="/b", name="b")) == []
    assert [finding.code for finding in lint.check(whole, op(path="/b", name=""))] == ["missing-operation-id"]


def test_an_argument_that_gpt_cannot_send_but_must_is_told():
    (finding,) = lint.check(contract(op(parameters=(Parameter("X", "header", required=True),))))
    assert "will be refused" in finding.message


def test_examples_behind_broken_schemas_are_left_to_other_rules():
    found = lint.check(contract(op(responses=answer({"type": "text"}, Example("", 1)))))
    assert [finding.code for finding in found] == ["invalid-schema"]


def test_a_large_project_is_judged_whole():
    found = {finding.code for finding in lint.check(read(large(40)).contract)}
    assert {"too-many-operations", "circular-components", "consequential-unset"} <= found


def test_every_rule_says_where_it_comes_from():
    listed = (Path(__file__).parents[3] / "docs" / "chatgpt-rules.md").read_text()
    for rule in lint.RULES.values():
        assert not rule.source or f"| {rule.source} |" in listed
