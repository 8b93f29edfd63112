"""Finding rules by value decides as looking at every rule does, and what it tells is true."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from actionstudio.core.behaviour import Condition, Rule, Rules
from actionstudio.core.call import Call
from actionstudio.core.rules import Compiled, Facts, explain, trail_of

SCALARS = st.sampled_from(["a", "b", "", "1", "1.0", "01", "true", "null", 1, 1.0, 0, -2, 2.5, True, False, None])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xy"), inner)
)
KINDS = ["application/json", "", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data",
         "application/x-www-form-urlencoded"]  # fmt: skip
NAMES = st.sampled_from("pq")


def same(wanted, got):
    """Equality, written down once more and differently."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        return wanted.keys() == got.keys() and all(strict(wanted[key], got[key]) for key in wanted)
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and all(map(strict, wanted, got))
    if isinstance(wanted, str) != isinstance(got, str):
        text, other = (wanted, got) if isinstance(wanted, str) else (got, wanted)
        try:
            read = json.loads(text, parse_constant=lambda _: None)
        except ValueError:
            return False
        return text == text.strip() and isinstance(read, int | float) and other is not None and strict(read, other)
    return strict(wanted, got)


def strict(one, other):
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict | list) and type(one) is type(other):
        return same(one, other)
    return type(one) in (int, float) and type(other) in (int, float) and one == other or (
        type(one) is type(other) and one == other
    )  # fmt: skip


conditions = st.builds(
    lambda target, name, operator, value, some, invert: Condition(
        target, name if target == "query" else f"/{name}", operator, some if operator == "in" else value, invert
    ),
    st.sampled_from(["query", "body"]),
    NAMES,
    st.sampled_from(["equals", "equals", "in", "exists", "null"]),
    VALUES,
    st.lists(VALUES, max_size=3),
    st.booleans(),
)
rules = st.lists(
    st.builds(
        lambda asked, match: Rule(tuple(asked), match=match),
        st.lists(conditions, max_size=3),
        st.sampled_from(["all", "any"]),
    ),
    max_size=8,
)
calls = st.builds(
    lambda query, body: (query, body), st.lists(st.tuples(NAMES, st.sampled_from(["a", "b", "", "1", "1.0", "true"]))),
    st.dictionaries(NAMES, VALUES),
)  # fmt: skip


def naive(condition, query, body):
    if condition.target == "query":
        got = [value for key, value in query if key == condition.name]
    else:
        got = [body[condition.name[1:]]] if condition.name[1:] in body else []
    held = {
        "equals": lambda: any(same(condition.value, one) for one in got),
        "in": lambda: any(same(wanted, one) for wanted in condition.value for one in got),
        "exists": lambda: bool(got),
        "null": lambda: not got or None in got,
    }[condition.operator]()
    return held is not condition.invert


def holds(rule, query, body):
    answers = [naive(condition, query, body) for condition in rule.conditions]
    return not answers or (all(answers) if rule.match == "all" else any(answers))


def facts(query, body):
    text = "&".join(f"{key}={value}" for key, value in query)
    return Facts(Call("POST", "/", text, (("content-type", "application/json"),), json.dumps(body).encode()))


@settings(max_examples=150, deadline=None)
@given(rules, calls, st.sampled_from(["first", "sequential", "random"]))
def test_the_index_decides_as_every_rule_looked_at(some, call, mode):
    value = Rules(tuple(some), mode)
    compiled, read = Compiled(value), facts(*call)
    decision = compiled.decide(read, lambda held: 1, lambda: 0.99)
    expected = [index for index, rule in enumerate(some) if holds(rule, *call)]
    if mode == "first":
        assert decision.matched == (expected[0] if expected else None)
    else:
        assert list(decision.held) == expected
        assert decision.matched in (expected or [None])
    told = explain(value, json.loads(json.dumps(trail_of(compiled, decision, read))))
    for one, rule in zip(told, some, strict=True):
        held = holds(rule, *call)
        assert one.outcome in {True: ("answers", "holds", "not-reached"), False: ("fails", "not-reached")}[held]
        assert (one.outcome == "answers") is (one.index == decision.matched)
        for answered in one.conditions:
            assert answered.held in (None, naive(answered.condition, *call))
            assert answered.present is False or answered.held is None or answered.got is not Ellipsis


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.text(max_size=40), st.text(max_size=30), st.sampled_from(KINDS))
def test_no_call_makes_a_rule_fail(body, query, header, kind):
    from tests.core.rules.test_conditions import CASES

    every = tuple(Rule((Condition(*case[:4]), Condition("query", "q", "regex", "."))) for case in CASES)
    headers = (("content-type", kind), ("x-count", header), ("cookie", header))
    read = Facts(Call("POST", "/", query, headers, body))
    compiled = Compiled(Rules(every, "random"))
    decision = compiled.decide(read, len, lambda: 0.5)
    json.dumps(trail_of(compiled, decision, read))
