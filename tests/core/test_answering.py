"""How an operation answers is read strictly: every fault with its place and the cure; what is right comes back."""

from dataclasses import fields
from typing import get_args, get_type_hints

import pytest

from actionstudio.core import answering, behaviour, codec
from actionstudio.core.answering import CHOICES, RANGES, around_of, behaviour_of, collection_of, problems, upstream_of
from actionstudio.core.behaviour import (
    Around,
    Callback,
    Change,
    Collection,
    Condition,
    Examples,
    Fault,
    Generated,
    Latency,
    Limit,
    Proxy,
    Rule,
    Rules,
    Seed,
    Stateful,
    Template,
    Upstream,
)
from actionstudio.core.contract import Example, Media, Response
from actionstudio.core.problem import Refused
from tests import make

NAMED = Media("application/json", None, (Example("dog", {"a": 1}), Example("cat", {"a": 2})))
OP = make.operation(
    "GET",
    "/pets/{petId}",
    responses=(Response("200", content=(NAMED,)), Response("4XX")),
    extra={"callbacks": {"shipped": {}}},
)
WHOLE = make.contract(OP, collections=(Collection("pets"),), upstreams=(Upstream("shop"),))

RIGHT = [
    Examples("200", "dog", pairing=False),
    Examples("404"),
    Generated("200", seed=7),
    Template("503", "text/plain", "Hello", (("X-A", "1"),)),
    Rules(
        (
            Rule((Condition("query", "q", "in", ["a"]), Condition("call", "", "greater", 3)), Examples("404"), "late"),
            Rule((Condition("body", "$.a[*]", "schema", {"type": "array"}),), Fault("delay", seconds=46), match="any"),
            Rule((Condition("collection", "pets", "greater", 3),), Rules(mode="random")),
        ),
        "sequential",
        Generated(),
    ),
    Stateful("pets", "read", "path.petId", status="200", missing="keep", rows_at="/items"),
    Proxy("shop", Change(query=(("a", "b"),), without_headers=("*",)), fall_back_on=("5XX", "unreachable")),
    Fault("too-many-requests", seconds=3, when="every", number=2, latency=Latency("uniform", 1, 2)),
]


@pytest.mark.parametrize("value", RIGHT, ids=lambda value: type(value).__name__)
def test_what_is_right_comes_back(value):
    assert behaviour_of(codec.plain(value), WHOLE, OP) == value


def test_what_stands_around_comes_back():
    value = Around(Latency("lognormal", 100, 900), Limit(5), (Fault(),), (Callback("shipped", delay=2),))
    assert around_of(codec.plain(value), WHOLE, OP) == value


def test_collections_and_upstreams_come_back():
    pets = Collection("pets", {"type": "object"}, partition="path.user", seeds=(Seed(({"id": 1},)),))
    assert collection_of(codec.plain(pets), WHOLE) == pets
    shop = Upstream("shop", headers=(("X-A", "1"),))
    assert upstream_of(codec.plain(shop), WHOLE) == shop


def test_the_status_of_a_fault_may_be_a_text_as_all_others_are():
    fault = {"kind": "fault", "status": "503"}
    answers = {"kind": "rules", "rules": [{"answer": fault}], "otherwise": fault}
    assert behaviour_of(answers, WHOLE, OP) == Rules((Rule(answer=Fault(status=503)),), otherwise=Fault(status=503))
    assert around_of({"faults": [{"status": "429"}, {"status": 500}, {"status": ""}]}, WHOLE, OP) == Around(
        faults=(Fault(status=429), Fault(status=500), Fault())
    )
    assert answering.fault_of({"status": "503"}, WHOLE, OP) == Fault(status=503)
    asked = Condition("body", "", "equals", fault)
    assert behaviour_of(codec.plain(Rules((Rule((asked,)),))), WHOLE, OP).rules[0].conditions == (asked,)


WRONG = [
    ([], "", "This must be an object."),
    ({"kind": "magic"}, "/kind", "“kind” must be one of: examples, generated"),
    ({"status": "200"}, "/kind", "“kind” must be one of"),
    ({"kind": "examples", "staus": "200"}, "/staus", "“staus” is not known here; there are: kind, status, example"),
    ({"kind": "examples", "status": 200}, "/status", "“status” must be text."),
    ({"kind": "examples", "status": "302"}, "/status", "No response 302 is declared. There are: 200, 4XX."),
    ({"kind": "examples", "example": "bird"}, "/example", "There is no example “bird” here. There are: dog, cat."),
    ({"kind": "examples", "pairing": "yes"}, "/pairing", "“pairing” must be true or false."),
    ({"kind": "generated", "seed": -1}, "/seed", "Write a whole number from 0 to 4294967295."),
    ({"kind": "generated", "seed": 1.5}, "/seed", "“seed” must be a whole number."),
    ({"kind": "template", "status": "99"}, "/status", "A status is a number from 200 to 599."),
    ({"kind": "template", "headers": [["a b", "c"]]}, "/headers/0/0", "A header's name has"),
    ({"kind": "template", "headers": [["a"]]}, "/headers/0", "“0” must be a list of 2 texts."),
    ({"kind": "template", "media_type": "json"}, "/media_type", "A media type looks like"),
    ({"kind": "template", "body": "a\0"}, "/body", "The character U+0000 cannot be kept."),
    ({"kind": "rules", "mode": "last"}, "/mode", "“mode” is one of: first, sequential, random."),
    ({"kind": "collection"}, "/collection", "“collection” is missing."),
    ({"kind": "collection", "collection": "cats"}, "/collection", "There is no collection “cats”. There are: pets."),
    ({"kind": "collection", "collection": "pets", "key": "petId"}, "/key", "Say where the id stands"),
    ({"kind": "collection", "collection": "pets", "key": "path.id"}, "/key", "The path has no {id}."),
    ({"kind": "collection", "collection": "pets", "rows_at": "items"}, "/rows_at", "A place in the body begins"),
    ({"kind": "collection", "collection": "pets", "missing": "no"}, "/missing", "A status is"),
    ({"kind": "proxy", "upstream": "bank"}, "/upstream", "There is no upstream “bank”. There are: shop."),
    ({"kind": "proxy", "upstream": "shop", "timeout": 900}, "/timeout", "Write a number from 0.1 to 120."),
    ({"kind": "proxy", "upstream": "shop", "fall_back_on": ["x"]}, "/fall_back_on/0", "Give statuses such as 501"),
    ({"kind": "proxy", "upstream": "shop", "response": {"status": [["4XX", "1"]]}}, "/response/status/0/1", "A status"),
    ({"kind": "fault", "what": "explode"}, "/what", "“what” is one of: status, delay"),
    ({"kind": "fault", "status": 600}, "/status", "A status is a number from 200 to 599."),
    ({"kind": "fault", "status": "99"}, "/status", "“status” must be a whole number."),
    ({"kind": "fault", "status": "199"}, "/status", "A status is a number from 200 to 599."),
    ({"kind": "fault", "seconds": 601}, "/seconds", "Write a number from 0 to 600."),
    ({"kind": "fault", "when": "every"}, "/number", "Say every how many calls"),
    ({"kind": "fault", "when": "percent", "number": 101}, "/number", "Say how many of 100 calls"),
    ({"kind": "fault", "latency": {"shape": "uniform", "low": 5, "high": 1}}, "/latency/high", "The upper end"),
]
CONDITIONS = [
    ({"name": "a"}, "/target", "“target” is missing."),
    ({"target": "moon"}, "/target", "“target” is one of: body, query"),
    ({"target": "query"}, "/name", "Say which"),
    ({"target": "method", "name": "a"}, "/name", "This has no name."),
    ({"target": "body", "name": "a"}, "/name", "Name a field of the body as /a"),
    ({"target": "body", "name": "body.items[0].a"}, "/name", "Name a field of the body as /items/0/a,"),
    ({"target": "path", "name": "id"}, "/name", "The path has no {id}. Its parameters: petId."),
    ({"target": "collection", "name": "cats/1"}, "/name", "There is no collection “cats”."),
    ({"target": "query", "name": "q", "operator": "is"}, "/operator", "“operator” is one of: equals"),
    ({"target": "query", "name": "q", "operator": "in", "value": "a"}, "/value", "Give a list"),
    ({"target": "query", "name": "q", "operator": "regex", "value": 1}, "/value", "Give a pattern"),
    (
        {"target": "body", "operator": "schema", "value": {"type": "txt"}},
        "/value/type",
        "This is not valid JSON Schema",
    ),
    ({"target": "body", "name": "/a", "operator": "regex", "value": "(?=a)"}, "/value", "The pattern uses"),
    ({"target": "query", "name": "q", "operator": "greater", "value": "x"}, "/value", "Write a number, or a date"),
]


@pytest.mark.parametrize(("data", "pointer", "says"), WRONG, ids=[f"{p} {s}"[:40] for _d, p, s in WRONG])
def test_what_is_wrong_is_refused_with_place_and_cure(data, pointer, says):
    with pytest.raises(Refused) as refused:
        behaviour_of(data, WHOLE, OP)
    found = refused.value.problems[0]
    assert found.pointer == pointer
    assert found.message.startswith(says)


@pytest.mark.parametrize(("data", "pointer", "says"), CONDITIONS, ids=[f"{p} {s}"[:40] for _d, p, s in CONDITIONS])
def test_a_wrong_condition_is_refused_where_it_stands(data, pointer, says):
    rules = {"kind": "rules", "rules": [{}, {"conditions": [data]}]}
    with pytest.raises(Refused) as refused:
        behaviour_of(rules, WHOLE, OP, "/behaviour")
    found = refused.value.problems[0]
    assert found.pointer == f"/behaviour/rules/1/conditions/0{pointer}"
    assert found.message.startswith(says)


def test_all_faults_are_named_at_once():
    data = {"kind": "fault", "what": "x", "when": "y", "status": 3}
    with pytest.raises(Refused) as refused:
        behaviour_of(data, WHOLE, OP)
    assert [found.pointer for found in refused.value.problems] == ["/what", "/when", "/status"]


def test_answers_inside_answers_end_somewhere():
    deep: dict = {"kind": "examples"}
    for _ in range(6):
        deep = {"kind": "rules", "otherwise": deep}
    with pytest.raises(Refused, match="more than 5 deep"):
        behaviour_of(deep, WHOLE, OP)


def test_what_the_document_has_no_more_is_told_apart_from_what_is_wrong():
    value = Rules((Rule((Condition("path", "id"),), Examples("302")),), otherwise=Stateful("cats"))
    assert {found.code for found in problems(value, WHOLE, OP)} == {answering.GONE}


def test_every_choice_and_range_is_of_a_field_that_there_is():
    for table in (CHOICES, RANGES):
        for kind, named in table.items():
            assert set(named) <= {field.name for field in fields(kind)}, kind


def test_every_kind_with_a_choice_of_words_has_its_default_among_them():
    for kind, named in CHOICES.items():
        for field in fields(kind):
            if field.name in named and isinstance(field.default, str):
                assert field.default in named[field.name]


def test_every_number_of_a_behaviour_has_a_range():
    for kind in [*behaviour.BEHAVIOUR_KINDS.values(), Rule, Latency, Limit, Callback]:
        for name, hint in get_type_hints(kind).items():
            if hint in (int, float):
                assert name in RANGES.get(kind, {}), (kind, name, get_args(hint))


def test_a_callbacks_template_is_read_as_what_it_sends():
    text = {"requestBody": {"content": {"text/plain": {}}}}
    extra = {"callbacks": {"json": {"$url": {"post": {}}}, "text": {"$url": {"post": text}}}}
    operation = make.operation(extra=extra)
    said = {"callbacks": [{"name": name, "body": '{"a": {{ query.a }}'} for name in ("json", "text")]}
    with pytest.raises(Refused) as caught:
        around_of(said, make.contract(operation), operation)
    assert [one.pointer for one in caught.value.problems] == ["/callbacks/0/body"]


@pytest.mark.parametrize(
    ("data", "pointer", "message"),
    [
        ({"kind": "template", "body": "{{ foo }}", "media_type": "text/plain"}, "/body", "There is no “foo”"),
        ({"kind": "template", "body": '{"a": {{ query.a }'}, "/body", "Line 1, column 7: This tag is not closed"),
        ({"kind": "template", "body": "{}", "headers": [["X-A", "{{ query.a | nope }}"]]}, "/headers/0/1", "no filter"),
        (
            {"kind": "proxy", "upstream": "u", "request": {"query": [["a", "{{ secret.A }}"]]}},
            "/request/query/0/1",
            "Secrets are for upstreams alone",
        ),
    ],
)
def test_a_template_is_read_when_it_is_saved(data, pointer, message):
    operation = make.operation()
    contract = make.contract(operation, upstreams=(Upstream("u"),))
    with pytest.raises(Refused) as caught:
        behaviour_of(data, contract, operation)
    assert [(one.pointer, message in one.message) for one in caught.value.problems] == [(pointer, True)]
