"""Every starter answers as its tutorial says, through the same front door as any other call."""

import orjson
import pytest

from actionstudio.apps.library.starters import STARTERS, starter
from actionstudio.core.specs import typescript
from tests.runtime.house import ask


def answer(key, method, path, body=None, **more):
    if body is None:
        return ask(starter(key), method, path, **more).reply
    return ask(starter(key), method, path, orjson.dumps(body), content_type="application/json", **more).reply


def test_the_todo_list():
    assert orjson.loads(answer("todo", "GET", "/todos/ann").body)[0] == "Water the plants"
    added = answer("todo", "POST", "/todos/ann", {"todo": "Sleep"})
    assert (added.status, added.body) == (200, b"OK")
    assert answer("todo", "POST", "/todos/ann", {}).status in (400, 422)
    assert answer("todo", "DELETE", "/todos/ann", {"todo_idx": 0}).body == b"OK"


def test_the_weather():
    assert orjson.loads(answer("weather", "GET", "/location?location=Lisbon").body)["sky"] == "sunny"
    assert answer("weather", "GET", "/location").status in (400, 422)


def test_the_items_shop():
    assert orjson.loads(answer("items", "GET", "/items/1", assume=-1).body)["name"] == "Enamel mug"
    wish = answer("items", "GET", "/items/999?__code=404", assume=-1)
    assert (wish.status, orjson.loads(wish.body)) == (404, {"detail": "Item not found"})
    made = answer("items", "POST", "/items", {"name": "Notebook", "price": 7.25}, assume=-1)
    assert (made.status, orjson.loads(made.body)["id"]) == (201, 3)


def test_the_pet_store():
    listed = answer("petstore", "GET", "/pets")
    assert [pet["name"] for pet in orjson.loads(listed.body)] == ["Mimi", "Rolf"]
    assert listed.header("x-next")
    assert answer("petstore", "POST", "/pets", {"id": 3, "name": "Coco"}).status == 201


def test_the_orders():
    order = answer("acme", "GET", "/orders/A-10479", assume=-1, prefer="example=paid")
    assert orjson.loads(order.body)["status"] == "paid"
    again = answer("acme", "POST", "/orders/A-10455/refunds?__code=409", {"amount": 1, "reason": "late"}, assume=-1)
    assert (again.status, orjson.loads(again.body)["code"]) == (409, "already_refunded")
    assert answer("acme", "POST", "/orders/A-10482/refunds", {"amount": -1}, assume=-1).status in (400, 422)
    assert answer("acme", "PATCH", "/tickets/729", {"state": "solved"}, assume=-1).status in (400, 422)
    assert orjson.loads(answer("acme", "PATCH", "/tickets/T-729", {"state": "solved"}, assume=-1).body)["id"] == "T-729"


@pytest.mark.parametrize(("key", "path"), [("acme", "/orders"), ("items", "/items/1"), ("todo-token", "/todos/ann")])
def test_what_is_behind_a_key_is_refused_without_one(key, path):
    assert answer(key, "GET", path).status == 401


@pytest.mark.parametrize("key", [one.key for one in STARTERS])
def test_the_model_sees_every_operation(key):
    shown = typescript.namespace(starter(key), "x.live.example")
    assert all(f"type {op.operation_id} = (" in shown for op in starter(key).operations)
