"""Rows of a collection through the whole data plane, as Mockoon's CRUD routes promise and the document declares."""

import asyncio
import dataclasses

import orjson
import pytest

from actionstudio.core.behaviour import Collection, Seed, Stateful
from actionstudio.core.call import Call
from actionstudio.core.collections import binding
from actionstudio.core.contract import Body, Contract, Header, Media, Response
from actionstudio.runtime import tables
from tests import make
from tests.core.collections.documents import PET, PET_SCHEMA, answers, document, op, pets
from tests.runtime.house import ask, front, key

ROWS = ({"id": 1, "name": "Mimi", "age": 3}, {"id": 2, "name": "Rolf", "age": 7}, {"id": 5, "name": "Coco", "age": 3})
PETS = {"type": "array", "items": PET}


def kept(contract: Contract, path: str = "/pets", *rows, **changes) -> Contract:
    """The contract with its collection bound, beginning with these rows."""
    bound = binding.bind(contract, path)
    collection = dataclasses.replace(bound.collection, seeds=(Seed(rows or ROWS),), **changes)
    return binding.apply(contract, dataclasses.replace(bound, collection=collection))


class Caller:
    """Calls one address."""

    def __init__(self, contract: Contract, **fields):
        self.door = front(contract, **fields)

    def __call__(self, method, url, body=None, **headers):
        raw = b"" if body is None else body if isinstance(body, bytes) else orjson.dumps(body)
        if body is not None:
            headers.setdefault("content_type", "application/json")
        self.answer = ask(self.door, method, url, raw, **headers)
        self.reply = self.answer.reply
        return self.reply.status, orjson.loads(self.reply.body) if self.json and self.reply.body else self.reply.body

    @property
    def json(self):
        return "json" in self.reply.header("content-type")

    @property
    def step(self):
        return self.answer.record.decisions["trail"][0]

    @property
    def violations(self):
        return self.answer.record.violations


def listing(response) -> Contract:
    """The whole set for /pets, with another answer of the list."""
    return dataclasses.replace(pets(), operations=(op("GET", "/pets", response), *pets().operations[1:]))


def calling(contract: Contract, **fields) -> Caller:
    return Caller(contract, **fields)


CASES = [
    # what is called with what; status and body; the ids that are there afterwards
    ("GET", "/pets", None, 200, list(ROWS), [1, 2, 5]),
    ("GET", "/pets/2", None, 200, ROWS[1], [1, 2, 5]),
    ("GET", "/pets/02", None, 404, None, [1, 2, 5]),
    ("GET", "/pets/9", None, 404, None, [1, 2, 5]),
    ("POST", "/pets", {"name": "Bo"}, 201, {"id": 6, "name": "Bo"}, [1, 2, 5, 6]),
    ("POST", "/pets", {"id": None, "name": "Bo"}, 201, {"id": 6, "name": "Bo"}, [1, 2, 5, 6]),
    ("POST", "/pets", {"id": 40, "name": "Bo"}, 201, {"id": 40, "name": "Bo"}, [1, 2, 5, 40]),
    ("POST", "/pets", {"id": 2, "name": "Bo"}, 409, None, [1, 2, 5]),
    ("POST", "/pets", {"id": [], "name": "Bo"}, 422, None, [1, 2, 5]),
    ("POST", "/pets", {"name": "Bo", "extra": [1]}, 201, {"id": 6, "name": "Bo", "extra": [1]}, [1, 2, 5, 6]),
    ("POST", "/pets", "text", 422, None, [1, 2, 5]),
    ("POST", "/pets", b"{", 422, None, [1, 2, 5]),
    ("POST", "/pets", None, 422, None, [1, 2, 5]),
    ("PUT", "/pets/2", {"name": "Max"}, 200, {"id": 2, "name": "Max"}, [1, 2, 5]),
    ("PUT", "/pets/2", {"id": 2, "name": "Max"}, 200, {"id": 2, "name": "Max"}, [1, 2, 5]),
    ("PUT", "/pets/2", {"id": 77, "name": "Max"}, 200, {"id": 2, "name": "Max"}, [1, 2, 5]),
    ("PUT", "/pets/9", {"name": "Max"}, 404, None, [1, 2, 5]),
    ("PATCH", "/pets/2", {"age": 8}, 200, {"id": 2, "name": "Rolf", "age": 8}, [1, 2, 5]),
    ("PATCH", "/pets/2", {"age": None, "id": 9}, 200, {"id": 2, "name": "Rolf"}, [1, 2, 5]),
    ("PATCH", "/pets/2", {}, 200, ROWS[1], [1, 2, 5]),
    ("PATCH", "/pets/9", {"age": 8}, 404, None, [1, 2, 5]),
    ("PATCH", "/pets/2", [1], 422, None, [1, 2, 5]),
    ("DELETE", "/pets/2", None, 204, b"", [1, 5]),
    ("DELETE", "/pets/9", None, 404, None, [1, 2, 5]),
]


@pytest.mark.parametrize(("method", "url", "body", "status", "expected", "left"), CASES)
def test_what_is_called_and_what_comes_of_it(method, url, body, status, expected, left):
    call = calling(kept(pets()))
    found = call(method, url, body)
    assert found[0] == status, found
    if expected is not None:
        assert found[1] == expected
    if status != 409:
        assert call.violations == () or status == 422
    assert [row["id"] for row in call("GET", "/pets")[1]] == left


@pytest.mark.parametrize(
    ("method", "url", "body", "status", "left"),
    [
        ("PUT", "/pets", [{"id": 8, "name": "A"}, {"name": "B"}], 200, [8, 9]),
        ("PATCH", "/pets", [{"name": "A"}, {"id": 20, "name": "B"}], 200, [1, 2, 5, 6, 20]),
        ("PATCH", "/pets", [{"name": "A"}, {"id": 2, "name": "B"}], 409, [1, 2, 5]),
        ("POST", "/pets", [{"name": "A"}, {"name": "B"}], 200, [1, 2, 5, 6, 7]),
        ("DELETE", "/pets", None, 200, []),
        ("PUT", "/pets", [], 200, []),
    ],
)
def test_the_whole_list_may_be_put_added_to_and_taken_off(method, url, body, status, left):
    listed = [
        op(name, "/pets", answers(PETS), body=None if name == "DELETE" else {}) for name in ("PUT", "PATCH", "POST")
    ]
    contract = document(op("GET", "/pets", answers(PETS)), *listed, op("DELETE", "/pets", Response("200")))
    call = calling(kept(contract))
    assert call(method, url, body)[0] == status
    assert [row["id"] for row in call("GET", "/pets")[1]] == left


def test_counts_stand_in_headers_that_browsers_may_read():
    call = calling(kept(pets()))
    call("GET", "/pets?age_eq=3&limit=1")
    assert (call.reply.header("x-total-count"), call.reply.header("x-filtered-count")) == ("3", "2")
    assert call.reply.header("access-control-expose-headers") == "X-Total-Count, X-Filtered-Count"


def test_a_question_that_cannot_be_answered_is_refused_as_declared():
    call = calling(kept(pets()))
    status, told = call("GET", "/pets?name_like=(")
    assert (status, told["validation"][0]["location"]) == (422, ["query", "name_like"])
    reporting = calling(dataclasses.replace(kept(pets()), validation="report"))
    assert reporting("GET", "/pets?page=x")[0] == 200
    assert reporting.violations[0]["location"] == ["query", "page"]


def test_head_answers_as_get_does():
    call = calling(kept(pets()))
    call("HEAD", "/pets?limit=1")
    assert (call.reply.status, call.reply.body, call.reply.header("x-total-count")) == (200, b"", "3")


@pytest.mark.parametrize(
    ("url", "headers"), [("/pets?__code=200&__example=two", {}), ("/pets", {"prefer": "example=two"})]
)
def test_a_caller_may_ask_for_the_declared_answer_instead(url, headers):
    contract = listing(answers(PETS, one=[{"id": 1, "name": "A"}], two=[{"id": 2, "name": "B"}]))
    assert calling(kept(contract))("GET", url, **headers)[1] == [{"id": 2, "name": "B"}]


def test_asking_for_another_answer_changes_nothing():
    call = calling(kept(pets()))
    assert call("DELETE", "/pets/1?__code=404")[0] == 404
    assert call("GET", "/pets/1")[0] == 200


def test_the_same_bytes_answer_until_a_row_changes():
    call = calling(kept(pets()))
    call("GET", "/pets")
    first = call.reply.body
    assert call("PATCH", "/pets/1", {"age": 9})[0] == 200
    call("GET", "/pets")
    assert call.reply.body != first


def test_parts_of_the_query_that_mean_nothing_here_make_no_other_answer():
    call = calling(kept(pets()))
    bodies = []
    for url in ("/pets?n=1", "/pets?n=2", "/pets/1?n=1", "/pets/1?n=2"):
        call("GET", url)
        bodies.append(call.reply.body)
    assert bodies[0] is bodies[1]
    assert bodies[2] is bodies[3]
    paged = calling(kept(pets(PAGED)))
    assert paged("GET", "/pets?n=1&limit=2")[1]["next"] == "/pets?n=1&limit=2&page=2"
    assert paged("GET", "/pets?n=2&limit=2")[1]["next"] == "/pets?n=2&limit=2&page=2"


def test_what_was_decided_is_told():
    call = calling(kept(pets()))
    call("GET", "/pets?age_eq=3")
    assert call.step == {
        "what": "collection", "name": "pets", "partition": "", "action": "list", "rows": 3, "filtered": 2, "shown": 2,
    }  # fmt: skip
    call("GET", "/pets/77")
    assert (call.step["key"], call.step["found"]) == ("77", False)
    call("POST", "/pets", {"name": "Bo"})
    assert (call.step["key"], call.step["before"], call.step["after"]) == ("6", 3, 4)
    assert call.answer.record.decisions["response"] == "201, application/json, the row 6 of “pets”"


ERROR = {"type": "object", "required": ["code", "message"], "properties": {
    "code": {"type": "integer"}, "message": {"type": "string"}, "hint": {"type": "string"}}}  # fmt: skip


@pytest.mark.parametrize(
    ("response", "status", "body"),
    [
        (answers(ERROR, "404"), 404, {"code": 404, "message": "“pets” has no row 9."}),
        (answers(ERROR, "default"), 404, {"code": 404, "message": "“pets” has no row 9."}),
        (answers(ERROR, "4XX", mine={"code": 1, "message": "gone"}), 404, {"code": 1, "message": "gone"}),
        (answers({"type": "string"}, "404", "text/plain"), 404, "“pets” has no row 9.".encode()),
        (Response("404"), 404, b""),
        (Response("400"), 404, {"title": "Not found", "status": 404, "detail": "“pets” has no row 9."}),
    ],
)  # fmt: skip
def test_a_row_that_is_not_there_is_told_in_the_documents_words(response, status, body):
    contract = document(op("GET", "/pets", answers(PETS)), op("GET", "/pets/{petId}", answers(PET), response))
    found, told = calling(kept(contract))("GET", "/pets/9")
    assert found == status
    assert ({name: told[name] for name in body} if isinstance(body, dict) else told) == body


def test_another_status_may_be_chosen_for_a_row_that_is_not_there():
    contract = kept(document(op("GET", "/pets/{petId}", answers(PET), Response("410"))), "/pets/{petId}")
    operation = contract.operations[0]
    behaviour = dataclasses.replace(operation.behaviour, missing="410")
    contract = dataclasses.replace(contract, operations=(dataclasses.replace(operation, behaviour=behaviour),))
    assert calling(contract)("GET", "/pets/9")[0] == 410


PAGED = {
    "type": "object",
    "required": ["data", "total", "page", "next", "meta"],
    "additionalProperties": False,
    "properties": {
        "data": PETS,
        "total": {"type": "integer"},
        "page": {"type": "integer", "minimum": 1},
        "next": {"type": ["string", "null"]},
        "has_more": {"type": "boolean"},
        "meta": {"type": "object", "required": ["version"], "properties": {
            "version": {"const": "v1"}, "per_page": {"type": "integer"}, "pages": {"type": "integer"}}},
    },
}  # fmt: skip


def test_an_envelope_tells_what_is_true_of_the_page():
    call = calling(kept(pets(PAGED)))
    assert call("GET", "/pets?limit=2&sort=-id")[1] == {
        "data": [ROWS[2], ROWS[1]],
        "total": 3,
        "page": 1,
        "next": "/pets?limit=2&sort=-id&page=2",
        "has_more": True,
        "meta": {"version": "v1", "per_page": 2, "pages": 2},
    }
    assert call.violations == ()
    last = call("GET", "/pets?limit=2&page=2")[1]
    assert (last["data"], last["next"], last["has_more"], last["page"]) == ([ROWS[2]], None, False, 2)
    assert call("GET", "/pets?name_eq=nobody")[1]["data"] == []
    assert call.violations == ()


def test_members_that_nothing_is_known_of_come_from_the_example():
    envelope = {
        "type": "object",
        "required": ["pets", "source"],
        "properties": {"pets": PETS, "source": {"type": "string"}},
    }
    contract = listing(answers(envelope, one={"pets": [], "source": "shelter", "note": "hi"}))
    assert calling(kept(contract))("GET", "/pets?limit=1")[1] == {"pets": [ROWS[0]], "source": "shelter", "note": "hi"}


def test_the_builder_may_say_where_rows_and_their_number_go():
    envelope = {"type": "object", "properties": {"a": PETS, "b": PETS, "n": {"type": "integer"}}}
    contract = kept(listing(answers(envelope, one={"a": [], "b": [], "n": 0})))
    first, *others = contract.operations
    chosen = dataclasses.replace(first.behaviour, rows_at="/b", total_at="/n")
    contract = dataclasses.replace(contract, operations=(dataclasses.replace(first, behaviour=chosen), *others))
    assert calling(contract)("GET", "/pets?age_eq=3&limit=1")[1] == {"a": [], "b": [ROWS[0]], "n": 2}


def test_an_answer_that_holds_no_rows_is_the_declared_one_and_says_why():
    told = {"type": "object", "properties": {"ok": {"type": "boolean"}}}
    call = calling(kept(listing(answers(told, one={"ok": True}))))
    assert call("GET", "/pets")[1] == {"ok": True}
    assert call.step["why"] == "the answer's schema has no list"


def test_declared_headers_tell_of_the_page():
    headers = (Header("X-Total-Count", schema={"type": "integer"}), Header("x-next", schema={"type": "string"}))
    call = calling(kept(listing(dataclasses.replace(answers(PETS), headers=headers))))
    call("GET", "/pets?limit=2")
    assert [value for name, value in call.reply.headers if name == "x-total-count"] == ["3"]
    assert call.reply.header("x-next") == "/pets?limit=2&page=2"
    call("GET", "/pets")
    assert call.reply.header("x-next", "none") == "none"


def test_no_more_rows_than_the_schema_allows():
    call = calling(kept(document(op("GET", "/pets", answers({**PETS, "maxItems": 2})))))
    assert len(call("GET", "/pets")[1]) == 2
    assert call.violations == ()


FULL = {
    "type": "object",
    "required": ["id", "name", "created_at", "state"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "name": {"type": "string"},
        "secret": {"type": "string", "writeOnly": True},
        "state": {"type": "string", "enum": ["new", "old"], "default": "new"},
        "note": {"type": "string", "default": "none"},
        "created_at": {"type": "string", "format": "date-time", "readOnly": True},
    },
}


def test_a_new_row_has_defaults_and_what_only_the_server_sets():
    contract = document(
        op("POST", "/things", answers(FULL, "201"), body=FULL),
        op("PUT", "/things/{id}", answers(FULL), body=FULL),
        op("GET", "/things/{id}", answers(FULL)),
    )
    call = calling(
        kept(contract, "/things", {"id": 1, "name": "A", "created_at": "2026-01-01T00:00:00Z", "state": "old"})
    )
    status, made = call("POST", "/things", {"name": "B", "state": "new", "secret": "s"})
    assert (status, made["id"], made["note"], call.violations) == (201, 2, "none", ())
    assert "secret" not in made
    assert made["created_at"].startswith("20")
    assert call("GET", "/things/2")[1] == made
    put = call("PUT", "/things/2", {"name": "C", "state": "old"})[1]
    assert (put["created_at"], put["name"], put["state"]) == (made["created_at"], "C", "old")


def test_a_list_of_summaries_shows_only_what_it_declares():
    brief = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
    contract = document(
        op("GET", "/pets", answers({"type": "array", "items": brief})), op("GET", "/pets/{petId}", answers(PET))
    )
    call = calling(kept(contract))
    assert call("GET", "/pets")[1][0] == {"id": 1, "name": "Mimi"}
    assert call("GET", "/pets/1")[1] == ROWS[0]


def test_an_answer_of_less_than_a_row_is_filled_from_it():
    told = {
        "type": "object",
        "required": ["id", "ok"],
        "properties": {"id": {"type": "integer"}, "ok": {"const": True}},
    }
    contract = document(op("GET", "/pets", answers(PETS)), op("POST", "/pets", answers(told, "201"), body={}))
    call = calling(kept(contract))
    assert call("POST", "/pets", {"name": "Bo"})[1] == {"ok": True, "id": 6}
    assert call.violations == ()


def test_what_is_sent_plain_stands_in_the_object_that_the_row_has_for_it():
    money = {"type": "object", "required": ["amount", "currency"], "properties": {
        "amount": {"type": "number"}, "currency": {"type": "string"}}}  # fmt: skip
    refund = {"type": "object", "required": ["id", "amount"], "properties": {"id": {"type": "string"}, "amount": money}}
    sent = {"type": "object", "properties": {"amount": {"type": "number"}}}
    contract = document(op("POST", "/refunds", answers(refund, "201", one={"id": "R-1", "amount": {}}), body=sent))
    call = calling(kept(contract, "/refunds", {"id": "R-1", "amount": {"amount": 1, "currency": "EUR"}}))
    made = call("POST", "/refunds", {"amount": 10.25})[1]
    assert (made["id"], made["amount"]["amount"], call.violations) == ("R-2", 10.25, ())


def test_a_list_of_ids_shows_those_of_the_rows():
    ids = {"type": "array", "items": {"type": "integer"}}
    contract = document(op("GET", "/pets", answers(ids)), op("GET", "/pets/{petId}", answers(PET)))
    call = calling(kept(contract))
    assert call("GET", "/pets")[1] == [1, 2, 5]
    assert call("GET", "/pets/2")[1] == ROWS[1]


def test_a_put_that_declares_201_makes_the_row_it_names():
    contract = document(op("GET", "/pets/{petId}", answers(PET)),
                        op("PUT", "/pets/{petId}", answers(PET), answers(PET, "201"), body={}))  # fmt: skip
    call = calling(kept(contract, "/pets/{petId}"))
    assert call("PUT", "/pets/30", {"name": "New"}) == (201, {"id": 30, "name": "New"})
    assert call("PUT", "/pets/30", {"name": "Old"}) == (200, {"id": 30, "name": "Old"})


def test_the_answer_of_a_deletion_may_be_the_row_or_what_is_left():
    gone = [op("DELETE", "/pets/{petId}", answers(PET))], [op("DELETE", "/pets/{petId}", answers(PETS))]
    for operations, expected in zip(gone, (ROWS[0], list(ROWS[1:])), strict=True):
        contract = document(op("GET", "/pets", answers(PETS)), *operations)
        assert calling(kept(contract))("DELETE", "/pets/1") == (200, expected)


TAGS = {"type": "array", "items": {"type": "string"}}
TAG = {"type": "string"}


@pytest.mark.parametrize(
    ("method", "url", "body", "status", "left"),
    [
        ("GET", "/tags/1", None, 200, ["a", "b", "c"]),
        ("GET", "/tags/3", None, 404, ["a", "b", "c"]),
        ("GET", "/tags/x", None, 404, ["a", "b", "c"]),
        ("POST", "/tags", "d", 200, ["a", "b", "c", "d"]),
        ("PUT", "/tags/1", "B", 200, ["a", "B", "c"]),
        ("PATCH", "/tags/1", "B", 200, ["a", "B", "c"]),
        ("PUT", "/tags/7", "B", 404, ["a", "b", "c"]),
        ("DELETE", "/tags/0", None, 200, ["b", "c"]),
        ("PUT", "/tags", ["x", "y"], 200, ["x", "y"]),
        ("PATCH", "/tags", ["x"], 200, ["a", "b", "c", "x"]),
        ("DELETE", "/tags", None, 200, []),
    ],
)
def test_simple_values_go_by_their_place_in_the_list(method, url, body, status, left):
    operations = [op("GET", "/tags", answers(TAGS)), op("POST", "/tags", answers(TAG), body={}),
                  op("PUT", "/tags", answers(TAGS), body={}), op("PATCH", "/tags", answers(TAGS), body={}),
                  op("DELETE", "/tags", Response("200")), op("GET", "/tags/{id}", answers(TAG)),
                  op("PUT", "/tags/{id}", answers(TAG), body={}), op("PATCH", "/tags/{id}", answers(TAG), body={}),
                  op("DELETE", "/tags/{id}", answers(TAG))]  # fmt: skip
    call = calling(kept(document(*operations), "/tags", "a", "b", "c"))
    assert call(method, url, body)[0] == status
    assert call.violations == ()
    assert call("GET", "/tags")[1] == left


TODO = {"type": "object", "properties": {"todo": {"type": "string"}}}
PLACE = {"type": "object", "properties": {"todo_idx": {"type": "integer"}}}
TEXTS = {"type": "array", "items": {"type": "string"}}


def todos():
    return kept(
        document(
            op("GET", "/todos/{username}", answers({"type": "object", "properties": {"todos": TEXTS}})),
            op("POST", "/todos/{username}", answers({"type": "string"}, kind="text/plain", one="OK"), body=TODO),
            op("DELETE", "/todos/{username}", answers({"type": "string"}, kind="text/plain", one="OK"), body=PLACE),
        ),
        "/todos/{username}",
        "a",
        "b",
    )


def test_todos_belong_to_a_person_and_go_by_their_place():
    call = calling(todos())
    assert call("POST", "/todos/ann", {"todo": "c"}) == (200, b"OK")
    assert call("GET", "/todos/ann")[1] == {"todos": ["a", "b", "c"]}
    assert call("GET", "/todos/bob")[1] == {"todos": ["a", "b"]}
    assert call("DELETE", "/todos/ann", {"todo_idx": 1}) == (200, b"OK")
    for place in (9, -1, 2):
        assert call("DELETE", "/todos/ann", {"todo_idx": place}) == (200, b"OK")
    assert call("GET", "/todos/ann")[1] == {"todos": ["a", "c"]}
    assert call("POST", "/todos/ann", {"todo": "d"}) == (200, b"OK")
    assert call("GET", "/todos/ann")[1] == {"todos": ["a", "c", "d"]}
    assert call.step["partition"] == "ann"


def test_two_keys_see_two_lists():
    contract = kept(pets(), partition="user")
    from actionstudio.core.auth import ApiKey

    call = calling(dataclasses.replace(contract, auth=ApiKey("bearer")), keys=(key("one", 1), key("two", 2)))
    assert call("POST", "/pets", {"name": "Mine"}, authorization="Bearer one")[0] == 201
    assert len(call("GET", "/pets", authorization="Bearer one")[1]) == 4
    assert len(call("GET", "/pets", authorization="Bearer two")[1]) == 3
    assert call.step["partition"] == "key 2"


def test_a_credential_never_names_a_list():
    call = calling(kept(pets(), partition="header.Authorization"))
    call("POST", "/pets", {"name": "Mine"}, authorization="Bearer secret-text")
    assert len(call("GET", "/pets", authorization="Bearer secret-text")[1]) == 4
    assert len(call("GET", "/pets", authorization="Bearer other")[1]) == 3
    assert "secret-text" not in repr(call.answer.record.decisions)


@pytest.mark.parametrize(
    ("partition", "url"), [("query.team", "/pets?team=a"), ("header.X-Team", "/pets"), ("path.x", "/pets")]
)
def test_lists_by_a_part_of_the_call(partition, url):
    call = calling(kept(pets(), partition=partition))
    call("POST", url, {"name": "Mine"}, x_team="a")
    assert len(call("GET", url, x_team="a")[1]) == 4
    assert len(call("GET", "/pets")[1]) == (4 if partition == "path.x" else 3)


def test_a_very_long_name_of_a_list_is_shortened_and_stays_its_own():
    call = calling(kept(pets(), partition="query.team"))
    assert call("POST", "/pets?team=" + "x" * 5_000, {"name": "A"})[0] == 201
    assert len(call("GET", "/pets?team=" + "x" * 5_000)[1]) == 4
    assert len(call("GET", "/pets?team=" + "x" * 5_001)[1]) == 3


POST = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "userId": {"type": "integer"}, "text": {"type": "string"}},
}


def test_rows_of_a_parent_are_those_whose_field_names_it():
    contract = document(
        op("GET", "/users/{userId}/posts", answers({"type": "array", "items": POST})),
        op("POST", "/users/{userId}/posts", answers(POST, "201"), body=POST),
        op("GET", "/users/{userId}/posts/{id}", answers(POST)),
        op("DELETE", "/users/{userId}/posts", Response("204")),
    )
    rows = {"id": 1, "userId": 1, "text": "a"}, {"id": 2, "userId": 2, "text": "b"}
    call = calling(kept(contract, "/users/{userId}/posts", *rows))
    assert call("GET", "/users/2/posts")[1] == [rows[1]]
    assert call("POST", "/users/2/posts", {"text": "c"})[1] == {"id": 3, "userId": 2, "text": "c"}
    assert call("GET", "/users/1/posts/3")[0] == 404
    assert call("GET", "/users/2/posts/3")[0] == 200
    assert call("DELETE", "/users/2/posts")[0] == 204
    assert call("GET", "/users/2/posts")[1] == []
    assert call("GET", "/users/1/posts")[1] == [rows[0]]


def test_one_thing_without_a_list():
    settings = {"type": "object", "properties": {"theme": {"type": "string"}, "size": {"type": "integer"}}}
    contract = document(*[op(name, "/settings", answers(settings), body=settings if name != "GET" else None)
                          for name in ("GET", "PUT", "PATCH")])  # fmt: skip
    call = calling(kept(contract, "/settings", {"theme": "dark", "size": 1}))
    assert call("PATCH", "/settings", {"size": 2})[1] == {"theme": "dark", "size": 2}
    assert call("PUT", "/settings", {"theme": "light"})[1] == {"theme": "light"}
    assert call("GET", "/settings")[1] == {"theme": "light"}


def test_a_form_is_a_row_too_and_so_are_declared_parameters_where_there_is_no_body():
    from actionstudio.core.contract import Body, Media

    form = Body(content=(Media("application/x-www-form-urlencoded", PET_SCHEMA),))
    made = dataclasses.replace(op("POST", "/pets", answers(PET, "201")), body=form)
    changed = op("POST", "/pets/{petId}", answers(PET), query_name={"type": "string"}, query_age={"type": "integer"})
    contract = document(op("GET", "/pets", answers(PETS)), made, op("GET", "/pets/{petId}", answers(PET)), changed)
    call = calling(dataclasses.replace(kept(contract), validation="off"))
    sent = call("POST", "/pets", b"name=Bo&age=4&tags=a&tags=b", content_type="application/x-www-form-urlencoded")
    assert sent == (201, {"id": 6, "name": "Bo", "age": 4, "tags": ["a", "b"]})
    assert call("POST", "/pets/1?age=9&name=M")[1] == {"id": 1, "name": "M", "age": 9}


def test_long_lists_are_looked_through_beside_the_event_loop():
    rows = [{"id": number, "name": "x"} for number in range(1, 602)]
    door = front(kept(pets(), "/pets", *rows))
    assert len(orjson.loads(ask(door, "GET", "/pets?limit=600").reply.body)) == 600
    assert ask(door, "GET", "/pets/4").reply.status == 200

    async def quick(url):
        door.registry.current("todo")
        door.start(asyncio.get_running_loop())
        path, _, query = url.partition("?")
        found = door.quick("todo", Call("GET", path, query, ()), "", lambda reply: None)
        await door.stop()
        return found

    assert asyncio.run(quick("/pets?limit=600"))  # known already
    assert not asyncio.run(quick("/pets?limit=5"))
    assert asyncio.run(quick("/pets/5"))


def test_a_list_that_is_full_says_what_to_do(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    call = calling(kept(pets()))
    status, told = call("POST", "/pets", {"name": "Bo"})
    assert (status, call.reply.header("content-type")) == (507, "application/problem+json")
    assert "reset a collection" in told["detail"]
    assert call("GET", "/pets/6")[0] == 404


def test_a_collection_that_is_gone_leaves_the_declared_answer():
    contract = dataclasses.replace(kept(pets()), collections=())
    call = calling(contract)
    assert call("GET", "/pets")[0] == 200
    assert call.step == {"what": "fallback", "from": "collection pets", "why": "there is no such collection"}


def test_ids_may_lie_deeper_in_the_row():
    row = {"type": "object", "properties": {"data": {"type": "object", "properties": {"id": {"type": "integer"}}}}}
    listing = op("GET", "/things", answers({"type": "array", "items": row}))
    contract = document(
        dataclasses.replace(listing, behaviour=Stateful("things", "list")),
        dataclasses.replace(
            op("POST", "/things", answers(row, "201"), body=row), behaviour=Stateful("things", "create")
        ),
        dataclasses.replace(op("GET", "/things/{id}", answers(row)), behaviour=Stateful("things", "read")),
    )
    made = Collection("things", row, "data.id", seeds=(Seed(({"data": {"id": 4}, "n": 1},)),))
    call = calling(dataclasses.replace(contract, collections=(made,)))
    assert call("POST", "/things", {"n": 2})[1] == {"n": 2, "data": {"id": 5}}
    assert call("GET", "/things/4")[1] == {"data": {"id": 4}, "n": 1}


def test_a_list_of_no_rows_adds_none_and_is_answered_as_declared():
    contract = document(
        op("GET", "/pets", answers({"type": "array", "items": PET})), op("POST", "/pets", answers(PET), body={})
    )
    call = calling(kept(contract))
    assert call("POST", "/pets", [])[0] == 200
    assert call("GET", "/pets")[1] == list(ROWS)


@pytest.mark.parametrize(
    ("query", "ignored"),
    [
        ("sort=nothing", [["sort", "nothing"]]),
        ("name=Mimi", [["filter", "name"]]),
        ("sort=age,ghost&age=3", [["sort", "ghost"], ["filter", "age"]]),
        ("sort=-age&name_eq=Mimi&_=1", None),
    ],
)
def test_what_of_a_question_has_no_effect_is_told(query, ignored):
    call = calling(kept(pets()))
    call("GET", "/pets?other=1")
    call("GET", f"/pets?{query}")
    assert call.step.get("ignored") == ignored
    call("GET", "/pets?other=1")
    assert "ignored" not in call.step


@pytest.mark.parametrize("mode", ["strict", "report"])
def test_more_than_a_word_is_refused_or_left_out(mode):
    call = calling(dataclasses.replace(kept(pets()), validation=mode))
    status, body = call("GET", "/pets?age_gt=abc")
    assert status == (422 if mode == "strict" else 200)
    assert mode == "strict" or len(body) == len(ROWS)
    assert [found["location"] for found in call.violations] == [["query", "age_gt"]]
    assert call("GET", "/pets?age_gt=3&name_gt=A")[0] == 200


def test_a_row_that_is_not_there_and_kept_on_is_told():
    contract = kept(pets())
    keeps = tuple(
        dataclasses.replace(one, behaviour=dataclasses.replace(one.behaviour, missing="keep"))
        if one.behaviour.action == "delete"
        else one
        for one in contract.operations
        if isinstance(one.behaviour, Stateful)
    )
    call = calling(dataclasses.replace(contract, operations=keeps))
    assert call("DELETE", "/pets/99")[0] < 300
    assert (call.step["found"], call.step["kept"]) == (False, True)


@pytest.mark.parametrize(
    ("sent", "left"),
    [
        (b'{"ids": ["2", "1"]}', ["1"]),
        (b'{"ids": ["9"]}', ["1", "2"]),
    ],
)
def test_a_row_may_be_named_by_a_place_in_a_list_of_the_body(sent, left):
    schema = {"type": "object", "properties": {"ids": {"type": "array", "items": {"type": "string"}}}}
    taking = make.operation(
        "POST",
        "/gone",
        body=Body(required=True, content=(Media("application/json", schema),)),
        behaviour=Stateful("pets", "delete", key="body./ids/0"),
    )
    pets = Collection("pets", None, id_kind="text", seeds=(Seed(({"id": "1"}, {"id": "2"})),))
    rows = Media("application/json", {"type": "array", "items": {"type": "object"}})
    showing = make.operation("GET", "/pets", behaviour=Stateful("pets"), responses=(Response("200", content=(rows,)),))
    door = front(make.contract(taking, showing, collections=(pets,)))
    ask(door, "POST", "/gone", sent, content_type="application/json")
    assert [row["id"] for row in orjson.loads(ask(door, "GET", "/pets").reply.body)] == left
