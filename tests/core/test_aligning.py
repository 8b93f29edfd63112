"""Items of two lists find each other by identity, by content, by place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionstudio.core.aligning import Prints, align, same

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2, width=16) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "a", "b"]), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("a", "b", "pairs"),
    [
        ("xabc", "abcd", [(0, None), (1, 0), (2, 1), (3, 2), (None, 3)]),
        ("abc", "cab", [(0, 1), (1, 2), (2, 0)]),
        ("aXb", "aYb", [(0, 0), (1, 1), (2, 2)]),
        ("aXbc", "bcYa", [(0, 3), (1, 2), (2, 0), (3, 1)]),
        ("aXb", "abY", [(0, 0), (1, None), (2, 1), (None, 2)]),
        ("aa", "aaa", [(0, 0), (1, 1), (None, 2)]),
        ("", "a", [(None, 0)]),
    ],
)
def test_items_are_paired_by_content_then_by_place(a, b, pairs):
    assert align(list(a), list(b)) == pairs


def test_identity_goes_before_content_and_place():
    a = [{"id": 1, "n": 1}, {"id": 2, "n": 2}]
    assert align(a, [{"id": 2, "n": 1}, {"id": 1, "n": 2}]) == [(0, 1), (1, 0)]
    assert align(a, [{"id": 3, "n": 1}, {"id": 2, "n": 2}]) == [(None, 0), (0, None), (1, 1)]


def test_a_new_identity_may_be_the_old_item_when_that_is_likely():
    a, b = [{"id": "x1"}, {"id": 2}], [{"id": "y1"}, {"id": 2}]
    assert align(a, b, lambda one, two: isinstance(one["id"], str)) == [(0, 0), (1, 1)]


@settings(max_examples=200, deadline=None)
@given(JSON, JSON)
def test_equal_values_and_only_they_share_a_fingerprint(a, b):
    prints = Prints()
    assert (prints.of(a) == prints.of(b)) is same(a, b)
    assert prints.same(a, b) is same(a, b)
