"""Pasting what one has, with nobody's help: a curl command becomes a mock that answers, and no key is kept."""

import json

from actionstudio.core.specs.text import parse

PASSWORD = "a long enough sentence"
CURL = r"""
curl -X POST 'https://api.shop.example/v1/orders?notify=true' \
  -H 'Authorization: Bearer sk-live-51HG2xxxxxxxxxxxxxxxx' \
  -H 'Content-Type: application/json' \
  -d '{"item": "tea", "count": 2}'
curl -H 'Authorization: Bearer sk-live-51HG2xxxxxxxxxxxxxxxx' https://api.shop.example/v1/orders/17
"""
SAMPLE = {"orders": [{"id": 17, "item": "tea"}]}


def signed_in(visitor):
    visitor.open("/accounts/login/")
    visitor.send(visitor.page.form("login", "password"), login="ann@example.test", password=PASSWORD)


def test_1_she_pastes_curl_commands_and_is_told_what_they_were(studio, visitor):
    visitor.open("/")
    visitor.send(visitor.page.form("email", "password"), email="ann@example.test", name="Ann", password=PASSWORD)
    page = visitor.open("/projects/new/")
    page = visitor.send(page.form("source"), "Create from this", source=CURL, name="Shop", slug="shop")
    assert "/import/" in page.url.path
    assert "Detected: curl, 2 of 2 operations imported" in page.text
    assert "sk-live" not in page.html


def test_2_the_mock_answers_at_once_to_whoever_brings_a_token(studio):
    body, bearer = {"item": "milk", "count": 1}, {"authorization": "Bearer anything"}
    made = studio.call("shop", "POST", "/v1/orders?notify=false", json=body, headers=bearer)
    assert (made.status_code, made.json()) == (200, {})
    document = studio.call("shop", "GET", "/openapi.json").json()
    assert set(document["paths"]) == {"/v1/orders", "/v1/orders/{order_id}"}
    assert "sk-live" not in json.dumps(document)


def test_3_a_sample_answer_is_what_the_mock_gives_back(studio, visitor):
    signed_in(visitor)
    page = visitor.open("/projects/new/")
    visitor.send(page.form("source"), "Create from this", source=json.dumps(SAMPLE), slug="sample")
    answer = studio.call("sample", "GET", "/orders")
    assert (answer.status_code, parse(answer.text)) == (200, SAMPLE)


def test_4_what_cannot_be_read_is_said_with_the_text_kept(visitor):
    signed_in(visitor)
    page = visitor.open("/projects/new/")
    page = visitor.send(page.form("source"), "Create from this", status=422, source="wget https://api.shop.example")
    assert "only those of curl" in page.text
    assert "wget https://api.shop.example" in page.html
