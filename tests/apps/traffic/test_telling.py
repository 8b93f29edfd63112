"""No call writes an entry that cannot be kept: one that could not would take those logged together with it along."""

import orjson
import pytest

from actionstudio.apps.traffic.sink import _json


def deep(levels):
    value = 1
    for _ in range(levels):
        value = {"a": [value]}
    return value


@pytest.mark.parametrize(
    "value", [deep(120), deep(300), 2**70, -(2**70), "\ud800", {"\udfff": 1}, (1, 2), {1: "number"}, {"x", "y"}]
)
def test_whatever_a_call_says_can_be_written(value):
    told = orjson.loads(_json({"response": "200", "trail": [{"what": "rules", "values": {"body": value}}]}))
    assert told["response"] == "200"
    assert told["trail"][0]["what"] == "rules"
