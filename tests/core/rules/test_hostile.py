"""Rules and calls written with ill intent: the work is bounded, whatever the pattern, the path or the body."""

import json
import resource
import time

import orjson
import pytest

from actionstudio.core.behaviour import Condition, Examples, Rule, Rules
from actionstudio.core.call import Call
from actionstudio.core.rules import Compiled, Facts, problems, trail_of
from actionstudio.core.rules.checking import MOST_PATTERNS

SECONDS = 3  # of a slow machine that does other things too; most take milliseconds
MEGABYTE = 1_000_000
HOSTILE_PATTERNS = [
    "(a+)+$",
    "(a|a)*$",
    "(a|aa)+$",
    "((a*)*)*b",
    "(((((a*)*)*)*)*)*b",
    "(x+x+)+y",
    "(.*a){20}b",
    "(?:a?){500}(?:a){500}b",
    "(?:a|b)*a(?:a|b){300}c",
    "(?i)(?:[^a]|a){0,300}$Z",
    "a{1000}b",
    ".*" * 100 + "x",
    r"\b\w{0,200}\W\b$",
    r"[\p{L}\p{N}]{1,50}@x",
]


def decided(conditions, call, mode="first", match="all"):
    rules = Rules(tuple(Rule((condition,), match=match) for condition in conditions), mode)
    compiled = Compiled(rules)
    facts = Facts(call)
    began = time.process_time()
    decision = compiled.decide(facts, len, lambda: 0.5)
    took = time.process_time() - began
    json.dumps(trail_of(compiled, decision, facts))
    return decision, facts, took


def post(body, kind="application/json"):
    return Call("POST", "/", "", (("content-type", kind),), body)


@pytest.mark.parametrize("pattern", HOSTILE_PATTERNS)
@pytest.mark.parametrize("text", ["a" * 100_000 + "!", "ab" * 50_000 + "!", "é日a " * 25_000])
def test_a_pattern_never_runs_away(pattern, text):
    condition = Condition("body", "", "regex", pattern)
    if problems(Rules((Rule((condition,)),))):
        pytest.skip("refused when it is saved")
    _, _, took = decided([condition], post(text.encode(), "text/plain"))
    assert took < SECONDS


@pytest.mark.parametrize("pattern", HOSTILE_PATTERNS)
def test_many_patterns_on_a_large_body_stop_together(pattern):
    """Each is another pattern, none of them in a memory yet."""
    some = [Condition("body", "", "regex", f"{pattern}{number}") for number in range(MOST_PATTERNS)]
    if problems(Rules((Rule((some[0],)),))):
        pytest.skip("refused when it is saved")
    _, facts, took = decided(some, post(b"a" * 10 * MEGABYTE, "text/plain"), "sequential")
    assert took < SECONDS and facts.stopped


def test_patterns_take_a_bounded_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    some = [Condition("body", "", "regex", f"(?:a|b)*a(?:a|b){{200}}c{number}") for number in range(MOST_PATTERNS)]
    decided(some, post(b"ab" * 4000, "text/plain"), "sequential")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 250_000  # kilobytes


def test_what_stopped_a_call_is_told_and_no_rule_holds_then_not_even_an_inverted_one():
    heavy = Condition("body", "", "regex", "(?:a?){300}(?:a){300}b")
    call = post(b"a" * MEGABYTE, "text/plain")
    rules = Rules(
        (Rule((heavy,)), Rule((Condition("body", "", "regex", "z{300}", invert=True),)), Rule((), Examples("404")))
    )
    compiled, facts = Compiled(rules), Facts(call)
    decision = compiled.decide(facts, len, float)
    assert decision.matched is None and trail_of(compiled, decision, facts)["stopped"] is True


LARGE = orjson.dumps([{"id": number, "tags": ["a", "b"], "in": {"x": number}} for number in range(150_000)])
DEEP = b"[" * 900 + b"]" * 900
WIDE = orjson.dumps({f"k{number}": number for number in range(300_000)})


@pytest.mark.parametrize(
    "body", [LARGE, DEEP, WIDE, DEEP.replace(b"[]", b'["a"]')], ids=["large", "deep", "wide", "deep2"]
)
@pytest.mark.parametrize(
    ("name", "operator", "value"),
    [
        ("$..x", "equals", -1),
        ("$..*", "equals", -1),
        ("$..*", "contains", "zzz"),
        ("$..*", "regex", "zzz"),
        ("$..[*]..[*]", "exists", None),
        ("$..*..*..*..*..*", "equals", -1),
        ("$..[?@.x == 1 || @.y == 1 || @.z == 1 || @.q == 1]", "equals", -1),
        ("$..[?@ == @]", "exists", None),
        ("$..[?@ <= @ && @ >= @]", "exists", None),
        ("$[*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*].*", "equals", -1),
        ("", "equals", {"a": 1}),
        ("", "contains", {"a": 1}),
        ("", "in", [[1], [2]]),
        ("", "schema", {"type": "array", "uniqueItems": True, "items": {"type": "string"}}),
        ("$..*", "schema", {"type": "array", "items": {"type": "array", "maxItems": 0}}),
    ],
)
def test_large_and_deep_bodies_are_bounded(body, name, operator, value):
    some = [Condition("body", name, operator, value) for _ in range(20)]
    assert problems(Rules((Rule((some[0],)),))) == []
    _, _, took = decided(some, post(body), "sequential")
    assert took < SECONDS


def test_a_thousand_ways_into_a_large_body_are_bounded():
    some = [Condition("body", f"$..k{number}", "equals", -1) for number in range(1000)]
    _, facts, took = decided(some, post(LARGE))
    assert took < SECONDS and facts.stopped


def test_a_thousand_equalities_with_a_large_body_are_one_look():
    some = [Condition("body", "", "equals", [number]) for number in range(1000)]
    _, _, took = decided(some, post(LARGE[: 2 * MEGABYTE].rpartition(b",{")[0] + b"]"))
    assert took < SECONDS


TEMPLATES = ["{{ body | json }}", "{{ body | json | upper | length }}", "{{ body }}", "x{{ body./0 }}",
             "{{ body | last | json }}", "{{ body | json | replace '1' '22222222' }}"]  # fmt: skip


@pytest.mark.parametrize("value", TEMPLATES)
def test_templates_of_conditions_are_bounded(value):
    some = [Condition("body", "/0/id", "equals", value) for _ in range(1000)]
    assert problems(Rules((Rule((some[0],)),))) == []
    _, _, took = decided(some, post(LARGE), "sequential")
    assert took < SECONDS


def test_a_query_of_very_many_parts_is_read_in_part():
    some = [Condition("query", f"k{number}", "equals", "1") for number in range(1000)]
    call = Call("GET", "/", "&".join(f"k{number}=0" for number in range(20_000)))
    _, facts, took = decided(some, call)
    assert took < SECONDS and len(facts.query()) <= 1000


@pytest.mark.parametrize(
    "text", ["9" * 50_000, "1e" + "9" * 3, "-" * 50_000, "1" * 30 + "." + "1" * 30, "2026" * 10_000]
)
@pytest.mark.parametrize("operator", ["equals", "greater", "less", "in"])
def test_numbers_of_any_length_are_only_texts(text, operator):
    condition = Condition("query", "n", operator, [5] if operator == "in" else 5)
    _, _, took = decided([condition] * 100, Call("GET", "/", f"n={text}"))
    assert took < 0.2


def test_moments_at_the_end_of_the_calendar_are_compared():
    condition = Condition("query", "t", "less", "9999-12-31T23:59:59-23:59")
    decision, _, _ = decided([condition], Call("GET", "/", "t=0001-01-01T00:00:00%2B23:59"))
    assert decision.matched in (0, None)


def test_a_body_nested_too_deeply_to_be_written_is_not_in_the_trail():
    call = Call("POST", "/", "", (("content-type", "application/json"),), b'{"a":' * 900 + b"1" + b"}" * 900)
    compiled = Compiled(Rules((Rule((Condition("body", "/a", "exists"),)),)))
    facts = Facts(call)
    decision = compiled.decide(facts, len, lambda: 0.5)
    assert decision.matched == 0
    assert set(trail_of(compiled, decision, facts)["values"].values()) == {"…"}
