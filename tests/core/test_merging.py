"""Values merge three ways: each side's changes are taken, and only the same thing changed twice is a clash."""

from hypothesis import given, settings
from hypothesis import strategies as st

from actionstudio.core.auth import ApiKey
from actionstudio.core.contract import Example, Media, Parameter, Response
from actionstudio.core.merging import ABSENT, Merge, at, differing, ordered, same

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from("abc"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=12,
)


def merged(base, ours, theirs, take=False):
    merge = Merge(take=lambda way: take)
    return merge.of(base, ours, theirs), merge


def test_each_side_changed_another_thing():
    base = {"type": "string", "description": "A", "maxLength": 5}
    value, merge = merged(base, {**base, "description": "Mine"}, {"type": "string", "description": "A", "minLength": 1})
    assert value == {"type": "string", "description": "Mine", "minLength": 1}
    assert (merge.kept, merge.taken, merge.clashes) == ([("description",)], [("minLength",), ("maxLength",)], [])


def test_the_same_thing_changed_twice_is_a_clash():
    assert merged({"a": 1}, {"a": 2}, {"a": 3})[0] == {"a": 2}
    assert merged({"a": 1}, {"a": 2}, {"a": 3}, take=True)[0] == {"a": 3}
    assert merged({"a": 1}, {"a": 2}, {})[1].clashes == [("a",)]
    assert merged(ABSENT, {"a": 2}, {"a": 3})[1].clashes == [()]


def test_parts_of_an_operation_are_known_by_what_names_them():
    def answer(schema, example, *headers):
        return (Response("200", content=(Media("application/json", schema, (Example("", example),)),)), *headers)

    value, merge = merged(answer({}, 1), answer({}, 2), answer({"type": "integer"}, 1, Response("404")))
    assert value == answer({"type": "integer"}, 2, Response("404"))
    assert merge.clashes == []
    one, two, three = Parameter("a"), Parameter("b"), Parameter("a", "path")
    assert merged((one,), (one, two), (three, one))[0] == (three, one, two)


def test_two_things_of_one_name_are_one_whole():
    twice = (Parameter("a"), Parameter("a", required=True))
    assert merged((), twice, (Parameter("b"),))[1].clashes == [()]


def test_half_a_reference_is_no_schema():
    base, ours, theirs = {"type": "object"}, {"type": "object", "title": "x"}, {"$ref": "#/components/schemas/A"}
    assert merged(base, ours, theirs)[1].clashes == [()]
    assert merged(Response("200"), Response("200", "ok"), Response("200", ref="#/x"))[1].clashes == [()]


def test_a_choice_such_as_auth_is_never_halved():
    value, merge = merged(ApiKey(), ApiKey("basic"), ApiKey(header="X-K"))
    assert (value, merge.clashes) == (ApiKey("basic"), [()])


def test_true_is_not_one():
    assert not same({"a": [1]}, {"a": [True]})
    assert not same(Example("", 1), Example("", True))
    assert merged({"a": 1}, {"a": 1}, {"a": True})[0]["a"] is True


def test_the_order_is_that_of_who_changed_it():
    assert ordered("abc", "abc", "acb") == list("acb")
    assert ordered("cab", "abc", "abc") == list("cab")
    assert ordered("abc", "abc", "abxcy") == list("abxcy")
    assert ordered("azbc", "abc", "cba") == list("cbaz")
    assert ordered("ab", "ab", "xab") == list("xab")


def test_a_way_leads_to_what_differs():
    one, two = Response("200", "a"), Response("200", "b")
    assert differing({"r": (one,)}, {"r": (two,)}) == [("r", "200")]
    assert differing({"r": (one,)}, {"r": (two,)}, depth=3) == [("r", "200", "description")]
    assert at({"r": (one,)}, ("r", "200", "description")) == "a"
    assert at({"r": (one,)}, ("r", "404")) is ABSENT


@settings(max_examples=300, deadline=None)
@given(JSON, JSON)
def test_one_side_alone_gets_its_way(base, changed):
    assert same(merged(base, base, changed)[0], changed)
    assert same(merged(base, changed, base)[0], changed)
    assert same(merged(base, changed, changed)[0], changed)


@settings(max_examples=300, deadline=None)
@given(JSON, JSON, JSON)
def test_merging_again_changes_nothing(base, ours, theirs):
    for take in (False, True):
        value, _merge = merged(base, ours, theirs, take)
        assert same(merged(base, value, theirs, take)[0], value)
