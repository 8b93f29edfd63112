"""A logged call has the flat arguments that ChatGPT gave it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionstudio.core.debugging.arguments import WHOLE, flat, in_path, line


def test_path_query_and_body_are_one_flat_object():
    found = flat(
        "/orders/{id}/items/{item}", "/v1/orders/A%201/items/7", "k=a&k=b&x=1", b'{"amount": 2, "x": {"y": 1}}'
    )
    assert found == {"id": "A 1", "item": "7", "k": ["a", "b"], "x": {"y": 1}, "amount": 2}


@pytest.mark.parametrize("path", ["/orders", "/orders/1/more", "/reorders/1", "/orders/"])
def test_another_path_has_no_values(path):
    assert in_path("/orders/{id}", path) is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", {}),
        (b"[1, 2]", {WHOLE: [1, 2]}),
        (b"a=1&b=x%20y&a=2", {"a": ["1", "2"], "b": "x y"}),
        (b"plain text", {WHOLE: "plain text"}),
        (b"\xff", {WHOLE: "\ufffd"}),
        (b"[" * 5000, {WHOLE: "[" * 5000}),
    ],
)
def test_bodies_of_all_kinds(body, expected):
    assert flat("", "/x", "", body) == expected


def test_the_beginning_of_a_body_is_one_text():
    assert flat("", "/x", "", b'{"a": 1', cut=True) == {WHOLE: '{"a": 1'}


def test_one_line_of_limited_length():
    assert line({"a": "x\ny", "b": [1], "c": None}) == "a: x y, b: [1], c: null"
    assert len(line({"a": "x" * 900})) <= 160


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.binary(max_size=60), st.booleans())
def test_whatever_is_sent_is_read_without_an_error(template, path, query, body, cut):
    line(flat(template, path, query, body, cut))
