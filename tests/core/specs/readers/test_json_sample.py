"""A sample answer becomes one operation that answers it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionstudio.core.problem import Refused
from tests.core.specs.readers import kit

SAMPLE = {"orders": [{"id": 17, "paid": True, "placed": "2026-05-01"}], "total": 1, "access_token": "topsecret"}


def test_the_sample_is_the_example_and_gives_the_schema():
    report = kit.read(SAMPLE)
    kit.written(report)
    [op] = report.contract.operations
    assert (op.method, op.path, op.operation_id) == ("GET", "/orders", "get_orders")
    media = op.responses[0].content[0]
    assert media.examples[0].value == {**SAMPLE, "access_token": "***"}
    assert media.schema["properties"]["orders"]["items"]["properties"]["placed"] == {"type": "string", "format": "date"}
    assert set(kit.codes(report)) == {"credential", "path-made"}


@pytest.mark.parametrize(
    ("sample", "path"),
    [
        ([{"a": 1}], "/items"),
        ({"a": 1}, "/item"),
        ({"user": {"a": 1}}, "/user"),
        ({"orders": [], "next_page": None, "meta": {"page": 1}}, "/orders"),
        ({"city": "Wien", "temp": 21.5, "hourly": [{"t": "10:00"}], "meta": {}}, "/item"),
        ({"object": "invoice", "lines": [1]}, "/invoice"),
        ({"object": "list", "data": [1], "has_more": False}, "/data"),
    ],
)
def test_the_path_is_named_after_what_is_in_it(sample, path):
    assert kit.read(sample).contract.operations[0].path == path


@pytest.mark.parametrize("sample", [{}, [], "text", 5, None])
def test_nothing_is_no_sample(sample):
    with pytest.raises(Refused, match="sample answer"):
        kit.read(sample, "json-sample")


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_no_value_makes_it_fail(value):
    kit.survives("json-sample", value)
