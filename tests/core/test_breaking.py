"""What breaks a caller is said, and what only widens what it may send or narrows what it gets is not."""

import dataclasses

import pytest

from actionstudio.core import breaking
from actionstudio.core.auth import ApiKey, OAuth, Scope
from actionstudio.core.contract import Body, Component, Contract, Media, Operation, Parameter, Response
from actionstudio.core.resolve import Resolver

TEXT = {"type": "string"}


def of(old, new, *, before=(), after=()):
    schemas = [tuple(Component(name, schema) for name, schema in dict(shared).items()) for shared in (before, after)]
    resolvers = [Resolver(Contract(operations=(op,), components=c)) for op, c in zip((old, new), schemas, strict=True)]
    return breaking.operation(resolvers[0], old, resolvers[1], new)


def taking(*parameters, body=None, path="/a"):
    content = (Media("application/json", body),) if body is not None else ()
    return Operation("GET", path, "a", parameters=parameters, body=Body(content=content) if content else None)


def answering(schema, status="200", media_type="application/json"):
    return Operation("GET", "/a", "a", responses=(Response(status, content=(Media(media_type, schema),)),))


def test_an_operation_that_goes_moves_or_is_called_otherwise():
    op = taking()
    assert breaking.operation(Resolver(Contract()), op, Resolver(Contract()), None) == ["Callers lose GET /a."]
    assert of(op, taking(path="/b")) == ["The address changes: callers of GET /a get 404."]
    assert of(op, dataclasses.replace(op, operation_id="b")) == ["The name a goes: a GPT knows the operation by it."]
    assert of(op, dataclasses.replace(op, summary="x", deprecated=True, tags=("t",))) == []


def test_a_path_parameter_may_be_called_otherwise():
    assert of(taking(Parameter("id", "path"), path="/a/{id}"), taking(Parameter("no", "path"), path="/a/{no}")) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ((Parameter("q"),), (), ["The parameter q goes."]),
        ((), (Parameter("q", required=True),), ["The new parameter q is required."]),
        ((), (Parameter("q"),), []),
        ((Parameter("q"),), (Parameter("q", required=True),), ["The parameter q becomes required."]),
        ((Parameter("q", required=True),), (Parameter("q"),), []),
        ((Parameter("q", schema=TEXT),), (Parameter("q", schema={"type": ["string", "null"]}),), []),
    ],
)
def test_parameters(old, new, said):
    assert of(taking(*old), taking(*new)) == said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({"type": "number"}, {"type": "integer"}, ["q may no longer be number."]),
        ({"type": "integer"}, {"type": "number"}, []),
        ({}, TEXT, ["q may no longer be array, boolean, integer, null, number, object."]),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, ['q may no longer be "b".']),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, []),
        (TEXT, {**TEXT, "enum": ["a"]}, ["q may only be certain values now."]),
        (TEXT, {**TEXT, "maxLength": 5}, ["q: maxLength is stricter."]),
        ({**TEXT, "maxLength": 5}, {**TEXT, "maxLength": 9}, []),
        ({"minimum": 1}, {"minimum": 0}, []),
        ({}, {"minimum": 0}, ["q: minimum is stricter."]),
        (TEXT, {**TEXT, "minLength": 0}, []),
        ({"items": {"type": "string"}}, {"items": {"type": "integer"}}, ["q[] may no longer be string."]),
        ({"anyOf": [TEXT, {"type": "null"}]}, {"anyOf": [TEXT]}, ["q: an alternative goes."]),
    ],
)
def test_what_may_be_sent(old, new, said):
    assert of(taking(Parameter("q", schema=old)), taking(Parameter("q", schema=new))) == said


def test_fields_of_a_body():
    was = {"type": "object", "properties": {"a": TEXT, "b": TEXT}, "required": ["a"]}
    now = {"type": "object", "properties": {"a": TEXT, "c": TEXT}, "required": ["a", "c"]}
    assert of(taking(body=was), taking(body=now)) == ["c becomes required."]
    assert of(taking(body=was), taking(body={**was, "additionalProperties": False})) == []
    closed = {"properties": {"a": TEXT}, "required": ["a"], "type": "object", "additionalProperties": False}
    assert of(taking(body=was), taking(body=closed)) == ["b is refused now."]
    assert of(taking(body=was), taking()) == ["The request body goes."]
    needed = dataclasses.replace(taking(), body=Body(True, content=(Media("application/json", {}),)))
    assert of(taking(), needed) == ["A request body becomes required."]


def test_what_is_received():
    was = {"type": "object", "properties": {"id": {"type": "integer"}, "a": TEXT}, "required": ["id", "a"]}
    assert of(answering(was), answering({**was, "properties": {"id": {"type": "integer"}}, "required": ["id"]})) == [
        "The answer loses a."
    ]
    assert of(answering(was), answering({**was, "required": ["id"]})) == ["a may be missing in the answer."]
    text = {**was, "properties": {"id": {"type": ["integer", "string"]}, "a": TEXT}}
    assert of(answering(was), answering(text)) == ["id may now be string."]
    assert of(answering(text), answering(was)) == []
    assert of(answering(was), answering(was, "201")) == ["The answer 200 goes."]
    assert of(answering(was, "404"), answering(was, "400")) == []
    assert of(answering(was), answering(was, media_type="text/csv")) == ["application/json goes from answer 200."]


def test_a_shared_schema_answers_for_itself_by_how_it_is_used():
    ref = {"$ref": "#/components/schemas/Todo"}
    was, now = {"properties": {"a": TEXT}}, {"properties": {"b": TEXT}, "required": ["b"]}
    assert of(taking(body=ref), taking(body=ref), before={"Todo": was}, after={"Todo": now}) == []

    def schema(op):
        sides = [Resolver(Contract(operations=(op,), components=(Component("Todo", one),))) for one in (was, now)]
        return breaking.schema(*sides, "Todo", breaking.uses(sides[0]))

    assert schema(taking(body=ref)) == ["b becomes required."]
    assert schema(answering(ref)) == ["The answer loses a."]
    assert schema(taking()) == []


def test_a_schema_that_contains_itself_ends():
    ref = {"$ref": "#/components/schemas/Node"}
    was = {"Node": {"properties": {"next": ref, "a": TEXT}}}
    now = {"Other": {"properties": {"next": {"$ref": "#/components/schemas/Other"}}}}
    other = {"$ref": "#/components/schemas/Other"}
    found = of(answering(ref), answering(other), before=was, after=now)
    assert found[0] == "The answer loses a."


def test_what_many_share_or_stands_on_the_path():
    def contract(required, inline):
        raw = {"name": "q", "in": "query", "required": required, "schema": {}}
        items = {"/a": {"parameters": [raw]}} if inline else {}
        return Resolver(Contract(path_items=items, extra={"components": {"parameters": {"q": raw}}}))

    assert breaking.component(contract(False, False), contract(True, False), "parameters", "q") == [
        "The parameter q becomes required."
    ]
    assert breaking.path(contract(False, True), contract(True, True), "/a") == ["The parameter q becomes required."]
    assert breaking.component(contract(False, False), contract(True, False), "examples", "q") == []


READ, WRITE = Scope("read", "Read"), Scope("write", "Write", changes=True)


def signing(*scopes, security=None, **fields):
    op = Operation("GET", "/a", "a", security=security)
    return Resolver(Contract(operations=(op,), auth=OAuth(scopes, **fields)))


def ops(before, after):
    return breaking.operation(before, before.contract.operations[0], after, after.contract.operations[0])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (["read"], ["read", "write"], ["Callers need the scope write too."]),
        (["read", "write"], ["read"], []),
        (["read"], [], []),
    ],
)
def test_one_scope_more_is_asked_of_callers_and_one_less_is_not(old, new, said):
    before, after = (signing(READ, WRITE, security=({"oauth": scopes},)) for scopes in (old, new))
    assert ops(before, after) == said


def test_an_operation_that_was_open_asks_for_a_sign_in():
    before, after = signing(READ, security=()), signing(READ, security=({"oauth": ["read"]},))
    assert ops(before, after) == ["Callers must prove who they are in another way."]


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (signing(READ, WRITE, Scope("more")), []),
        (signing(dataclasses.replace(READ, sentence="Look"), WRITE, verification_tokens={"openai": "x"}), []),
        (signing(READ), ["The scope write goes."]),
        (
            signing(READ, WRITE, authorization_url="https://a.example/a", token_url="https://a.example/t"),
            ["People sign in at another address."],
        ),
        (
            signing(READ, WRITE, token_exchange="basic_auth_header"),
            ["Clients must prove who they are in another way."],
        ),
    ],
)
def test_what_of_oauth_a_client_notices(after, said):
    assert breaking.security(signing(READ, WRITE), after) == said


def test_a_key_that_becomes_oauth_breaks_callers():
    before = Resolver(Contract(auth=ApiKey()))
    assert breaking.security(before, signing()) == ["Callers must prove who they are in another way."]
