"""An API that ChatGPT cannot call: pasted, made to import cleanly by one deed, called as ChatGPT calls, understood."""

import pytest

from actionstudio.core.importer.simulate import simulate_document
from tests.stories.test_api_job import api, made  # noqa: F401

DOCUMENT = """
openapi: 3.1.0
info: {title: Stock, version: "1"}
servers: [{url: "https://stock.example.com"}]
paths:
  /counts/{id}:
    put:
      operationId: putCounts
      summary: Set what is in stock
      parameters:
        - {in: path, name: id, required: true, schema: {type: string}}
        - {in: header, name: X-Warehouse, required: true, schema: {type: string, enum: [north, south]}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: array
              minItems: 1
              items:
                type: object
                required: [id, count]
                properties: {id: {type: string}, count: {type: integer}, labels: {$ref: "#/components/schemas/Labels"}}
      responses: {"200": {description: OK, content: {application/json: {example: {done: true}}}}}
  /notes:
    post:
      operationId: addNote
      summary: Write a note about a day
      parameters:
        - {in: query, name: day, required: true, schema: {type: string, format: date}}
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [text]
              properties: {day: {type: string}, text: {type: string}, copies: {type: integer}}
      responses: {"200": {description: OK, content: {application/json: {example: {noted: true}}}}}
components:
  schemas:
    Labels: {type: object, additionalProperties: {type: string}}
"""
CHATGPT = {"user-agent": "ChatGPT-User/1.0", "openai-conversation-id": "c1", "openai-gpt-id": "g-1"}


@pytest.fixture(scope="module")
def stock(studio, api):  # noqa: F811
    made(api.post("projects/import/", json={"source": DOCUMENT, "slug": "stock"}))
    document = studio.call("stock", "GET", "/openapi.json").json()
    before = simulate_document(document, root=document["servers"][0]["url"])
    assert [op.operation_id for op in before.operations if not op.kept] == ["putCounts"]
    made(api.post("projects/stock/repair/", json={"codes": "all"}), 200)
    return api


def latest(api, **filters):  # noqa: F811
    rows = made(api.get("projects/stock/exchanges/", params={"kind": "mock", "limit": 1, **filters}), 200)["results"]
    return made(api.get(f"projects/stock/exchanges/{rows[0]['id']}/"), 200)


def test_the_document_imports_in_silence_and_the_whole_one_is_kept(studio, stock):
    document = studio.call("stock", "GET", "/openapi.json").json()
    seen = simulate_document(document, root=document["servers"][0]["url"])
    assert seen.messages == () and all(op.kept for op in seen.operations) and len(seen.operations) == 2
    arguments = {op.operation_id: [one.name for one in op.arguments] for op in seen.operations}
    assert arguments == {"putCounts": ["id", "X-Warehouse", "items"], "addNote": ["query_day", "day", "text", "copies"]}
    whole = studio.call("stock", "GET", "/openapi.json?profile=full").json()
    assert whole["paths"]["/counts/{id}"]["put"]["parameters"][1]["in"] == "header"


def test_a_call_in_chatgpts_shape_is_understood_and_the_log_says_how(studio, stock):
    sent = {"items": [{"id": "a", "count": 1, "labels": '{"colour": "red"}'}]}
    answer = studio.call("stock", "PUT", "/counts/7?X-Warehouse=north", json=sent, headers=CHATGPT)
    assert (answer.status_code, answer.json()) == (200, {"done": True})
    row = latest(stock, op="putCounts")
    assert row["request"]["body"]["text"].startswith('{"items"') and row["query"] == "X-Warehouse=north"
    assert row["violations"] == []
    for words in ("X-Warehouse is the header", "items is the whole body", "items.*.labels"):
        assert words in row["decisions"]["translation"]


def test_a_form_is_written_from_json(studio, stock):
    sent = {"day": "monday", "text": "all well", "copies": 2}
    answer = studio.call("stock", "POST", "/notes?query_day=2026-01-05", json=sent, headers=CHATGPT)
    assert answer.json() == {"noted": True}
    assert "application/x-www-form-urlencoded" in latest(stock, op="addNote")["decisions"]["translation"]


def test_what_is_wrong_is_told_in_chatgpts_names(studio, stock):
    sent = {"items": [{"id": "a", "count": "many"}]}
    answer = studio.call("stock", "PUT", "/counts/7?X-Warehouse=east", json=sent, headers=CHATGPT)
    assert answer.status_code == 422
    places = [".".join(map(str, one["location"])) for one in answer.json()["validation"]]
    assert places == ["query.X-Warehouse", "body.items.0.count"]


def test_the_documents_own_shape_works_as_before(studio, stock):
    headers = {"X-Warehouse": "south"}
    answer = studio.call("stock", "PUT", "/counts/7", json=[{"id": "a", "count": 1}], headers=headers)
    assert answer.status_code == 200
    assert "translation" not in latest(stock, op="putCounts")["decisions"]


def test_a_replay_takes_the_same_way(studio, stock):
    sent = {"items": [{"id": "b", "count": 2}]}
    studio.call("stock", "PUT", "/counts/7?X-Warehouse=north", json=sent, headers=CHATGPT)
    row = latest(stock, op="putCounts")
    result = made(stock.post("projects/stock/replays/", json={"exchanges": [row["id"]]}), 202)["results"][0]
    assert (result["same"], result["error"]) == (True, "")
