"""Argument matchers: what fits, what does not, and what is no matcher."""

import pytest

from actionstudio.core.prompting import matching
from actionstudio.core.prompting.matching import ABSENT, OPS, Matcher, matches, plain, read


@pytest.mark.parametrize(
    ("matcher", "good", "bad"),
    [
        (Matcher("equals", "San Francisco, CA"), ["san francisco CA", "San Francisco, CA"], ["San José", 5, ABSENT]),
        (Matcher("equals", "A-1", exact=True), ["A-1"], ["a1", "A1"]),
        (Matcher("equals", 3), [3, 3.0], ["3", True, 4, None]),
        (Matcher("equals", True), [True], [1, "true", False]),
        (Matcher("equals", None), [None], [0, "", ABSENT]),
        (Matcher("equals", {"a": ["X y"]}), [{"a": ["x Y"]}], [{"a": []}, {"a": ["x y"], "b": 1}, []]),
        (Matcher("equals", "北京"), ["北京", " 北京。"], ["上海"]),
        (Matcher("equals", "???"), ["???"], ["", "!"]),
        (Matcher("any-of", ["km", "kilometres"]), ["KM", "kilometres"], ["mi", ABSENT]),
        (Matcher("any-of", ["km", ""]), ["km", ABSENT], ["mi"]),
        (Matcher("regex", r"^\d{4}-\d\d$"), ["2026-11"], ["2026", 12, ABSENT]),
        (Matcher("regex", "^1"), [12, "1"], [21]),
        (Matcher("contains", "milk"), ["buy Milk now", ["eggs", "MILK"]], ["eggs", [], ABSENT]),
        (Matcher("contains", {"a": 1}), [{"a": 1, "b": 2}], [{"b": 2}, "x"]),
        (Matcher("contains", ["a", "b"]), [["b", "c", "a"]], [["a"]]),
        (Matcher("near", 10, by=0.5), [10, 10.5, 9.5, "10.2"], [10.6, "ten", None, True, ABSENT]),
        (Matcher("present"), ["", None, 0], [ABSENT]),
        (Matcher("absent"), [ABSENT], ["", None]),
        (Matcher("ignore"), ["x", None, ABSENT], []),
    ],
)
def test_a_matcher_takes_what_it_should_and_nothing_else(matcher, good, bad):
    assert [value for value in good if not matches(matcher, value)] == []
    assert [value for value in bad if matches(matcher, value)] == []


def test_every_matcher_survives_the_way_to_json_and_back_and_can_be_read():
    for op in OPS:
        matcher = Matcher(op, ["a"] if op == "any-of" else 2 if op == "near" else "a", 1.5 if op == "near" else 0.0)
        again = read(plain(matcher))
        assert (again.op, matches(again, "a")) == (op, matches(matcher, "a"))
        assert matching.told(matcher)


def test_a_plain_value_means_that_the_argument_equals_it():
    assert read("x") == Matcher("equals", "x")
    assert read({"op": "sideways"}) == Matcher("equals", {"op": "sideways"})
    assert read({"op": "equals", "left": 1}) == Matcher("equals", {"op": "equals", "left": 1})


@pytest.mark.parametrize(
    ("matcher", "at"),
    [
        (Matcher("sideways"), "/a/op"),
        (Matcher("any-of", "x"), "/a/value"),
        (Matcher("any-of", []), "/a/value"),
        (Matcher("near", "x"), "/a/value"),
        (Matcher("near", 1, by=-1), "/a/by"),
        (Matcher("near", float("nan")), "/a/value"),
        (Matcher("contains", ""), "/a/value"),
        (Matcher("regex", "("), "/a/value"),
        (Matcher("regex", ""), "/a/value"),
    ],
)
def test_what_is_no_matcher_is_told_beside_its_field(matcher, at):
    assert [one.pointer for one in matching.problems(matcher, "/a")] == [at]


def test_no_pattern_makes_a_comparison_hang():
    assert not matches(Matcher("regex", "^(a+)+$"), "a" * 4_000 + "b")
