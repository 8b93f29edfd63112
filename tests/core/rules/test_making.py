"""Rules made of examples and of calls: they hold for what they were made of, and give its answer."""

import orjson
import pytest

from actionstudio.core.behaviour import Condition, Examples, Proxy, Rule, Rules, Template
from actionstudio.core.call import Call, Reply
from actionstudio.core.contract import Body, Example, Media, Operation, Parameter, Response
from actionstudio.core.problem import Refused
from actionstudio.core.resolve import Resolver
from actionstudio.core.rules import Compiled, Facts, problems
from actionstudio.core.rules.checking import MOST_RULES
from actionstudio.core.rules.making import literal, rule_from_exchange, rules_from_examples, with_rule
from tests import make
from tests.runtime.house import ask, front

JSON = "application/json"


def examples(**values):
    return tuple(Example(key, value) for key, value in values.items())


def operation(behaviour=None):
    return Operation(
        "POST",
        "/pets/{id}",
        "pet",
        parameters=(
            Parameter("id", "path", examples=examples(cat=1, dog=2, lone=3)),
            Parameter("tag", "query", schema={"type": "array"}, examples=examples(cat=["a", "b"], dog="x")),
        ),
        body=Body(content=(Media(JSON, None, examples(cat={"kind": "cat", "n": 1})),)),
        responses=(
            Response("404", content=(Media(JSON, None, examples(dog="no dog")),)),
            Response("200", content=(Media(JSON, None, examples(usual="usual", cat="a cat")),)),
        ),
        behaviour=behaviour or Examples(),
    )


def test_examples_that_belong_together_become_rules():
    made = make.contract(operation())
    rules = rules_from_examples(made.operations[0], Resolver(made))
    assert problems(rules) == []
    assert [(rule.name, rule.answer) for rule in rules.rules] == [
        ("cat", Examples("200", "cat", pairing=False)),
        ("dog", Examples("404", "dog", pairing=False)),
    ]
    assert rules.rules[0].conditions == (
        Condition("path", "id", value=1),
        Condition("query", "tag", value="a"),
        Condition("query", "tag", value="b"),
        Condition("body", "/kind", value="cat"),
        Condition("body", "/n", value=1),
    )


@pytest.mark.parametrize(
    ("url", "body"),
    [("/pets/1?tag=a&tag=b", {"kind": "cat", "n": 1}), ("/pets/2?tag=x", {}), ("/pets/3", {}), ("/pets/1?tag=a", {})],
)
def test_they_answer_as_the_pairs_do(url, body):
    made = make.contract(operation(), validation="off")
    rules = rules_from_examples(made.operations[0], Resolver(made))
    other = make.contract(operation(rules), validation="off")
    sent = (orjson.dumps(body),)
    first, second = (ask(one, "POST", url, *sent, content_type=JSON).reply for one in (made, other))
    assert (first.status, first.body) == (second.status, second.body)


CALL = Call(
    "POST",
    "/pets/7",
    "status=sold&tag=a&tag=b&__code=404&token=hush&x-own=hush",
    (("content-type", JSON), ("authorization", "Bearer hush")),
    orjson.dumps({"name": "Rex", "home": {"n": [1.0]}, "a/b": None, "password": "•••• (5 characters)"}),
)
REPLY = Reply(
    201,
    (
        ("content-type", "application/json; charset=utf-8"),
        ("location", "/pets/7"),
        ("date", "now"),
        ("x-next", "{{ 1 }}"),
        ("set-cookie", "sid=hush"),
        ("access-control-allow-origin", "*"),
        ("x-key", "•••• (9 characters)"),
    ),
    b'{"id": 7, "note": "{{ path.id }} {{{"}',
)


def rule():
    return rule_from_exchange(CALL, REPLY, {"id": "7"}, {"X-Own"})


def test_a_call_becomes_a_rule_that_holds_for_it():
    made = rule()
    assert made.conditions == (
        Condition("path", "id", value="7"),
        Condition("query", "status", value="sold"),
        Condition("query", "tag", value="a"),
        Condition("query", "tag", value="b"),
        Condition("body", "/name", value="Rex"),
        Condition("body", "/home", value={"n": [1.0]}),
        Condition("body", "/a~1b", value=None),
    )
    assert made.name == "POST /pets/7?status=sold&tag=a&tag=b"
    assert problems(Rules((made,))) == []
    assert Compiled(Rules((made,))).decide(Facts(CALL, {"id": "7"}), len, float).matched == 0
    assert "hush" not in repr(made) and "••••" not in repr(made)


def test_the_rule_gives_the_same_answer_to_the_letter():
    door = front(make.contract(operation(Rules((rule(),))), validation="off"))
    url = "/pets/7?" + CALL.query.replace("__code=404&", "")
    answer = ask(door, "POST", url, CALL.body, content_type=JSON).reply
    assert (answer.status, answer.body) == (201, REPLY.body)
    assert (answer.header("location"), answer.header("x-next")) == ("/pets/7", "{{ 1 }}")
    assert not {"set-cookie", "x-key", "date"} & {name for name, _ in answer.headers}


@pytest.mark.parametrize(
    ("kind", "body", "conditions"),
    [
        ("application/x-www-form-urlencoded", b"a=1&b=2&b=3",
         (Condition("body", "/a", value="1"), Condition("body", "/b", value=["2", "3"]))),
        (JSON, b"[1,2]", (Condition("body", value=[1, 2]),)),
        (JSON, b"{}", (Condition("body", value={}),)),
        ("text/plain", b"hello", (Condition("body", value="hello"),)),
        (JSON, b"", ()),
        (JSON, b"1" * 200_000, ()),
    ],
)  # fmt: skip
def test_bodies_become_conditions(kind, body, conditions):
    made = rule_from_exchange(Call("PUT", "/x", "", (("content-type", kind),), body), Reply(204))
    assert made.conditions == conditions
    assert made.answer == Template("204")


@pytest.mark.parametrize(("body", "words"), [(b"\xff\xfe", "not text"), (b"x" * 70_000, "longer than")])
def test_an_answer_that_is_no_short_text_is_refused(body, words):
    with pytest.raises(Refused, match=words):
        rule_from_exchange(CALL, Reply(200, (), body))


@pytest.mark.parametrize("text", ["{{", "{{{", "{{{{", "a {{ b }} c", '{"a":"{{x}}"}', "{%", "{{!-- x --}}", "\\{{x}}"])
def test_a_literal_says_exactly_its_text(text):
    from actionstudio.core import templating

    assert templating.compile(literal(text)).render(templating.Plain({})).text == text


def says(key, *names):
    return Rule(tuple(Condition("query", name, value="1") for name in names), Examples("200", key))


def test_a_rule_joins_what_answered_before():
    assert with_rule(Proxy("up"), says("a", "x")) == Rules((says("a", "x"),), otherwise=Proxy("up"))
    rules = Rules((says("a", "x"), says("b")))
    assert with_rule(rules, says("c", "x")).rules == (says("c", "x"), says("b")), "the same conditions: replaced"
    assert with_rule(rules, says("c", "x", "y")).rules == (says("c", "x", "y"), *rules.rules), (
        "before what takes its calls"
    )
    assert with_rule(rules, says("c", "y")).rules == (says("a", "x"), says("c", "y"), says("b"))
    assert with_rule(Rules((says("a", "x"),)), says("c", "y")).rules == (says("a", "x"), says("c", "y"))


def test_there_is_an_end_to_rules():
    with pytest.raises(Refused, match="Delete some"):
        with_rule(Rules(tuple(says("a", str(n)) for n in range(MOST_RULES))), says("b", "new"))
