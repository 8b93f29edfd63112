"""Recordings become operations: noise is left out and told, paths are templates, credentials are gone."""

import json

import pytest
from hypothesis import given, settings

from actionstudio.core.auth import ApiKey
from actionstudio.core.problem import Refused
from tests.core.specs.readers import kit


def entry(method, url, status=200, answer=None, kind="application/json", headers=(), body=None, **more):
    request = {"method": method, "url": url, "headers": [{"name": n, "value": v} for n, v in headers], **more}
    if body is not None:
        request["postData"] = {"mimeType": "application/json; charset=UTF-8", "text": json.dumps(body)}
    text = answer if isinstance(answer, str) or answer is None else json.dumps(answer)
    content = {"mimeType": kind, "size": len(text or ""), **({"text": text} if text is not None else {})}
    return {"request": request, "response": {"status": status, "headers": [], "content": content}}


AUTH = (
    ("authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
    ("cookie", "sid=topsecret"),
    ("sec-fetch-mode", "cors"),
    ("user-agent", "Mozilla/5.0"),
    ("x-tenant", "acme"),
)
SHOP = {
    "log": {
        "version": "1.2",
        "creator": {"name": "WebInspector", "version": "537.36"},
        "pages": [{"id": "page_1", "title": "https://shop.example/"}],
        "entries": [
            entry("GET", "https://shop.example/", answer="<html></html>", kind="text/html"),
            entry("GET", "https://cdn.shop.example/app.js", answer="x", kind="text/javascript"),
            entry("GET", "https://cdn.shop.example/logo.png", kind="image/png"),
            entry("OPTIONS", "https://api.shop.example/v1/orders", 204),
            entry("GET", "https://api.shop.example/v1/orders?page=1&q=tea", answer={"orders": [{"id": 17}]},
                  headers=AUTH),
            entry("GET", "https://api.shop.example/v1/orders?page=2", answer={"orders": [{"id": 18, "note": None}],
                                                                              "next": 3}, headers=AUTH),
            entry("GET", "https://api.shop.example/v1/orders/17", answer={"id": 17, "total": 3.5}, headers=AUTH),
            entry("GET", "https://api.shop.example/v1/orders/18", 404, {"error": "gone"}, headers=AUTH),
            entry("POST", "https://api.shop.example/v1/orders", 201, {"id": 19, "access_token": "topsecret"},
                  headers=AUTH, body={"item": "tea", "password": "topsecret"}),
            entry("DELETE", "https://api.shop.example/v1/orders/6f1c2b8e-1d2f-4c6a-9a0b-3c4d5e6f7a8b", 204, kind="",
                  headers=AUTH),
            entry("POST", "https://stats.example/collect", 200, {"ok": True}, body={"event": "view"}),
            {"request": {"method": "GET", "url": "wss://api.shop.example/live"}},
            {"request": None},
        ],
    }
}  # fmt: skip


@pytest.fixture(scope="module")
def report():
    return kit.read(SHOP)


@pytest.fixture(scope="module")
def document(report):
    return kit.written(report)


def test_the_calls_of_the_api_are_operations(report):
    assert report.format == "HAR"
    assert [(op.method, op.path) for op in report.contract.operations] == [
        ("GET", "/v1/orders"),
        ("POST", "/v1/orders"),
        ("GET", "/v1/orders/{order_id}"),
        ("DELETE", "/v1/orders/{order_id}"),
    ]
    assert [server.url for server in report.contract.servers] == ["https://api.shop.example"]


def test_noise_is_left_out_and_told(report):
    assert kit.at(report, "left-static") == ["/log/entries/0"]
    assert kit.at(report, "left-preflight") == ["/log/entries/3"]
    assert kit.at(report, "left-socket") == ["/log/entries/11"]
    assert kit.at(report, "left-url") == ["/log/entries/12"]
    assert kit.at(report, "left-host") == ["/log/entries/10"]
    messages = " ".join(problem.message for problem in report.problems)
    assert "3 files of pages" in messages
    assert "stats.example" in messages


def test_a_parameter_that_was_always_there_is_required(document):
    found = {item["name"]: item for item in document["paths"]["/v1/orders"]["get"]["parameters"]}
    assert found["page"]["required"] is True
    assert found["page"]["schema"] == {"type": "integer"}
    assert "required" not in found["q"]
    assert found["x-tenant"]["in"] == "header"
    assert set(found) == {"page", "q", "x-tenant"}


def test_schemas_hold_for_all_answers(document):
    media = document["paths"]["/v1/orders"]["get"]["responses"]["200"]["content"]["application/json"]
    assert media["schema"]["required"] == ["orders"]
    assert media["schema"]["properties"]["orders"]["items"]["properties"]["note"] == {"type": "null"}
    assert len(media["examples"]) == 2
    one = document["paths"]["/v1/orders/{order_id}"]["get"]["responses"]
    assert one["404"]["content"]["application/json"]["example"] == {"error": "gone"}
    assert document["paths"]["/v1/orders/{order_id}"]["delete"]["responses"] == {"204": {"description": "No Content"}}


def test_credentials_are_gone(report, document):
    assert report.contract.auth == ApiKey("bearer", scheme_name="bearerAuth")
    post = document["paths"]["/v1/orders"]["post"]
    assert post["requestBody"]["content"]["application/json"]["example"] == {"item": "tea", "password": "***"}
    for secret in ("topsecret", "eyJ"):
        assert secret not in str(report)


def test_base64_forms_and_files():
    form = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "q", "value": "tea"}]}
    upload = {
        "mimeType": "multipart/form-data; boundary=X",
        "text": '--X\r\nContent-Disposition: form-data; name="title"\r\n\r\nHi\r\n--X\r\n'
        'Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\r\n--X--\r\n',
    }
    encoded = entry("POST", "https://a.example/search", answer="eyJhIjogMX0=", postData=form)
    encoded["response"]["content"]["encoding"] = "base64"
    report = kit.read({"log": {"entries": [encoded, entry("POST", "https://a.example/up", postData=upload)]}})
    search, up = report.contract.operations
    assert search.responses[0].content[0].examples[0].value == {"a": 1}
    assert search.body.content[0].examples[0].value == {"q": "tea"}
    assert list(up.body.content[0].schema["properties"]) == ["title", "file"]


def test_what_is_not_there_becomes_no_endpoint():
    calls = [
        entry("GET", "https://a.example/api/orders", 404, {"title": "No such path"}),
        entry("GET", "https://a.example/nosuch", 404, {"title": "No such path"}),
        entry("GET", "https://a.example/orders", 200, []),
        entry("GET", "https://a.example/orders/1", 200, {"id": 1}),
        entry("GET", "https://a.example/orders/2", 404, {"title": "No such order"}),
        entry("PUT", "https://a.example/orders/2", 404, {"title": "No such order"}),
        entry("DELETE", "https://a.example/orders/2", 405, {"title": "Not allowed"}),
        entry("GET", "https://a.example/secret", 401, {"title": "Who are you?"}),
    ]
    report = kit.read({"log": {"entries": calls}})
    assert [(op.method, op.path, op.operation_id) for op in report.contract.operations] == [
        ("GET", "/orders", "get_orders"),
        ("GET", "/orders/{order_id}", "get_orders_by_order_id"),
        ("PUT", "/orders/{order_id}", "put_orders_by_order_id"),
        ("GET", "/secret", "get_secret"),
    ]
    [told] = [problem for problem in report.problems if problem.code == "left-miss"]
    assert told.message == (
        "Left out: 3 calls that were answered 404 or 405, for there are no such endpoints: "
        "GET /api/orders, GET /nosuch, DELETE /orders/{order_id}."
    )
    [only] = kit.read({"log": {"entries": calls[:1]}}).contract.operations
    assert only.path == "/api/orders", "where there is nothing else it may be what was meant"


def test_what_a_studio_says_of_its_calls_is_kept_where_it_fits():
    known = {"_operationId": "todosOf", "_path": "/todos/{who}"}
    calls = [
        entry("GET", "http://localhost:8000/live/todo/todos/ann", 200, []) | known,
        entry("GET", "http://localhost:8000/live/todo/todos/bob", 404, []) | known,
        entry("GET", "http://localhost:8000/live/todo/tags", 200, []) | {"_operationId": "GET /tags", "_path": "/x{"},
        entry("GET", "http://localhost:8000/live/todo/nosuch", 200, []) | {"_operationId": ""},
    ]
    report = kit.read({"log": {"entries": calls}})
    assert [(op.path, op.operation_id) for op in report.contract.operations] == [
        ("/todos/{who}", "todosOf"),
        ("/tags", "get_tags"),
    ]
    assert [server.url for server in report.contract.servers] == ["http://localhost:8000/live/todo"]
    assert kit.at(report, "left-miss") == ["/log/entries/3"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ({"log": {"entries": []}}, "no call to an API"),
        ({"log": {"entries": {}}}, "no list"),
        ({"log": {"entries": [SHOP["log"]["entries"][0]]}}, "only pages"),
        ({"openapi": "3.1.0"}, "not a HAR"),
    ],
)
def test_a_recording_without_calls_is_refused(source, says):
    with pytest.raises(Refused) as caught:
        kit.read(source, "har")
    assert says in str(caught.value)


OURS = {
    "log": {
        "entries": [
            entry("GET", "http://localhost/live/a/b/1", 404, {})
            | {"_operationId": "b", "_path": "/b/{n}", "_kind": "mock"}
        ]
    }
}


@settings(max_examples=60, deadline=None)
@given(kit.bent(OURS))
def test_nor_does_a_bent_one_of_a_studio(source):
    kit.survives("har", source)


@settings(max_examples=150, deadline=None)
@given(kit.bent(SHOP))
def test_no_recording_however_bent_makes_it_fail(source):
    kit.survives("har", source)
