"""What a logged call teaches the contract."""

import dataclasses

import orjson
import pytest

from actionstudio.core.adopting import KINDS, adopted, proposals
from actionstudio.core.behaviour import Collection, Seed, Stateful
from actionstudio.core.call import Call, Reply
from actionstudio.core.contract import Body, Component, Contract, Example, Media, Operation, Parameter, Response
from actionstudio.core.rules.making import rule_from_exchange
from actionstudio.runtime.ports import Hosted
from actionstudio.runtime.program import compile
from actionstudio.runtime.visit import Visit
from tests import make

PET = {
    "type": "object",
    "required": ["name", "id"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "size": {"type": "string", "enum": ["s", "m"]},
    },
}
NEW = {**PET, "required": ["name"]}
REF = {"$ref": "#/components/schemas/Pet"}


def contract(**fields):
    op = Operation(
        "POST",
        "/pets",
        "addPet",
        parameters=(Parameter("limit", schema={"type": "integer"}),),
        body=Body(True, content=(Media("application/json", NEW),)),
        responses=(Response("200", "OK", content=(Media("application/json", REF, (Example("", {"id": 1}),)),)),),
    )
    other = make.operation("GET", "/pets", operation_id="listPets")
    return Contract(operations=(dataclasses.replace(op, **fields), other), components=(Component("Pet", PET),))


def call(value=None, query="", kind="application/json"):
    body = value if isinstance(value, bytes) else orjson.dumps({"name": "Rex"} if value is None else value)
    return Call("POST", "/pets", query, (("content-type", kind),), body)


def reply(value=None, status=200, kind="application/json"):
    return Reply(status, (("content-type", kind),), value if isinstance(value, bytes) else orjson.dumps(value))


def ids(found):
    return [one.id for one in found]


def look(sent, answered=None, **fields):
    made = contract(**fields)
    return made, proposals(made, made.operations[0], sent, answered)


def violations(value: Contract, sent: Call):
    program = compile(Hosted("x", 1, "x", 1, 1, 1, value, ("https://x",)))
    visit = Visit(sent)
    program.answer(visit)
    return [one for one in visit.violations if one["side"] == "request"]


def test_a_call_as_declared_proposes_nothing():
    assert look(call(query="limit=5"), reply({"id": 1, "name": "Rex"}))[1] == ()


def test_an_undeclared_query_parameter_is_declared_with_its_type():
    made, found = look(call(query="limit=1&page=2&tag=a&tag=b&__code=200"))
    assert ids(found) == ["query:page", "query:tag"]
    after = adopted(made, found).operations[0].parameters
    assert [(one.name, one.schema["type"], one.required) for one in after[1:]] == [
        ("page", "integer", False),
        ("tag", "array", False),
    ]


def test_a_part_of_a_deep_or_exploded_parameter_is_no_parameter_of_its_own():
    exploded = Parameter("filter", schema={"type": "object", "properties": {"colour": {"type": "string"}}})
    deep = Parameter("where", schema={"type": "object"}, style="deepObject")
    _, found = look(call(query="colour=red&where[a]=1&other=2"), parameters=(exploded, deep))
    assert ids(found) == ["query:other"]


def test_a_credential_in_the_query_is_never_declared():
    assert look(call(query="api_key=abc&access_token=xyz"))[1] == ()


def test_fields_types_and_values_of_the_request_are_adopted_at_once_and_the_call_is_then_as_declared():
    sent = call({"name": 7, "size": "xl", "maker": {"city": "Oslo"}, "id": "a"})
    made, found = look(sent)
    assert ids(found) == ["request-type:/name", "request-value:/size", "request-field:/maker", "request-type:/id"]
    assert violations(made, sent)
    assert violations(adopted(made, found), sent) == []


def test_a_required_field_that_was_not_sent_becomes_optional():
    made, found = look(call({}))
    assert ids(found) == ["request-optional:/name"]
    assert violations(adopted(made, found), call({})) == []


def test_another_media_type_is_declared_with_its_schema():
    sent = call(b"a=1", kind="application/x-www-form-urlencoded")
    made, found = look(sent)
    assert ids(found) == ["request-media:application/x-www-form-urlencoded"]
    assert violations(adopted(made, found), sent) == []
    made, found = look(call({"a": 1}), body=None)
    assert ids(found) == ["request-body:application/json"]
    assert adopted(made, found).operations[0].body.content[0].schema["properties"] == {"a": {"type": "integer"}}


def test_an_undeclared_status_of_the_answer_is_declared():
    made, found = look(call(), reply({"why": "full"}, 503))
    assert ids(found) == ["answer-status:503"]
    after = adopted(made, found).operations[0].responses
    assert [(one.status, one.description) for one in after] == [("200", "OK"), ("503", "Service Unavailable")]
    assert after[1].content[0].schema == {"type": "object", "properties": {"why": {"type": "string"}}}
    assert after[1].content[0].examples == ()


@pytest.mark.parametrize("status", ["5XX", "default", "503"])
def test_a_range_or_default_declares_a_status(status):
    _, found = look(call(), reply(b"", 503), responses=(Response(status, "Trouble"),))
    assert found == ()


def test_an_undeclared_media_type_of_the_answer_is_declared():
    made, found = look(call(), reply(b"hello", kind="text/plain"))
    assert ids(found) == ["answer-media:200"]
    assert adopted(made, found).operations[0].responses[0].content[1] == Media("text/plain", {"type": "string"})


def test_drift_of_an_answer_is_adopted_in_the_shared_schema():
    made, found = look(call(), reply({"id": 1, "name": None, "colour": "red", "size": "s"}))
    assert ids(found) == ["answer-type:/name", "answer-field:/colour"]
    after = adopted(made, found)
    assert after.operations[0].responses == made.operations[0].responses
    assert after.schemas()["Pet"]["properties"]["colour"] == {"type": "string"}
    assert after.schemas()["Pet"]["properties"]["name"] == {"type": ["string", "null"]}
    assert after.operations[1] == made.operations[1]


FRESH = {"type": "object", "properties": {"name": {"type": "string"}}}
FRESH_REF = {"$ref": "#/components/schemas/NewPet"}
OWN = {"type": "object", "properties": {"id": {"type": "integer"}}}
COLOUR = {"type": "object", "properties": {"colour": {"type": "string"}}}


@pytest.mark.parametrize(
    ("pet", "answer", "grown_pet", "grown_answer"),
    [
        (
            {"allOf": [FRESH_REF, OWN]}, REF,
            {"allOf": [FRESH_REF, {**OWN, "properties": {**OWN["properties"], **COLOUR["properties"]}}]}, REF,
        ),
        ({"allOf": [FRESH_REF]}, REF, {"allOf": [FRESH_REF, COLOUR]}, REF),
        (OWN, FRESH_REF, OWN, {"allOf": [FRESH_REF, COLOUR]}),
    ],
)  # fmt: skip
def test_what_only_answers_have_is_not_put_where_requests_are_offered_it(pet, answer, grown_pet, grown_answer):
    """In a part that no request holds, else in a part of its own: ChatGPT must not be asked to send it."""
    op = dataclasses.replace(
        contract().operations[0],
        body=Body(True, content=(Media("application/json", FRESH_REF),)),
        responses=(Response("200", "OK", content=(Media("application/json", answer),)),),
    )
    made = Contract(operations=(op,), components=(Component("NewPet", FRESH), Component("Pet", pet)))
    got = reply({"name": "Rex", "colour": "red"})
    found = proposals(made, op, call(), got)
    assert ids(found) == ["answer-field:/colour"]
    after = adopted(made, found)
    assert after.schemas() == {"NewPet": FRESH, "Pet": grown_pet}
    assert after.operations[0].responses[0].content[0].schema == grown_answer
    assert proposals(after, after.operations[0], call(), got) == ()


def test_a_field_below_a_schema_of_requests_stands_beside_it_too():
    maker = {"type": "object", "properties": {"maker": {"type": "object", "properties": {"city": {"type": "string"}}}}}
    op = dataclasses.replace(
        contract().operations[0],
        body=Body(True, content=(Media("application/json", REF),)),
        responses=(Response("200", "OK", content=(Media("application/json", {"type": "array", "items": REF}),)),),
    )
    made = Contract(operations=(op,), components=(Component("Pet", maker),))
    got = reply([{"maker": {"city": "Rome", "zip": 1}}])
    after = adopted(made, proposals(made, op, call({"maker": {}}), got))
    assert after.schemas() == {"Pet": maker}
    beside = {"type": "object", "properties": {"city": {"type": "string"}, "zip": {"type": "integer"}}}
    items = {"allOf": [{"type": "object", "properties": {"maker": beside}}, REF]}
    assert after.operations[0].responses[0].content[0].schema == {"type": "array", "items": items}
    assert proposals(after, after.operations[0], call({"maker": {}}), got) == ()


def test_an_answer_becomes_an_example_beside_those_there_are():
    made = contract()
    kept = Example("cold day", {"id": 2, "name": "Rex"}, "From the log")
    (found,) = proposals(made, made.operations[0], call(), reply({"id": 2, "name": "Rex"}), kept)
    (media,) = adopted(made, [found]).operations[0].responses[0].content
    assert found.id == "example:200"
    assert [one.key for one in media.examples] == ["example1", "cold day"]
    assert media.examples[1] == kept


def test_an_example_of_a_status_that_is_not_declared_declares_it():
    made = contract()
    kept = Example("busy", {"why": "full"})
    found = proposals(made, made.operations[0], call(), reply({"why": "full"}, 503), kept)
    assert ids(found) == ["answer-status:503", "example:503"]
    for chosen in (found, found[1:]):
        response = adopted(made, chosen).operations[0].responses[1]
        assert response.content[0].examples == (kept,)
        assert response.content[0].schema["properties"] == {"why": {"type": "string"}}


def test_a_shared_body_and_a_shared_response_get_a_copy_of_their_own():
    shared = {
        "components": {
            "requestBodies": {"B": {"content": {"application/json": {"schema": NEW}}}},
            "responses": {"R": {"description": "OK", "content": {"application/json": {"schema": PET}}}},
        }
    }
    made = dataclasses.replace(
        contract(
            body=Body(ref="#/components/requestBodies/B"), responses=(Response("200", ref="#/components/responses/R"),)
        ),
        extra=shared,
    )
    sent, back = call({"name": "x", "new": 1}), reply({"id": 1, "name": "x", "new": 1})
    found = proposals(made, made.operations[0], sent, back)
    assert ids(found) == ["request-field:/new", "answer-field:/new"]
    after = adopted(made, found)
    assert after.extra == made.extra
    assert "new" in after.operations[0].body.content[0].schema["properties"]
    assert "new" in after.operations[0].responses[0].content[0].schema["properties"]
    assert adopted(made, []) == made


def test_a_proposal_may_come_late_or_twice():
    made, found = look(call({"name": "x", "new": 1}, query="page=1"), reply({"id": 1, "name": "x", "new": 1}, 201))
    once = adopted(made, found)
    assert adopted(once, found) == once


def test_every_kind_is_known():
    sent = call({"name": 7, "size": "xl", "new": 1}, query="page=1")
    kinds = {one.kind for one in look(sent, reply({"id": 1, "name": None, "size": "xl", "new": 1}))[1]}
    kinds |= {one.kind for one in look(call({}), reply({}, 200))[1]}
    kinds |= {one.kind for one in look(call(b"a", kind="text/plain"), reply(b"a", kind="text/plain"))[1]}
    kinds |= {one.kind for one in look(call(), reply(b"", 404), body=None)[1]}
    assert kinds | {"request-example", "example", "rule", "row"} == set(KINDS)


def test_a_body_that_is_no_json_or_far_too_large_is_left_alone():
    assert look(call(b"{"), reply(b"{"))[1] == ()
    assert look(call(b"[" + b"1," * 600_000 + b"1]"))[1] == ()


def test_a_call_and_its_answer_become_a_rule_before_what_answers_now():
    made = contract()
    rule = rule_from_exchange(call({"name": "Rex"}), reply({"id": 7}))
    (found,) = proposals(made, made.operations[0], call(), reply({"id": 1, "name": "x"}), rule=rule)
    behaviour = adopted(made, [found]).operations[0].behaviour
    assert (found.id, behaviour.rules, behaviour.otherwise) == ("rule:200", (rule,), made.operations[0].behaviour)


def test_however_much_is_proposed_example_and_rule_are_among_it():
    made = contract()
    many = {"id": 1, "name": "x", **{f"f{n}": n for n in range(100)}}
    rule = rule_from_exchange(call(), reply({"id": 7}))
    found = proposals(made, made.operations[0], call(), reply(many), Example("a", {}), rule)
    assert [one.kind for one in found[-2:]] == ["example", "rule"]
    assert len(found) <= 40


def test_the_body_that_was_sent_becomes_an_example_of_the_request():
    made = contract()
    sent = Example("logged", {"name": "Rex"})
    (found,) = proposals(made, made.operations[0], call(), sent=sent)
    assert (found.id, found.detail) == ("request-example:application/json", "logged")
    [media] = adopted(made, [found]).operations[0].body.content
    assert media.examples == (sent,) and media.schema == NEW
    bare = dataclasses.replace(made.operations[0], body=None)
    [media] = found.apply(dataclasses.replace(made, operations=(bare,))).operations[0].body.content
    assert media.examples == (sent,)
    assert proposals(made, made.operations[0], call(b""), sent=sent) == ()


def kept(status=200, value=None, behaviour=None, **fields):
    seeds = (Seed(({"id": 1, "name": "Rex"},)), Seed(({"id": 9},), "ann"))
    made = dataclasses.replace(
        contract(behaviour=behaviour or Stateful("pets", "create")), collections=(Collection("pets", PET, seeds=seeds),)
    )
    value = {"id": 2, "name": "Tom"} if value is None else value
    found = proposals(made, made.operations[0], call(), reply(value, status), Example("logged", value))
    return made, [one for one in found if one.kind == "row"]


def test_an_answer_of_a_collection_becomes_a_row_that_its_lists_begin_with():
    made, [found] = kept()
    assert (found.id, found.place, found.detail) == ("row:pets", "pets", "1")
    [pets] = adopted(made, [found]).collections
    assert pets.seeds == (Seed(({"id": 1, "name": "Rex"}, {"id": 2, "name": "Tom"})), Seed(({"id": 9},), "ann"))
    made, [found] = kept(value={"id": 1, "name": "Max"})
    assert adopted(made, [found, found]).collections[0].seeds[0].rows == ({"id": 1, "name": "Max"},)


def test_an_answer_without_rows_or_of_no_collection_is_no_row():
    assert kept(value="sorry")[1] == kept(status=404)[1] == kept(behaviour=Stateful("gone"))[1] == []
    assert kept(behaviour=contract().operations[0].behaviour)[1] == []
