"""The tutorials of the items shop and of the todo list, redone with starters alone; what was added stays."""

import httpx2
import pytest

TODOS = ["Water the plants", "Answer Bob's letter", "Buy bread"]


@pytest.fixture(scope="module")
def api(studio):
    token = studio.manage("studio_token", "robot@example.test", "--create").strip()
    with httpx2.Client(
        base_url=f"{studio.url}/api/v1/", headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=60
    ) as client:
        yield client


def made(response, status=201):
    assert response.status_code == status, response.text
    return response.json()


def test_the_items_shop_with_a_bearer_key(studio, api):
    made(api.post("projects/", json={"name": "Shop", "slug": "shop", "template": "items"}))
    key = made(api.post("projects/shop/auth/keys/", json={"name": "GPT"}))["text"]
    studio.settle()
    headers = {"authorization": f"Bearer {key}"}

    assert studio.call("shop", "GET", "/items/1").status_code == 401
    assert studio.call("shop", "GET", "/items/1", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert studio.call("shop", "GET", "/items/2", headers=headers).json()["name"] == "Reading lamp"
    absent = studio.call("shop", "GET", "/items/3", headers=headers)
    assert (absent.status_code, absent.json()) == (404, {"detail": "Item not found"})

    wish = {"name": "Notebook", "description": "96 pages", "price": 7.25, "tax": 1.45}
    added = studio.call("shop", "POST", "/items", headers=headers, json=wish)
    assert (added.status_code, added.json()) == (201, {"id": 3, **wish})

    studio.stop()
    studio.start()
    assert studio.call("shop", "GET", "/items/3", headers=headers).json() == {"id": 3, **wish}
    assert studio.call("shop", "POST", "/items", headers=headers, json={"name": "Pen", "price": 1}).json()["id"] == 4
    assert studio.call("shop", "POST", "/items", headers=headers, json={"name": "Pen"}).status_code in (400, 422)


def test_the_todo_list_of_each_person(studio, api):
    made(api.post("projects/", json={"name": "Todo", "slug": "todo", "template": "todo"}))

    def todos(name):
        return studio.call("todo", "GET", f"/todos/{name}").json()

    assert todos("ann") == TODOS
    assert todos("bob") == []
    added = studio.call("todo", "POST", "/todos/bob", json={"todo": "Feed the cat"})
    assert (added.status_code, added.text) == (200, "OK")
    assert studio.call("todo", "POST", "/todos/bob", json={"todo": "Sleep"}).text == "OK"
    assert studio.call("todo", "DELETE", "/todos/bob", json={"todo_idx": 5}).text == "OK"
    assert todos("bob") == ["Feed the cat", "Sleep"]

    studio.kill9()
    studio.start()
    assert todos("bob") == ["Feed the cat", "Sleep"]
    assert studio.call("todo", "DELETE", "/todos/bob", json={"todo_idx": 0}).text == "OK"
    assert todos("bob") == ["Sleep"]
    assert todos("ann") == TODOS


def test_what_was_decided_is_in_the_log(studio, api):
    found = made(api.get("projects/todo/exchanges/?op=deleteTodo"), 200)["results"]
    whole = made(api.get(f"projects/todo/exchanges/{found[0]['id']}/"), 200)
    (step,) = whole["decisions"]["trail"]
    assert (step["what"], step["name"], step["partition"], step["key"]) == ("collection", "todos", "bob", "0")
