"""Two replies are compared by what they mean, quickly, and what differs by nature does not count."""

import time

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionstudio.core.compare import Change, align, compare_json, compare_reply, noise
from actionstudio.core.sidebyside import fold, side_by_side

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "a", "b"]), inner, max_size=3),
    max_leaves=12,
)


def reply(body, status=200, headers=()):
    return (status, list(headers), orjson.dumps(body), "application/json")


def test_changes_are_named_by_their_path():
    before = {"status": "pending", "items": [{"id": 1, "price": 5}], "gone": 1}
    after = {"status": "done", "items": [{"id": 1, "price": 6}], "we ird": True}
    assert compare_json(before, after) == [
        Change("$.status", "changed", "pending", "done"),
        Change("$.items[0].price", "changed", 5, 6),
        Change("$.gone", "removed", 1, None),
        Change('$["we ird"]', "added", None, True),
    ]


def test_list_items_are_aligned_by_identity():
    before = [{"id": 1, "n": "a"}, {"id": 2, "n": "b"}]
    after = [{"id": 0, "n": "z"}, {"id": 1, "n": "a"}, {"id": 2, "n": "c"}]
    assert compare_json(before, after) == [
        Change("$[0]", "added", None, {"id": 0, "n": "z"}),
        Change("$[1].n", "changed", "b", "c"),
    ]


def test_items_without_identity_are_aligned_from_both_ends():
    assert compare_json(["a", "b", "c"], ["b", "c"]) == [Change("$[0]", "removed", "a", None)]
    assert compare_json([1, 2, 3], [1, 9, 3]) == [Change("$[1]", "changed", 2, 9)]


def test_a_new_order_is_one_change():
    assert compare_json([{"id": 1}, {"id": 2}], [{"id": 2}, {"id": 1}]) == [Change("$", "changed", [1, 2], [2, 1])]


def test_true_is_not_one_but_one_is_one_point_zero():
    assert compare_json({"a": [True]}, {"a": [1]}) == [Change("$.a[0]", "changed", True, 1)]
    assert compare_json({"a": 1}, {"a": 1.0}) == []


@pytest.mark.parametrize(
    "pattern", ["$.items[*].at", "$.items[0].at", "$.items", "$.*", "$['items'][*].at", "$.items.*.at"]
)
def test_ignored_paths_do_not_count(pattern):
    assert compare_json({"items": [{"at": 1}]}, {"items": [{"at": 2}]}, [pattern]) == []


def test_a_pattern_that_is_none_ignores_nothing():
    assert compare_json({"a": 1}, {"a": 2}, ["$..a", "$.b", "$.a.b"])


def test_a_reply_differs_in_status_headers_and_body():
    found = compare_reply(
        reply({"a": 1}, 200, [("Date", "x"), ("X-A", "1"), ("Studio-Exchange", "1")]),
        reply({"a": 2}, 201, [("date", "y"), ("x-b", "1"), ("studio-exchange", "2")]),
    )
    assert found.status == Change("status", "changed", 200, 201)
    assert [(change.path, change.kind) for change in found.headers] == [("x-a", "removed"), ("x-b", "added")]
    assert [change.path for change in found.volatile] == ["date", "studio-exchange"]
    assert found.body == [Change("$.a", "changed", 1, 2)]
    assert not found.same


def test_volatile_headers_spacing_and_key_order_do_not_count():
    before = (200, [("Content-Type", "application/json;charset=UTF-8"), ("ETag", "1")], b'{"a":1,"b":2}', "")
    after = (200, [("content-type", "application/json; charset=utf-8")], b'{ "b": 2, "a": 1 }', "")
    assert compare_reply(before, after).same


def test_what_is_ignored_makes_replies_the_same():
    before, after = reply({"at": 1}, 200, [("x-id", "1")]), reply({"at": 2}, 201, [("x-id", "2")])
    assert compare_reply(before, after, ["$.at", "header:X-Id", "status"]).same


def test_noise_covers_what_differs_between_two_runs():
    before = reply({"items": [{"at": 1}, {"at": 2}], "n": 1}, headers=[("x-id", "1")])
    after = reply({"items": [{"at": 3}, {"at": 4}], "n": 1}, headers=[("x-id", "2")])
    assert noise(before, after) == ["$.items[*].at", "header:x-id"]
    assert compare_reply(before, after, noise(before, after)).same


def test_texts_are_compared_by_line_and_bytes_by_digest():
    found = compare_reply((200, [], b"a\nb\nc", "text/plain"), (200, [], b"a\nx\nc", "text/plain"))
    assert found.body == [Change("line 2", "changed", "b", "x")]
    found = compare_reply((200, [], b"\xff", ""), (200, [], b"\xfe", ""))
    assert found.body[0].before.startswith("1 bytes") and found.note
    assert "Only the old body" in compare_reply((200, [], b"{}", ""), (200, [], b"oops", "")).note


def test_side_by_side_marks_what_changed_in_a_line():
    lines = side_by_side({"a": "one two", "b": 1}, {"a": "one three", "c": 1})
    assert [(line.kind, line.left, line.right) for line in lines] == [
        ("eq", "{", "{"),
        ("chg", '  "a": "one two",', '  "a": "one three",'),
        ("del", '  "b": 1', None),
        ("add", None, '  "c": 1'),
        ("eq", "}", "}"),
    ]
    left, right = lines[1].left_spans[0], lines[1].right_spans[0]
    assert lines[1].left[slice(*left)] == "two" and lines[1].right[slice(*right)] == "three"
    assert [(line.left_no, line.right_no) for line in lines[2:]] == [(3, None), (None, 3), (4, 4)]


def test_side_by_side_takes_texts_and_bytes_too():
    assert [line.kind for line in side_by_side("a\nb", "a\nc")] == ["eq", "chg"]
    assert [line.kind for line in side_by_side(b"[1]", b"[2]")] == ["eq", "chg", "eq"]
    assert [line.kind for line in side_by_side(b"oops", b"[2]")] == ["chg"]


def test_fold_keeps_the_lines_around_a_change():
    lines = side_by_side(list(range(100)), [*range(50), "x", *range(51, 100)])
    folded = fold(lines, context=2)
    assert [getattr(line, "count", line.kind) for line in folded] == [49, "eq", "eq", "chg", "eq", "eq", 48]
    assert (folded[0].count, folded[0].left_no, folded[0].right_no) == (49, 1, 1)
    assert folded[0].text.splitlines()[:2] == ["[", "  0,"]


@settings(max_examples=150, deadline=None)
@given(JSON, JSON)
def test_both_sides_of_the_lines_are_the_two_values(a, b):
    lines = side_by_side({"v": a}, {"v": b})
    assert orjson.loads("\n".join(line.left for line in lines if line.left is not None)) == {"v": a}
    left_changed = any(line.kind != "eq" for line in lines)
    assert left_changed == bool(compare_json(a, b)) or compare_json(a, b)


@settings(max_examples=150, deadline=None)
@given(st.lists(JSON, max_size=6), st.lists(JSON, max_size=6))
def test_alignment_uses_every_item_once(a, b):
    pairs = align(a, b)
    assert sorted(left for left, _ in pairs if left is not None) == list(range(len(a)))
    assert sorted(right for _, right in pairs if right is not None) == list(range(len(b)))


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_a_value_does_not_differ_from_itself(a):
    assert compare_json(a, a) == []


def test_a_large_body_takes_less_than_a_second():
    def body(change):
        return [
            {"id": n, "name": f"name {n}", "tags": ["a", "b"], "price": n + (n % 7 == 0) * change} for n in range(2200)
        ]

    assert len(orjson.dumps(body(0))) > 110_000
    began = time.process_time()
    lines = side_by_side(body(0), body(1))
    changes = compare_json(body(0), body(1))
    assert len(changes) == 315 and sum(line.kind == "chg" for line in lines) == 315
    assert time.process_time() - began < 1


def test_a_long_text_does_not_go_through_difflib():
    began = time.process_time()
    lines = side_by_side("\n".join(map(str, range(9000))), "\n".join(map(str, range(1, 9001))))
    assert len(lines) == 9000 and time.process_time() - began < 1


def test_bodies_nested_too_deeply_are_still_compared():
    deep, other = b"[" * 900 + b"1" + b"]" * 900, b"[" * 900 + b"2" + b"]" * 900
    assert not compare_reply((200, [], deep, ""), (200, [], other, "")).same
    assert side_by_side(deep, other)
