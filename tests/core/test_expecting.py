"""What is expected of an answer place by place: each check holds and misses."""

import pytest

from actionstudio.core.compare import Answer
from actionstudio.core.expecting import OPS, Check, missed, problems, read, values, written

ANSWER = Answer(
    200,
    (("Content-Type", "application/json"), ("X-Shard", "eu-1")),
    b'{"total": 12.5, "items": [{"id": 1, "at": null}, {"id": 2}], "ok": true, "code": "ord_77"}',
    "application/json",
)
HOLDS = [
    ("status", "equals", 200),
    ("status", "range", [200, 299]),
    ("time", "range", [None, 100]),
    ("header:x-shard", "equals", "eu-1"),
    ("header:x-none", "absent", None),
    ("$.total", "equals", 12.5),
    ("$.total", "type", "number"),
    ("$.items[0].id", "type", "integer"),
    ("$.items[*].id", "range", [1, 2]),
    ("$.items[0].at", "exists", None),
    ("$.items[0].at", "equals", None),
    ("$.none", "absent", None),
    ("$.code", "matches", "^ord_[0-9]+$"),
    ("$.ok", "equals", True),
]
MISSES = [
    ("status", "equals", 201, "200"),
    ("time", "range", [None, 10], "20.0"),
    ("$.total", "equals", "12.5", "12.5"),
    ("$.total", "type", "integer", "12.5"),
    ("$.items[*].id", "equals", 1, "2"),
    ("$.items[*].at", "type", "string", "null"),
    ("$.none", "exists", None, ""),
    ("$.none", "equals", None, ""),
    ("$.ok", "equals", 1, "true"),
    ("$.ok", "range", [0, 1], "true"),
    ("$.code", "absent", None, '"ord_77"'),
    ("$.code", "matches", "^x", '"ord_77"'),
]


@pytest.mark.parametrize(("on", "op", "value"), HOLDS)
def test_what_holds_is_not_missed(on, op, value):
    assert missed([Check(on, op, value)], ANSWER, 20.0) == []


@pytest.mark.parametrize(("on", "op", "value", "found"), MISSES)
def test_what_does_not_hold_is_missed_with_what_stood_there(on, op, value, found):
    assert [one.found for one in missed([Check(on, op, value)], ANSWER, 20.0)] == [found]


def test_every_kind_of_check_is_tried_here():
    assert {one[1] for one in HOLDS} == {one[1] for one in MISSES} == set(OPS)


def test_a_missing_member_and_another_type_break_a_value_only_changes():
    checks = [Check("$.none", "exists"), Check("$.total", "type", "string"), Check("$.total", "equals", 1)]
    assert [one.broken for one in missed(checks, ANSWER, 1)] == [True, True, False]


def test_an_answer_that_is_no_json_has_no_values():
    page = Answer(502, (), b"<html>", "text/html")
    assert values("$.total", page) == []
    assert len(missed([Check("$.total", "exists"), Check("$.total", "absent")], page, 1)) == 1


@pytest.mark.parametrize(
    ("op", "text", "value"),
    [
        ("equals", "12", 12),
        ("equals", '"12"', "12"),
        ("equals", "plain", "plain"),
        ("equals", "null", None),
        ("range", "1..2.5", [1.0, 2.5]),
        ("range", "..10", [None, 10.0]),
        ("range", "10..", [10.0, None]),
        ("matches", "^a", "^a"),
        ("type", "string", "string"),
    ],
)
def test_what_a_person_types_is_read_and_written_back(op, text, value):
    check = read("$.a", op, text)
    assert check.value == value
    assert read("$.a", op, written(check)) == check


@pytest.mark.parametrize("text", ["", "..", "a..b", "5"])
def test_a_range_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="range"):
        read("$.a", "range", text)


@pytest.mark.parametrize(
    ("check", "pointer"),
    [
        (Check("total", "exists"), "/checks/0/on"),
        (Check("header:", "exists"), "/checks/0/on"),
        (Check("$.a", "like", 1), "/checks/0/op"),
        (Check("$.a", "type", "text"), "/checks/0/value"),
        (Check("$.a", "matches", "("), "/checks/0/value"),
        (Check("$.a", "range", [None, None]), "/checks/0/value"),
        (Check("$.a", "range", 5), "/checks/0/value"),
    ],
)
def test_a_check_that_cannot_be_is_told_beside_its_field(check, pointer):
    assert [one.pointer for one in problems([check])] == [pointer]
