"""What differs between two contracts is told so that people can read it."""

import dataclasses

from actionstudio.core.auth import ApiKey, OAuth, Scope
from actionstudio.core.changes import changes
from actionstudio.core.contract import Component, Contract, Operation


def told(before, after):
    return [(change.kind, change.label) for change in changes(before, after)]


def contract(*operations, **fields):
    return Contract(operations=operations, **fields)


LIST = Operation("GET", "/todos", "list")


def test_nothing_differs():
    assert changes(contract(LIST), contract(LIST)) == []


def test_a_changed_operation_says_which_fields():
    changed = dataclasses.replace(LIST, summary="All", operation_id="all", exposed=False)
    (change,) = changes(contract(LIST), contract(changed))
    assert (change.kind, change.pointer) == ("changed", "/paths/~1todos/get")
    assert change.label == "GET /todos: name, summary, exposed to GPT"


def test_operations_and_schemas_come_and_go():
    before = contract(LIST, components=(Component("A", {}),))
    after = contract(Operation("POST", "/todos"), components=(Component("B/C", {}),))
    assert told(before, after) == [
        ("removed", "GET /todos"),
        ("added", "POST /todos"),
        ("removed", "A"),
        ("added", "B/C"),
    ]
    assert changes(before, after)[-1].pointer == "/components/schemas/B~1C"


def test_an_operation_that_moved_is_one_change():
    assert told(contract(LIST), contract(dataclasses.replace(LIST, path="/items", summary="x"))) == [
        ("changed", "GET /todos → GET /items: summary")
    ]


def test_document_fields_say_what_changed():
    before, after = contract(extra={"x-a": 1, "info": {}}), contract(extra={"x-a": 2, "info": {}}, auth=ApiKey())
    assert told(before, after) == [("changed", "authentication"), ("changed", "other parts: x-a")]


def test_another_order_is_a_change_too():
    other = Operation("GET", "/b")
    assert told(contract(LIST, other), contract(other, LIST)) == [("changed", "order")]


def test_of_a_kind_of_sign_in_that_stays_its_parts_are_named():
    before = contract(auth=OAuth((Scope("read"),)))
    after = contract(auth=OAuth((Scope("read", "Read"),), token_exchange="basic_auth_header"))
    assert told(before, after) == [("changed", "authentication: scopes, token exchange method")]
