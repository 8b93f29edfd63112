"""A verdict is the same, changed or broken; what is noise does not weigh; many are grouped by what changed."""

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionstudio.core.call import Call
from actionstudio.core.compare import Answer
from actionstudio.core.contract import Contract, Media, Operation, Response
from actionstudio.core.judging import Promise, Rules, grouped, judge, noise_between, packed, unpacked
from actionstudio.core.judging.rules import problems


def answer(body, status=200, headers=(), kind="application/json"):
    return Answer(status, list(headers), body if isinstance(body, bytes) else orjson.dumps(body), kind)


def reasons(found):
    return [(one.verdict, one.kind, one.path, one.was, one.now) for one in found.reasons]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": 2}, [("changed", "value", "$.a", "1", "2")]),
        ({"a": 1}, {"a": "1"}, [("broken", "type", "$.a", "number", "string")]),
        ({"a": 1}, {"a": None}, [("broken", "type", "$.a", "number", "null")]),
        ({"a": None}, {"a": "x"}, [("changed", "type", "$.a", "null", "string")]),
        ({"a": True}, {"a": 1}, [("broken", "type", "$.a", "boolean", "number")]),
        ({"a": 1, "b": 2}, {"a": 1}, [("broken", "gone", "$.b", "number", "")]),
        ({"a": 1}, {"a": 1, "b": []}, [("changed", "new", "$.b", "", "array")]),
        ([{"id": 1}, {"id": 2}], [{"id": 1}], [("changed", "item-gone", "$[*]", "object", "")]),
        ([{"id": 1}], [{"id": 1}, {"id": 2}], [("changed", "item-new", "$[*]", "", "object")]),
    ],
)
def test_what_changed_says_what_it_weighs(before, after, expected):
    found = judge(answer(before), answer(after))
    assert reasons(found) == expected
    assert found.verdict == ("same" if not expected else expected[0][0])


def test_no_answer_is_broken():
    assert reasons(judge(answer({}), None)) == [("broken", "no-answer", "", "", "")]


@pytest.mark.parametrize(
    ("was", "now", "verdict"),
    [(200, 201, "changed"), (200, 404, "broken"), (404, 200, "changed"), (404, 500, "changed")],
)
def test_a_success_that_fails_now_is_broken(was, now, verdict):
    found = judge(answer({}, was), answer({}, now))
    assert reasons(found) == [(verdict, "status", "", str(was), str(now))]


def test_json_that_is_html_now_is_broken():
    found = judge(answer({"a": 1}), answer(b"<html>", kind="text/html; charset=utf-8"))
    assert ("broken", "content-type", "", "json", "text/html") in reasons(found) and found.verdict == "broken"


def test_violations_where_there_were_none_are_broken():
    assert judge(answer({}), answer({}), violations=(0, 2)).verdict == "broken"
    assert judge(answer({}), answer({}), violations=(1, 2)).verdict == "same"


SCHEMA = {
    "type": "object",
    "required": ["id", "total"],
    "properties": {"id": {"type": "integer"}, "total": {"type": ["number", "null"]}, "note": {"type": "string"}},
}
RESPONSE = Response("200", content=(Media("application/json", SCHEMA),))
PROMISE = Promise.of(Contract(operations=(Operation("GET", "/o", "o", responses=(RESPONSE,)),)), "o")


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ({"id": 1, "total": 5, "note": "x"}, {"id": 1, "total": 5}, "changed"),
        ({"id": 1, "total": 5, "more": "x"}, {"id": 1, "total": 5}, "broken"),
        ({"id": 1, "total": 5}, {"id": 1, "total": None}, "changed"),
        ({"id": 1, "total": 5}, {"id": 1, "total": "5"}, "broken"),
        ({"id": 1, "total": 5}, {"id": 1}, "broken"),
    ],
)
def test_a_contract_says_what_may_be_missing_or_null(before, after, verdict):
    assert judge(answer(before), answer(after), promise=PROMISE).verdict == verdict


def test_what_is_ignored_unordered_or_within_tolerance_does_not_weigh():
    rules = Rules(("$.at",), ("$.tags",), tolerances=(("$.items[*].price", 0.1),))
    before = {"at": 1, "tags": [1, 2], "items": [{"price": 1.0}], "n": 5}
    after = {"at": "x", "tags": [2, 1], "items": [{"price": 1.05}], "n": 5}
    assert judge(answer(before), answer(after), rules).verdict == "same"
    assert judge(answer(before), answer(after)).verdict == "broken"


def test_rules_add_up():
    both = Rules(("$.a",), tolerance=0.1, kinds=frozenset({"ids"})) + Rules(("$.b",))
    assert (both.ignore, both.tolerance, both.kinds) == (("$.a", "$.b"), 0.1, {"ids"})
    assert list(problems(Rules(("$.a", "status", "header:x", "a b"), ("items",)))) == [
        ("ignore", "a b"),
        ("unordered", "items"),
    ]


def test_what_differs_between_two_runs_is_noise_of_the_same_type_only():
    noisy = noise_between(answer({"q": "abc", "l": [{"id": 1}]}), answer({"q": "def", "l": [], "s": 1}))
    assert noisy == ["$.q", "$.l[]", "$.s?"]
    assert (
        judge(answer({"q": "x", "l": []}), answer({"q": "y", "l": [{"id": 9}], "s": 2}), noisy=noisy).verdict == "same"
    )
    assert judge(answer({"q": "x", "l": []}), answer({"q": 5, "l": []}), noisy=noisy).verdict == "broken"


def test_an_echo_of_the_request_is_no_noise_unless_the_new_request_says_it():
    one, two = "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "11d34f89-2504-4f89-9a0c-0305e82c3302"
    before, after = answer({"order": one}), answer({"order": two})
    assert judge(before, after).verdict == "same"
    sent, resent = Call("GET", f"/orders/{one}"), Call("GET", f"/orders/{two}")
    assert judge(before, after, sent=sent).verdict == "changed"
    found = judge(before, after, sent=sent, resent=resent)
    assert found.verdict == "same" and found.noise[0].kind == "echo"


def test_judgements_are_grouped_by_what_changed():
    items = [(n, judge(answer({"total": n}), answer({"total": str(n)}))) for n in range(3)]
    items += [(3, judge(answer({"total": 1}), answer({"total": "1"}, 500))), (4, judge(answer(1), answer(1)))]
    made = grouped(items, dict.fromkeys(range(5), "getOrder"))
    assert [(one.verdict, one.operation, one.kind, one.path, one.was, one.now, one.keys) for one in made] == [
        ("broken", "getOrder", "type", "$.total", "number", "string", (0, 1, 2)),
        ("broken", "getOrder", "status", "", "200", "500", (3,)),
    ]
    kept = [(key, unpacked(orjson.loads(orjson.dumps(packed(found))))) for key, found in items]
    assert grouped(kept, dict.fromkeys(range(5), "getOrder")) == made


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40), st.binary(max_size=40), st.sampled_from([0, 200, 404]))
def test_no_body_makes_it_raise(one, two, status):
    found = judge(answer(one), answer(two, status), promise=PROMISE, noisy=noise_between(answer(one), answer(two)))
    assert found.verdict == "same" or found.reasons


def test_bodies_nested_too_deeply_are_judged_as_well():
    deep, other = b"[" * 900 + b"1" + b"]" * 900, b"[" * 900 + b"2" + b"]" * 900
    assert judge(answer(deep), answer(other)).verdict == "changed"
    assert judge(answer(deep), answer(deep)).verdict == "same"


def test_texts_are_judged_by_their_lines_and_bytes_as_a_whole():
    one, two = answer(b"id,at\n1,2026-05-01", kind="text/csv"), answer(b"id,at\n1,2026-05-02", kind="text/csv")
    assert judge(one, two).verdict == "same"
    assert reasons(judge(one, answer(b"id,at\n2,2026-05-01", kind="text/csv"))) == [("changed", "text", "", "", "")]
    assert judge(answer(b"\xff\x00", kind="image/png"), answer(b"\xff\x01", kind="image/png")).verdict == "changed"


PROBLEM = {"type": "about:blank", "title": "Unauthorized", "status": 401, "detail": "no credential"}


@pytest.mark.parametrize(
    ("was", "now", "before", "after", "verdict"),
    [
        (401, 200, PROBLEM, {"id": 1}, "changed"),
        (422, 201, PROBLEM, [1, 2], "changed"),
        (200, 401, {"id": 1}, PROBLEM, "broken"),
        (404, 500, PROBLEM, {}, "changed"),
        (200, 302, {"id": 1}, {}, "broken"),
        (200, 302, {}, {"at": 1}, "changed"),
    ],
)
def test_a_status_of_another_class_is_the_one_cause(was, now, before, after, verdict):
    found = judge(answer(before, was), answer(after, now, [("x-a", "1")]))
    assert (found.verdict, reasons(found)) == (verdict, [(verdict, "status", "", str(was), str(now))])
    assert found.difference.body


def test_an_error_that_is_a_success_against_the_contract_is_broken():
    found = judge(answer(PROBLEM, 401), answer({}), violations=(0, 2))
    assert [one[:2] for one in reasons(found)] == [("broken", "violations"), ("changed", "status")]


def test_a_status_that_does_not_count_hides_nothing_of_the_bodies():
    found = judge(answer({"a": 1}, 200), answer({}, 404), Rules(ignore=("status",)))
    assert reasons(found) == [("broken", "gone", "$.a", "number", "")]


def test_of_beginnings_nobody_says_that_they_are_no_json():
    found = judge(answer({"a": 1}), answer(b'{"a": 1, "b'), beginnings=True)
    assert [one[1] for one in reasons(found)] == ["text"]
