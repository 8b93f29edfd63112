"""Whatever calls come in whatever order: answers are valid, and rows are those of a dict that is told the same."""

import dataclasses

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from actionstudio.core.behaviour import Seed
from actionstudio.core.collections import binding
from actionstudio.core.contract import Response
from tests.core.collections.documents import answers, document, op
from tests.runtime.house import ask, front

THING = {
    "type": "object",
    "required": ["id", "name", "made"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string", "minLength": 1},
        "size": {"type": "integer", "minimum": 0},
        "note": {"type": ["string", "null"]},
        "parts": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
        "secret": {"type": "string", "writeOnly": True},
        "made": {"type": "string", "format": "date-time", "readOnly": True},
    },
}
REF = {"$ref": "#/components/schemas/Thing"}
PAGE = {
    "type": "object",
    "required": ["things", "total", "page", "per_page", "next"],
    "additionalProperties": False,
    "properties": {
        "things": {"type": "array", "items": REF},
        "total": {"type": "integer", "minimum": 0},
        "page": {"type": "integer", "minimum": 1},
        "per_page": {"type": "integer", "minimum": 1},
        "next": {"type": ["string", "null"]},
        "version": {"type": "string"},
    },
}
SENT = {**THING, "required": ["name"]}
CHANGE = {**THING, "required": []}
MISSING = answers({"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}}, "404")
INTEGER = {"type": "integer"}


def things():
    contract = document(
        op("GET", "/things", answers(PAGE), query_page=INTEGER, query_per_page=INTEGER, query_size=INTEGER),
        op("POST", "/things", answers(REF, "201"), body=SENT),
        op("GET", "/things/{thingId}", answers(REF), MISSING),
        op("PUT", "/things/{thingId}", answers(REF), MISSING, body=SENT),
        op("PATCH", "/things/{thingId}", answers(REF), MISSING, body=CHANGE),
        op("DELETE", "/things/{thingId}", Response("204"), MISSING),
        Thing=THING,
    )
    bound = binding.bind(contract, "/things")
    begin = (
        {"id": 1, "name": "a", "made": "2026-01-01T00:00:00Z"},
        {"id": 4, "name": "b", "made": "2026-01-02T00:00:00Z"},
    )
    collection = dataclasses.replace(bound.collection, seeds=(Seed(begin),))
    return binding.apply(contract, dataclasses.replace(bound, collection=collection)), {row["id"]: row for row in begin}


NAMES = st.text(min_size=1, max_size=6)
FIELDS = {
    "size": st.integers(0, 50),
    "note": st.none() | st.text(max_size=5),
    "parts": st.lists(st.fixed_dictionaries({"n": st.integers(-5, 5)}), max_size=2),
    "secret": st.text(max_size=4),
}
BODIES = st.fixed_dictionaries({"name": NAMES}, optional=FIELDS)
CHANGES = st.fixed_dictionaries({}, optional={"name": NAMES, **FIELDS})
IDS = st.integers(0, 12)
MADE = {"id", "made"}  # what the server sets


def seen(row):
    return {name: value for name, value in row.items() if name != "secret"}


class Rows(RuleBasedStateMachine):
    """Calls, and a dict that is told the same."""

    @initialize()
    def begin(self):
        contract, self.model = things()
        self.door = front(contract)

    def call(self, method, url, body=None):
        raw = b"" if body is None else orjson.dumps(body)
        found = ask(self.door, method, url, raw, content_type="application/json")
        assert [one for one in found.record.violations if one["side"] == "response"] == [], (method, url, body)
        return found.reply.status, orjson.loads(found.reply.body) if found.reply.body else None

    def same(self, shown, number):
        made = {name: shown[name] for name in MADE if name not in self.model[number]}
        self.model[number] |= made
        assert shown == seen(self.model[number])

    @rule(body=BODIES)
    def create(self, body):
        status, shown = self.call("POST", "/things", body)
        number = max(self.model, default=0) + 1
        assert (status, shown["id"]) == (201, number)
        self.model[number] = {**body, "id": number}
        self.same(shown, number)

    @rule(body=BODIES, number=IDS)
    def create_with_an_id(self, body, number):
        status, shown = self.call("POST", "/things", {**body, "id": number})
        if number in self.model:
            assert status == 409
            return
        assert status == 201
        self.model[number] = {**body, "id": number}
        self.same(shown, number)

    @rule(number=IDS)
    def read(self, number):
        status, shown = self.call("GET", f"/things/{number}")
        assert status == (200 if number in self.model else 404)
        if status == 200:
            self.same(shown, number)

    @rule(body=BODIES, number=IDS, other=IDS)
    def replace(self, body, number, other):
        status, shown = self.call("PUT", f"/things/{number}", {**body, "id": other})
        assert status == (200 if number in self.model else 404)
        if status == 200:
            self.model[number] = {**body, "id": number, "made": self.model[number]["made"]}
            self.same(shown, number)

    @rule(changes=CHANGES, number=IDS)
    def change(self, changes, number):
        status, shown = self.call("PATCH", f"/things/{number}", changes)
        assert status == (200 if number in self.model else 404)
        if status == 200:
            whole = {**self.model[number], **changes}
            self.model[number] = {
                name: value for name, value in whole.items() if value is not None or name not in changes
            }
            self.same(shown, number)

    @rule(number=IDS)
    def delete(self, number):
        assert self.call("DELETE", f"/things/{number}")[0] == (204 if number in self.model else 404)
        self.model.pop(number, None)

    @rule(size=st.integers(0, 50), page=st.integers(1, 3), per_page=st.integers(1, 4))
    def ask_for_some(self, size, page, per_page):
        rows = [row for row in self.model.values() if row.get("size", -1) >= size]
        rows.sort(key=lambda row: row["size"])
        url = f"/things?size_gte={size}&sort=size&page={page}&per_page={per_page}"
        shown = self.call("GET", url)[1]
        assert shown["total"] == len(rows)
        assert [row["id"] for row in shown["things"]] == [row["id"] for row in rows[(page - 1) * per_page :][:per_page]]
        assert (shown["next"] is None) == (page * per_page >= len(rows))

    @invariant()
    def the_list_is_the_dict(self):
        shown = self.call("GET", "/things")[1]
        assert shown["things"] == [seen(row) for row in self.model.values()]
        assert shown["total"] == len(self.model)


Rows.TestCase.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestRows = Rows.TestCase

SCALARS = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6) | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
PARTS = st.sampled_from(
    [
        "page",
        "per_page",
        "limit",
        "sort",
        "order",
        "search",
        "name_like",
        "size_gt",
        "_eq",
        "a.b_end",
        "parts.n_lt",
        "q",
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["POST", "PUT", "PATCH", "DELETE"]),
    st.sampled_from(["/things", "/things/1", "/things/%00", "/things/4", "/things/" + "9" * 300]),
    VALUES,
    st.lists(st.tuples(PARTS, st.text(max_size=6)), max_size=3),
)
def test_whatever_is_sent_is_answered_and_leaves_a_list_that_can_be_shown(method, url, body, parts):
    from urllib.parse import urlencode

    contract = dataclasses.replace(things()[0], validation="off")
    door = front(contract)
    found = ask(door, method, url, orjson.dumps(body), content_type="application/json")
    assert found.reply.status < 500
    listed = ask(door, "GET", "/things?" + urlencode(parts))
    assert listed.reply.status in (200, 422)
    assert orjson.loads(listed.reply.body)
