"""Where an upstream departs from the document: told in the log, never kept from the caller."""

from dataclasses import replace

import pytest

from actionstudio.core.contract import Header, Media, Response
from tests.runtime.proxying import door, proxied, send
from tests.runtime.upstream import answer

PET = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
DECLARED = (
    Response(
        "200",
        headers=(
            Header("X-Total", required=True, schema={"type": "integer"}),
            Header("X-Tags", schema={"type": "array", "items": {"type": "string"}, "maxItems": 2}),
        ),
        content=(Media("application/json", PET), Media("text/plain", {"type": "string", "maxLength": 3})),
    ),
    Response("204"),
    Response("4XX", content=(Media("application/problem+json", {"type": "object"}),)),
)


def declared(upstream, **fields):
    contract = proxied(upstream.url, drift=True, **fields)
    return replace(contract, operations=tuple(replace(one, responses=DECLARED) for one in contract.operations))


def found(upstream, script, **fields):
    upstream.reply = lambda seen: script
    made = send(door(declared(upstream, **fields)))
    assert all(one["side"] == "response" for one in made.record.violations)
    return [(".".join(map(str, one["location"])), one["code"]) for one in made.record.violations]


JSON = "Content-Type: application/json"
GOOD = answer(b'{"id": 1}', "200 OK", JSON, "X-Total: 3")


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        (GOOD, []),
        (answer(b'{"id": "one"}', "200 OK", JSON, "X-Total: 3"), [("body.id", "type")]),
        (answer(b'{"name": "x"}', "200 OK", JSON, "X-Total: 3"), [("body.id", "required")]),
        (answer(b"{not json", "200 OK", JSON, "X-Total: 3"), [("body", "not-json")]),
        (answer(b'{"id": 1}', "200 OK", JSON), [("header.X-Total", "required")]),
        (answer(b'{"id": 1}', "200 OK", JSON, "X-Total: many"), [("header.X-Total", "type")]),
        (answer(b'{"id": 1}', "200 OK", JSON, "X-Total: 3", "X-Tags: a,b,c"), [("header.X-Tags", "maxItems")]),
        (
            answer(b"<a/>", "200 OK", "Content-Type: text/html", "X-Total: 3"),
            [("header.Content-Type", "undeclared-media-type")],
        ),
        (answer(b"<a/>", "200 OK", "X-Total: 3"), [("header.Content-Type", "undeclared-media-type")]),
        (answer(b"long text", "200 OK", "Content-Type: text/plain", "X-Total: 3"), [("body", "maxLength")]),
        (answer(b"", "200 OK", "X-Total: 3"), [("body", "missing")]),
        (answer(b"", "204 No", length=False), []),
        (answer(b"{}", "404 No", "Content-Type: application/problem+json"), []),
        (answer(b"{}", "404 No", JSON), [("header.Content-Type", "undeclared-media-type")]),
        (answer(b"{}", "500 No", JSON), [("status", "undeclared-status")]),
        (answer(b"", "304 Same", length=False), []),
    ],
)
def test_departures_from_the_document_are_told(upstream, script, wanted):
    assert found(upstream, script) == wanted


def test_the_answer_is_served_as_it_came_all_the_same(upstream):
    upstream.reply = lambda seen: answer(b'{"id": "one"}', "599 Odd", "Content-Type: application/json")
    made = send(declared(upstream))
    assert (made.reply.status, made.reply.body) == (599, b'{"id": "one"}')
    assert "1 departure from the document" in made.record.decisions["response"]


def test_without_the_switch_nothing_is_compared(upstream):
    contract = declared(upstream)
    quiet = tuple(replace(one, behaviour=replace(one.behaviour, drift=False)) for one in contract.operations)
    upstream.reply = lambda seen: answer(b"x", "500 No")
    assert not send(replace(contract, operations=quiet)).record.violations


def test_a_large_list_of_departures_is_cut(upstream):
    body = b"[" + b",".join([b"{}"] * 500) + b"]"
    contract = declared(upstream)
    many = Response("200", content=(Media("application/json", {"type": "array", "items": PET}),))
    contract = replace(contract, operations=tuple(replace(one, responses=(many,)) for one in contract.operations))
    upstream.reply = lambda seen: answer(body, "200 OK", JSON)
    assert len(send(contract).record.violations) == 20
