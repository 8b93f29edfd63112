"""Near misses: which operations a call was meant for, and what they cost to find."""

import time

import orjson
import pytest

from actionstudio.core.auth import ApiKey
from actionstudio.core.call import Call
from actionstudio.core.contract import Body, Contract, Media, Operation, Parameter, Response, Server
from actionstudio.runtime.nearness import Index
from actionstudio.runtime.ports import Hosted, Key
from actionstudio.runtime.program import compile
from actionstudio.runtime.router import Router
from actionstudio.runtime.visit import Visit

PET = {
    "type": "object",
    "required": ["name", "price"],
    "properties": {"name": {"type": "string"}, "price": {"type": "number"}, "tag": {"type": "string"}},
}
PETS = Operation(
    "POST",
    "/pets",
    "addPet",
    parameters=(Parameter("shop", "query", True, schema={"type": "integer"}),),
    body=Body(True, content=(Media("application/json", PET),)),
    responses=(Response("200", "OK"),),
)
CONTRACT = Contract(
    operations=(PETS, Operation("GET", "/pets/{petId}", "getPet"), Operation("GET", "/stores", "listStores"))
)


def ask(call: Call, contract: Contract = CONTRACT, keys: tuple[Key, ...] = ()) -> Visit:
    program = compile(Hosted("x", 1, "x", 1, 1, 1, contract, ("https://x",), keys))
    visit = Visit(call)
    program.answer(visit)
    return visit


def json_call(method: str, path: str, value, query: str = "") -> Call:
    return Call(method, path, query, (("content-type", "application/json"),), orjson.dumps(value))


def test_an_unknown_path_lists_what_fits_and_what_does_not_field_by_field():
    visit = ask(json_call("POST", "/pet", {"name": 1, "price": 2.5, "colour": "red"}, "shop=north"))
    near = orjson.loads(visit.reply.body)["near_misses"]
    assert near == visit.decisions["near_misses"]
    assert near[0] == {
        "method": "POST",
        "path": "/pets",
        "operation": "addPet",
        "differences": [
            "path segment 1: `pet`, wanted `pets`",
            "query.shop: `north`, wanted whole number",
            "body.name: whole number, wanted text",
            "body.colour: not declared",
        ],
        "matched": ["method", "body.price"],
    }
    assert [one["path"] for one in near] == ["/pets", "/stores", "/pets/{petId}"]


def test_a_missing_query_and_a_missing_body_are_said():
    near = ask(Call("POST", "/pet")).decisions["near_misses"][0]
    assert near["differences"][1:] == ["query.shop: missing", "body: missing"]
    near = ask(Call("POST", "/pet", headers=(("content-type", "text/plain"),), body=b"x")).decisions["near_misses"][0]
    assert near["differences"][-1] == "body: text/plain, wanted application/json"


def test_an_unknown_method_names_the_method_that_is_wanted():
    visit = ask(Call("DELETE", "/pets/7"))
    assert visit.reply.status == 405
    near = orjson.loads(visit.reply.body)["near_misses"]
    assert near[0]["path"] == "/pets/{petId}"
    assert near[0]["differences"] == ["method: DELETE, wanted GET"]
    assert near[0]["matched"] == ["path segment 1", "path segment 2"]


def test_a_servers_base_path_is_no_difference():
    contract = Contract(operations=CONTRACT.operations, servers=(Server("https://api.example/v1"),))
    near = ask(Call("GET", "/v1/store"), contract).decisions["near_misses"][0]
    assert near["differences"] == ["path segment 1: `store`, wanted `stores`"]


@pytest.mark.parametrize("before", ["api", "api/v1"])
def test_what_stands_before_a_whole_path_is_told_and_that_path_comes_first(before):
    paths = [("/orders", "GET"), ("/orders/{order_id}", "GET"), ("/tickets/{ticket_id}", "PATCH"), ("/tickets", "POST")]
    contract = Contract(operations=tuple(Operation(method, path) for path, method in paths))
    near = ask(Call("GET", f"/{before}/orders"), contract).decisions["near_misses"]
    assert near[0]["path"] == "/orders"
    assert near[0]["differences"] == [f"path: begins with `/{before}`, which is too much"]
    assert near[0]["matched"] == ["method", f"path segment {before.count('/') + 2}"]
    near = ask(Call("GET", f"/{before}/orders/7"), contract).decisions["near_misses"]
    assert near[0]["path"] == "/orders/{order_id}"


def test_a_refused_call_says_what_was_right_beside_what_was_wrong():
    visit = ask(json_call("POST", "/pets", {"name": "Rex", "price": "cheap"}, "shop=1"))
    assert visit.reply.status == 422
    (near,) = visit.decisions["near_misses"]
    assert near["operation"] == "addPet"
    assert [text.partition(":")[0] for text in near["differences"]] == ["body.price"]
    assert near["matched"] == ["method", "path", "query.shop", "body.name"]


def test_a_call_that_was_not_let_in_says_which_credential_was_wanted():
    contract = Contract(operations=CONTRACT.operations, auth=ApiKey())
    (near,) = ask(Call("GET", "/stores"), contract).decisions["near_misses"]
    assert near["differences"] == ["credential: no credential was sent; wanted Authorization: Bearer …"]


def test_an_answered_call_has_no_near_misses():
    assert "near_misses" not in ask(json_call("POST", "/pets", {"name": "Rex", "price": 1}, "shop=1")).decisions


def test_a_typing_error_in_a_long_path_is_found_among_a_thousand():
    paths = [f"/api/v{n % 3}/resource{n // 10}/{{id}}/sub{n}/items" for n in range(1000)]
    index = Index(Router([("GET", path, path) for path in paths]).routes.values())
    assert index.nearest("GET", "/api/v1/resorce55/77/sub550/item")[0].path == "/api/v1/resource55/{id}/sub550/items"
    assert index.nearest("GET", "/API/v1/resource55/77")[0].path.startswith("/api/v1/resource55/")


def test_the_look_is_bounded_whatever_is_asked():
    """A million letters, a thousand segments, a thousand operations: no more than a plain look costs."""
    paths = [f"/api/v{n % 3}/resource{n // 10}/{{id}}/sub{n}/items" for n in range(1000)]
    index = Index(Router([("GET", path, path) for path in paths]).routes.values())
    plain = fastest(index, "/api/v1/resorce55/77/sub551/item")
    for path in ("/" + "x" * 100_000, "/subresourceitem" * 1000, "/a" * 5000):
        assert fastest(index, path) < 3 * plain


def fastest(index: Index, path: str) -> float:
    found = []
    for _ in range(5):
        began = time.perf_counter()
        index.nearest("GET", path)
        found.append(time.perf_counter() - began)
    return min(found)


def test_what_a_caller_sends_is_told_cut():
    (near, *_rest) = ask(Call("GET", "/" + "é" * 500)).decisions["near_misses"]
    assert all(len(text) < 120 for text in near["differences"])
