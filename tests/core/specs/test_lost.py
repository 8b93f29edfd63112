"""What the document says and the model never gets."""

import json

import pytest

from actionstudio.core.arguments import Encode, Move
from actionstudio.core.auth import ApiKey
from actionstudio.core.contract import (
    Body,
    Component,
    Contract,
    Example,
    Header,
    Media,
    Operation,
    Parameter,
    Response,
)
from actionstudio.core.specs import lost, openapi, pointers, typescript

STRING = {"type": "string"}


def obj(**properties):
    return {"type": "object", "properties": properties}


def body(schema, **fields):
    return Body(content=(Media("application/json", schema),), **fields)


def found(*operations, steps=None, **fields):
    """What is lost, as kind -> the texts."""
    losses = lost.lost(Contract(operations=operations, **fields), steps)
    return {loss.kind: [place.text for place in loss.places] for loss in losses}


def post(**fields):
    return Operation("POST", "/a", "a", **fields)


def test_an_argument_tells_its_description_but_nothing_below_it():
    inner = obj(street={**STRING, "description": "Street"})
    schema = obj(name={**STRING, "description": "Name"}, home={**inner, "description": "Home"})
    assert found(post(body=body(schema)))["descriptions"] == ["Street"]


def test_a_shared_schema_that_is_an_argument_tells_its_description():
    shared = Component("Home", {**obj(), "description": "Home"})
    ref = {"$ref": "#/components/schemas/Home"}
    assert "descriptions" not in found(post(body=body(obj(home=ref))), components=(shared,))
    assert found(post(body=body(obj(homes={"type": "array", "items": ref}))), components=(shared,))["descriptions"]


def test_what_stands_beside_a_reference_hides_what_it_leads_to():
    shared = Component("Home", {**obj(), "description": "Hidden", "default": {}})
    ref = {"$ref": "#/components/schemas/Home", "description": "Shown"}
    told = found(post(body=body(obj(home=ref))), components=(shared,))
    assert told["descriptions"] == ["Hidden"]
    assert "defaults" not in told


def test_fields_of_all_of_and_of_a_shared_body_are_arguments():
    base = Component("Base", obj(id={**STRING, "description": "Id"}))
    whole = Component("Whole", {"allOf": [{"$ref": "#/components/schemas/Base"}, obj(n={"description": "N"})]})
    told = found(post(body=body({"$ref": "#/components/schemas/Whole"})), components=(base, whole))
    assert "descriptions" not in told


def test_formats_limits_examples_and_marks_are_lost_everywhere():
    schema = {**STRING, "format": "email", "maxLength": 9, "pattern": "a", "example": "a@b.c", "title": "Mail"}
    told = found(post(body=body(obj(mail=schema))))
    assert told["formats"] == ["email"]
    assert told["limits"] == ["maxLength 9", "pattern a"]
    assert told["examples"] == ["a@b.c"]
    assert told["marks"] == ["title Mail"]


def test_defaults_are_lost_inside_objects_only():
    number = {"type": "integer", "default": 3}
    parameter = Parameter("n", "query", schema=number)
    assert "defaults" not in found(post(parameters=(parameter,), body=body(obj(m=number))))
    assert found(post(body=body(obj(inner=obj(n=number)))))["defaults"] == ["3"]


def test_header_and_cookie_parameters_are_lost_unless_a_repair_brings_them():
    parameters = (Parameter("X-Trace", "header"), Parameter("sid", "cookie"), Parameter("q"))
    assert found(post(parameters=parameters))["parameters"] == ["X-Trace", "sid"]
    steps = {("POST", "/a"): (Move("X_Trace", "header", "X-Trace"),)}
    assert found(post(parameters=parameters), steps=steps)["parameters"] == ["sid"]


def test_a_body_that_is_no_json_is_lost_unless_a_repair_brings_it():
    form = Body(content=(Media("application/x-www-form-urlencoded", obj(a=STRING)),))
    assert found(post(body=form))["bodies"] == ["application/x-www-form-urlencoded"]
    steps = {("POST", "/a"): (Encode("application/x-www-form-urlencoded"),)}
    assert "bodies" not in found(post(body=form), steps=steps)


def test_only_the_200_that_is_an_object_keeps_its_shape():
    def answer(status, schema):
        return Response(status, f"Answer {status}", content=(Media("application/json", schema),))

    responses = (answer("200", obj(a=STRING)), answer("404", obj(error=STRING)), answer("default", {"type": "array"}))
    told = found(post(responses=responses))
    assert told["answers"] == ["404 application/json", "default application/json"]
    assert told["answer-texts"] == ["Answer 200", "Answer 404", "Answer default"]
    assert found(post(responses=(answer("200", {"type": "array"}),)))["answers"] == ["200 application/json"]


def test_texts_around_operations_are_lost():
    op = post(summary="Short", description="Long", tags=("pets",), deprecated=True)
    told = found(op, title="Pets", description="All pets", tags=({"name": "pets"},), auth=ApiKey())
    assert told["summaries"] == ["Short"]
    assert told["tags"] == ["pets", "pets"]
    assert told["about"] == ["Pets", "1.0.0", "All pets"]
    assert told["marks"] == ["deprecated"]
    assert told["paths"] == ["POST /a"]
    assert len(told["security"]) == 1
    assert "summaries" not in found(post(summary="Short"))


def test_hidden_operations_are_named_and_not_searched():
    hidden = Operation("GET", "/b", "b", exposed=False, summary="One", description="Two")
    told = found(post(), hidden, Operation("TRACE", "/c", "c"))
    assert told["operations"] == ["GET /b", "TRACE /c"]
    assert "summaries" not in told


def test_many_places_are_counted_and_the_first_are_named():
    fields = {f"f{n}": {**STRING, "format": "date"} for n in range(100)}
    losses = {loss.kind: loss for loss in lost.lost(Contract(operations=(post(body=body(obj(**fields))),)))}
    assert losses["formats"].count == 100
    assert len(losses["formats"].places) == lost.SHOWN


def test_circles_of_schemas_end():
    node = Component("Node", obj(next={"$ref": "#/components/schemas/Node", "description": "Next"}))
    loop = Component("Loop", {"$ref": "#/components/schemas/Loop"})
    every = Component("All", {"allOf": [{"$ref": "#/components/schemas/All"}]})
    for name in ("Node", "Loop", "All"):
        assert "paths" in found(
            post(body=body({"$ref": f"#/components/schemas/{name}"})), components=(node, loop, every)
        )


@pytest.fixture
def rich():
    """A contract with something of nearly every kind."""
    schema = obj(
        mail={**STRING, "format": "email", "description": "Mail"},
        deep=obj(n={"type": "integer", "minimum": 1, "default": 1, "description": "Number", "example": 3}),
    )
    answer = Response("404", "Gone", headers=(Header("X-Rest"),), content=(Media("application/json", obj()),))
    op = post(
        summary="Short",
        description="Long",
        tags=("t",),
        parameters=(Parameter("X-A", "header", schema={**STRING, "maxLength": 3}, examples=(Example("", "x"),)),),
        body=body(schema, description="The body"),
        responses=(Response("200", "Fine"), answer),
    )
    return Contract(title="T", operations=(op,), description="D", tags=({"name": "t"},))


def test_every_place_is_there_in_the_whole_document(rich):
    whole = json.loads(openapi.to_json(openapi.render(rich, profile="full", servers=("https://x.example",))))
    places = [place.pointer for loss in lost.lost(rich) for place in loss.places]
    assert len(places) > 15
    assert [at for at in places if pointers.find(whole, f"#{at}") is pointers.MISSING] == []


def test_no_lost_text_is_in_the_namespace(rich):
    shown = typescript.namespace(rich, "x.example")
    kinds = ("descriptions", "answer-texts", "summaries", "parameters", "about")
    texts = [
        place.text for loss in lost.lost(rich) if loss.kind in kinds for place in loss.places if len(place.text) > 1
    ]
    assert texts
    assert [text for text in texts if text in shown] == []
