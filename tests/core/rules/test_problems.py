"""What is wrong with rules is said beside the field, with the cure; what cannot be asked never holds."""

import pytest

from actionstudio.core.behaviour import Condition, Examples, Proxy, Rule, Rules
from actionstudio.core.call import Call
from actionstudio.core.rules import Compiled, Facts, problems
from actionstudio.core.rules.checking import DEEPEST, MOST_CONDITIONS, MOST_PATTERNS, MOST_RULES


def deep(value, levels):
    for _ in range(levels):
        value = [value]
    return value


WRONG = [
    (Condition("moon", "x"), "/target", "body, query"),
    (Condition("query"), "/name", "Say which"),
    (Condition("method", "x"), "/name", "Leave it empty"),
    (Condition("query", "x" * 501), "/name", "longer than 500"),
    (Condition("body", "a.b[0]"), "/name", "/a/b/0"),
    (Condition("body", "$.a["), "/name", "cannot be read from “[”"),
    (Condition("body", "$.a[0,]"), "/name", "cannot be read"),
    (Condition("body", "$.a[::0]"), "/name", "cannot be read"),
    (Condition("body", "$.a[?length(@.b) == 1]"), "/name", "cannot be read from “[?length"),
    (Condition("collection", "pets/"), "/name", "which row"),
    (Condition("collection", "pets/{{ moon.x }}"), "/name", "moon"),
    (Condition("collection", "pets/{{#if path.id}}1{{/if}}"), "/name", "Loops and choices"),
    (Condition("query", "x", "equals", "{{ moon.x }}"), "/value", "moon"),
    (Condition("query", "x", "less", "{{ query.y"), "/value", "}}"),
    (Condition("query", "x", "contains", "{{#each body}}1{{/each}}"), "/value", "Loops and choices"),
    (Condition("query", "x", "equals", "{{ response.status }}"), "/value", "no response yet"),
    (Condition("query", "x", "like", "y"), "/operator", "equals, contains"),
    (Condition("query", "x", "in", "y"), "/value", "Give a list"),
    (Condition("query", "x", "regex", 5), "/value", "Give a pattern"),
    (Condition("query", "x", "regex", "(a"), "/value", "missing )"),
    (Condition("query", "x", "regex", "(?=a)b"), "/value", "look-around"),
    (Condition("query", "x", "regex", r"(a)\1"), "/value", "cannot be read"),
    (Condition("query", "x", "regex", "a{1001}"), "/value", "too large"),
    (Condition("query", "x", "regex", "(?:a{1000}){9}"), "/value", "too large"),
    (Condition("query", "x", "regex", "a" * 1001), "/value", "longer than 1000"),
    (Condition("query", "x", "greater", "many"), "/value", "2026-01-31"),
    (Condition("query", "x", "less", None), "/value", "Write a number"),
    (Condition("query", "x", "schema", "integer"), "/value", "JSON Schema"),
    (Condition("query", "x", "schema", {"type": "int"}), "/value/type", "not valid JSON Schema"),
    (Condition("query", "x", "schema", {"$ref": "#/components/schemas/No"}), "/value", "No"),
    (Condition("query", "x", "equals", "a" * 100_001), "/value", "longer than 100000"),
    (Condition("query", "x", "equals", deep(1, 300)), "/value", "JSON"),
    (Condition("query", "x", "equals", 2**70), "/value", "JSON"),
]


@pytest.mark.parametrize(("condition", "field", "words"), WRONG)
def test_a_condition_that_cannot_be_asked_is_told_and_never_holds(condition, field, words):
    (found,) = problems(Rules((Rule(), Rule((Condition("path", "id"), condition)))))
    assert found.pointer == f"/rules/1/conditions/1{field}" and words in found.message
    call = Facts(Call("GET", "/", "x=1&y=2"))
    for invert in (False, True):
        broken = Condition(condition.target, condition.name, condition.operator, condition.value, invert)
        for match in ("all", "any"):
            assert Compiled(Rules((Rule((broken,), match=match),))).decide(call, len, float).matched is None


@pytest.mark.parametrize(
    ("rules", "pointer", "words"),
    [
        (Rules(mode="best"), "/mode", "first, sequential or random"),
        (Rules((Rule(match="none"),)), "/rules/0/match", "all, any"),
        (Rules((Rule(weight=-1),)), "/rules/0/weight", "0 to"),
        (Rules((Rule(weight=1.5),)), "/rules/0/weight", "whole number"),
        (Rules((Rule(weight=0), Rule(weight=0)), mode="random"), "/rules/0/weight", "above 0"),
        (Rules((Rule(name="x" * 201),)), "/rules/0/name", "longer"),
        (Rules((Rule(),) * (MOST_RULES + 1)), "/rules", "more than"),
        (Rules((Rule((Condition("method", value="GET"),) * (MOST_CONDITIONS + 1)),)), "/rules/0/conditions", "more"),
        (
            Rules(tuple(Rule((Condition("query", "q", "regex", f"^{n}$"),)) for n in range(MOST_PATTERNS + 1))),
            "/rules",
            "patterns",
        ),
        (Rules(otherwise=Rules(mode="x")), "/otherwise/mode", "Choose"),
        (Rules((Rule(answer=Proxy("u", otherwise=Rules(mode="x"))),)), "/rules/0/answer/otherwise/mode", "Choose"),
    ],
)
def test_what_is_wrong_with_the_whole_is_told(rules, pointer, words):
    (found,) = problems(rules)
    assert found.pointer == pointer and words in found.message


def nested(levels):
    made = Examples()
    for level in range(levels):
        made = Rules((Rule(answer=made),)) if level % 2 else Rules(otherwise=made)
    return made


def test_rules_within_rules_have_a_bound():
    assert problems(nested(DEEPEST + 1)) == []
    (found,) = problems(nested(DEEPEST + 2))
    assert "within rules" in found.message and found.pointer.count("/otherwise") + found.pointer.count("/answer") == 5


def test_other_behaviours_have_no_rules_to_be_wrong():
    assert problems(Examples()) == []
