"""Calls in the shape of the GPT profile that mean no good: answered in bounded time, in the names that were sent."""

import time

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionstudio.core.contract import Body, Contract, Media, Operation, Parameter
from actionstudio.core.importer.profile import enabled
from tests.runtime.house import ask, front

STRING, NUMBER = {"type": "string"}, {"type": "integer"}
MAP = {"type": "object", "additionalProperties": NUMBER}
FIELDS = {"id": NUMBER, "tags": MAP, "rows": {"type": "array", "items": MAP}, "name": STRING}
DEEP = 100_000
SECONDS = 2.0


def posted(path, schema, kind="application/json"):
    parameters = (
        Parameter("id", schema=NUMBER),
        Parameter("X-Plan", "header", schema={"enum": ["free", "pro"]}),
        Parameter("sid", "cookie", schema=NUMBER),
    )
    return Operation("POST", path, path[1:], parameters=parameters, body=Body(True, content=(Media(kind, schema),)))


DOOR = front(
    enabled(
        Contract(
            operations=(
                posted("/object", {"type": "object", "properties": FIELDS}),
                posted("/list", {"type": "array", "items": MAP}),
                posted("/map", MAP),
                posted("/form", {"type": "object", "properties": FIELDS}, "application/x-www-form-urlencoded"),
                posted("/parts", {"type": "object", "properties": FIELDS}, "multipart/form-data"),
                posted("/text", STRING, "text/plain"),
            )
        ),
        None,
    )
)
PATHS = ("/object", "/list", "/map", "/form", "/parts", "/text")


def answered(path, data=b"", query=""):
    """Status, and the places of what is wrong; the answer must come soon and say what it is."""
    began = time.perf_counter()
    answer = ask(DOOR, "POST", f"{path}?{query}", data, content_type="application/json", openai_conversation_id="1")
    assert time.perf_counter() - began < SECONDS
    status = answer.reply.status
    assert status in (204, 415, 422), answer.reply.body
    if status == 204:
        return status, []
    assert answer.reply.header("content-type") == "application/problem+json"
    return status, [".".join(map(str, one["location"])) for one in orjson.loads(answer.reply.body)["validation"]]


def text(value):
    return orjson.dumps(value).decode()


HUGE = text({f"name{n}": n for n in range(60_000)})
NESTED = ("[" * DEEP, '{"a":' * DEEP, "[" * DEEP + "]" * DEEP, '{"a":' * DEEP + "1" + "}" * DEEP)


def test_a_huge_map_is_read():
    assert answered("/object", orjson.dumps({"tags": HUGE})) == (204, [])
    assert answered("/map", orjson.dumps({"entries": HUGE})) == (204, [])


@pytest.mark.parametrize("inner", NESTED, ids=["lists", "objects", "closed-lists", "closed-objects"])
def test_a_text_that_is_nested_without_end_is_no_object(inner):
    assert answered("/object", orjson.dumps({"tags": inner})) == (422, ["body.tags"])
    assert answered("/object", orjson.dumps({"rows": [inner, "{}"]})) == (422, ["body.rows.0"])
    assert answered("/list", orjson.dumps({"items": [inner]}))[0] == 422
    assert answered("/map", orjson.dumps({"entries": inner}))[0] == 422
    assert answered("/form", orjson.dumps({"tags": inner})) == (422, ["body.tags"])


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "data", [*(one.encode() for one in NESTED), b"\xff", b'{"tags":"\xff"}', b'{"name":"\\ud800"}']
)
def test_what_is_no_json_is_told_as_such(path, data):
    status, places = answered(path, data)
    assert status in (415, 422) and places in (["body"], ["header.Content-Type"])


def test_keys_that_come_twice_are_told_in_the_names_that_were_sent():
    assert answered("/object", b'{"tags":"{}","tags":"{\\"a\\":\\"x\\"}"}') == (422, ["body.tags.a"])
    assert answered("/object", b"{}", "query_id=x&query_id=1") == (422, ["query.query_id"])
    assert answered("/object", b"{}", "X-Plan=free&X-Plan=pro") == (422, ["query.X-Plan"])
    assert answered("/object", b"{}", "sid=1&sid=x") == (422, ["query.sid"])


def test_thousands_of_parameters_are_refused_and_not_read():
    assert answered("/object", b"{}", "&".join(["query_id=1"] * 50_000)) == (422, ["query"])
    assert answered("/object", b"{}", "&".join(["X-Plan=free"] * 50_000)) == (422, ["query.X-Plan"])


@pytest.mark.parametrize("value", [None, True, 1.5, "x", "[1]", "null", [], [[]], {"b": {}}, {"a": "x"}])
def test_values_of_a_wrong_type_are_told_where_they_were_sent(value):
    for name in ("id", "tags", "rows"):
        status, places = answered("/object", orjson.dumps({name: value}))
        assert status == 204 or all(place.startswith(f"body.{name}") for place in places)
        assert (status == 204) == (value == [] and name == "rows")


ODD = st.sampled_from(["tags", "rows", "items", "entries", "text", "id", "name", "", "__proto__"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(ODD, one, max_size=3) | one.map(text),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(PATHS),
    VALUES.map(orjson.dumps) | st.binary(max_size=20),
    st.text("qidXPlansid_=&%;[]\r\n0é+", max_size=20),
)
def test_nothing_that_is_sent_ends_in_an_error_of_ours(path, data, query):
    answered(path, data, query)
