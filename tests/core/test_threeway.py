"""Two people change one document: both changes are kept, and a clash is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionstudio.core.threeway import merge

BASE = {
    "info": {"title": "A", "version": "1"},
    "paths": {"/a": {"get": {"parameters": [{"name": "x", "in": "query"}, {"name": "x", "in": "path"}]}}},
    "required": ["a", "b"],
}
values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from("ab"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)


def changed(**paths):
    """BASE with the values at these places (dots between keys) replaced; None takes it out."""
    import copy

    value = copy.deepcopy(BASE)
    for way, item in paths.items():
        *steps, last = way.split("__")
        node = value
        for step in steps:
            node = node[step]
        if item is None:
            del node[last]
        else:
            node[last] = item
    return value


@given(values, values)
def test_what_only_one_changed_is_taken_from_that_one(base, other):
    assert merge(base, other, base) == (other, ())
    assert merge(base, base, other) == (other, ())
    assert merge(base, other, other) == (other, ())


@given(values, values, values)
def test_mine_stands_where_both_changed(base, mine, theirs):
    merged, clashes = merge(base, mine, theirs)
    assert "" not in clashes or merged == mine


def test_changes_in_different_places_are_both_kept():
    mine, theirs = changed(info__title="B"), changed(info__version="2", required=None)
    assert merge(BASE, mine, theirs) == ({**changed(info__title="B", info__version="2", required=None)}, ())


def test_parameters_are_told_apart_by_name_and_place():
    mine, theirs = changed(), changed()
    mine["paths"]["/a"]["get"]["parameters"][0]["description"] = "mine"
    theirs["paths"]["/a"]["get"]["parameters"][1]["description"] = "theirs"
    theirs["paths"]["/a"]["get"]["parameters"].append({"name": "new", "in": "query"})
    merged, clashes = merge(BASE, mine, theirs)
    assert clashes == ()
    assert [one.get("description") for one in merged["paths"]["/a"]["get"]["parameters"]] == ["mine", "theirs", None]


@pytest.mark.parametrize(
    ("mine", "theirs", "clash"),
    [
        ({"info__title": "B"}, {"info__title": "C"}, "/info/title"),
        ({"info__title": "B"}, {"info": None}, "/info"),
        ({"required": ["a"]}, {"required": ["a", "b", "c"]}, "/required"),
    ],
)
def test_a_clash_is_told_and_mine_stands(mine, theirs, clash):
    merged, clashes = merge(BASE, changed(**mine), changed(**theirs))
    assert clashes == (clash,)
    assert merged == changed(**mine)


def test_true_and_one_differ():
    assert merge({"a": 1}, {"a": True}, {"a": 1})[0]["a"] is True
