"""Schemas that are named by their place in another operation are found by those who serve."""

import orjson

from actionstudio.core.contract import Component
from actionstudio.core.gather import gathered
from actionstudio.core.schemas.validate import compile_validator
from actionstudio.core.specs.readers import openapi
from tests import make
from tests.runtime.house import ask

THERE = "#/paths/~1pets/get/responses/200/content/application~1json/schema"


def answer(schema) -> dict:
    return {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}


def bundled():
    fields = {"name": {"type": "string"}, "mate": {"$ref": THERE}}
    pet = {"type": "object", "required": ["name"], "properties": fields}
    sent = {"content": {"application/json": {"schema": {"$ref": f"{THERE}/properties/mate"}}}}
    paths = {
        "/pets": {"get": {"operationId": "getPet", "responses": answer(pet)}},
        "/same": {"post": {"requestBody": sent, "responses": answer({"type": "array", "items": {"$ref": THERE}})}},
    }
    return openapi.read({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}).contract


def test_what_stands_in_another_operation_is_made_and_checked():
    kind = {"content_type": "application/json"}
    reply = ask(bundled(), "POST", "/same", b'{"name": "Rex"}', **kind).reply
    assert (reply.status, ask(bundled(), "POST", "/same", b'{"name": 1}', **kind).reply.status) == (200, 422)
    (first, *_) = orjson.loads(reply.body)
    assert isinstance(first["name"], str)


def test_circles_through_other_operations_end():
    contract = gathered(bundled())
    schema = contract.operations[0].responses[0].content[0].schema
    assert compile_validator(schema, contract.schemas()).ok({"name": "a", "mate": {"name": "b"}})


def test_a_contract_without_such_references_stays_the_same_object():
    contract = make.contract(components=(Component("Pet", {"$ref": "#/components/schemas/Other"}),))
    assert gathered(contract) is contract


def test_a_reference_that_leads_nowhere_stays():
    contract = make.contract(components=(Component("Pet", {"$ref": "#/paths/~1gone/get"}),))
    assert gathered(contract).schemas() == {"Pet": {"$ref": "#/paths/~1gone/get"}}
