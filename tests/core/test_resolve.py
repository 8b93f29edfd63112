"""References inside a contract are followed; circles and dead ends yield nothing instead of an error."""

from actionstudio.core.auth import ApiKey, Declared, NoAuth
from actionstudio.core.contract import Body, Component, Contract, Header, Media, Operation, Parameter, Response
from actionstudio.core.resolve import Resolver
from actionstudio.core.specs.readers.openapi import read
from tests.core.specs.documents import EVERYTHING


def everything():
    contract = read(EVERYTHING).contract
    return Resolver(contract), {op.operation_id: op for op in contract.operations}


def shared(**kinds):
    return Contract(extra={"components": kinds})


def test_parameters_come_from_the_path_from_components_and_from_the_operation():
    resolver, operations = everything()
    assert [p.name for p in resolver.parameters(operations["getItem"])] == ["id", "limit", "filter", "q", "X-Trace"]


def test_an_operations_parameter_replaces_the_one_of_its_path():
    op = Operation("GET", "/a", parameters=(Parameter("q", description="own"),))
    contract = Contract(operations=(op,), path_items={"/a": {"parameters": [{"name": "q", "in": "query"}]}})
    assert [p.description for p in Resolver(contract).parameters(op)] == ["own"]


def test_examples_that_are_references_bring_their_value():
    resolver, operations = everything()
    examples = {e.key: e.value for e in resolver.parameters(operations["getItem"])[2].examples}
    assert examples["two"] == {"a": "y"}


def test_bodies_and_responses_are_followed():
    resolver, operations = everything()
    assert resolver.body(operations["make"]).content[0].schema == {"$ref": "#/components/schemas/Item"}
    assert [r.description for r in resolver.responses(operations["getItem"])] == ["OK", "No", "Else"]
    assert [h.name for h in resolver.headers(operations["getItem"].responses[0])] == ["X-Total", "X-Ref"]


def test_circles_end():
    circle = {"A": {"$ref": "#/components/parameters/B"}, "B": {"$ref": "#/components/parameters/A"}}
    op = Operation("GET", "/a", parameters=(Parameter("", ref="#/components/parameters/A"),))
    assert Resolver(shared(parameters=circle)).parameters(op) == ()


def test_a_schema_that_is_only_itself_is_any_value():
    contract = Contract(components=(Component("A", {"$ref": "#/components/schemas/A"}),))
    assert Resolver(contract).schema({"$ref": "#/components/schemas/A"}) == {}


def test_what_stands_beside_a_reference_is_added():
    contract = Contract(components=(Component("A", {"type": "string", "title": "A"}),))
    found = Resolver(contract).schema({"$ref": "#/components/schemas/A", "title": "Mine"})
    assert found == {"type": "string", "title": "Mine"}


def test_dead_ends_yield_nothing():
    resolver = Resolver(Contract())
    gone = Operation(
        "POST",
        "/a",
        parameters=(Parameter("", ref="#/x"),),
        body=Body(ref="#/y"),
        responses=(Response("200", ref="z"),),
    )
    assert resolver.parameters(gone) == ()
    assert resolver.body(gone) is None
    assert resolver.responses(gone) == (Response("200"),)
    assert resolver.headers(Response("200", headers=(Header("X", ref="#/h"),))) == ()
    assert resolver.schema({"$ref": "https://elsewhere.example/s.json"}) == {}


def test_a_reference_to_the_wrong_kind_of_thing_yields_nothing():
    op = Operation("GET", "/a", parameters=(Parameter("", ref="#/components/parameters/A"),))
    assert Resolver(shared(parameters={"A": "a text"})).parameters(op) == ()


def test_media_examples_are_followed_in_responses():
    media = {"application/json": {"examples": {"a": {"$ref": "#/components/examples/A"}}}}
    contract = read({"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {"content": media}}}}}}).contract
    contract = Contract(operations=contract.operations, extra={"components": {"examples": {"A": {"value": 7}}}})
    (response,) = Resolver(contract).responses(contract.operations[0])
    assert response.content[0] == Media("application/json", examples=response.content[0].examples)
    assert response.content[0].examples[0].value == 7


def test_security_follows_the_authentication():
    free, bound = Operation("GET", "/a", security=()), Operation("GET", "/b")
    key = Resolver(Contract(auth=ApiKey()))
    assert key.security(free) == ()
    assert key.security(bound) == ({"apiKey": []},)
    assert Resolver(Contract(auth=NoAuth(), security=({"x": []},))).security(bound) == ()
    assert Resolver(Contract(auth=Declared(), security=({"x": []},))).security(bound) == ({"x": []},)
