"""A call by the simulator and one that ChatGPT made differ in nothing but ids and dates.

The record is tests/golden/chatgpt/call-2025-08-20.http. It is played to an address as it stands, and the simulator
makes the same call: what the log then has of both is compared, and both with the record.
"""

import datetime
import json
import re
import uuid
from pathlib import Path

import pytest

from actionstudio.apps.simulator.calling import acting, performing, sending
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.call import Call
from actionstudio.core.chatgpt import headers, identity
from actionstudio.core.chatgpt.credential import header
from actionstudio.core.contract import Body, Media, Parameter
from actionstudio.runtime.app import frontdoor
from tests import make

pytestmark = pytest.mark.django_db
RECORD = Path(__file__).parents[3] / "golden/chatgpt/call-2025-08-20.http"
WHO = identity.identity("g-" + "0a" * 16, identity.conversation_id("golden"), "ann", datetime.date(2026, 11, 27))
KEY = header({"type": "service_http", "authorization_type": "bearer"}, "sk-test-0123456789")
IDS = {  # how each id looks: what is compared in its place
    "openai-conversation-id": r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "openai-ephemeral-user-id": r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "openai-gpt-id": r"g-[0-9a-f]{32}",
    "traceparent": r"00-[0-9a-f]{8}(?:0{8}[0-9a-f]{16}|…)-[0-9a-f]{16}-00",
    "tracestate": r"dd=s:-1;p:(?:[0-9a-f]{16};t\.tid:[0-9a-f]{8}0{8}|…)",
    "x-datadog-trace-id": r"\d{1,20}|…",
    "x-datadog-parent-id": r"\d{1,20}|…",
    "x-datadog-tags": r"_dd\.p\.tid=[0-9a-f]{8}0{8}|…",
}


def record() -> tuple[Call, list[tuple[str, str]]]:
    """The recorded call, and its headers."""
    text = "\n".join(line for line in RECORD.read_text().splitlines() if not line.startswith("#"))
    line, pairs, body = text.strip().split("\n\n")
    method, target = line.split(" ")
    found = [tuple(pair.split(": ", 1)) for pair in pairs.splitlines()]
    path, _mark, query = target.partition("?")
    sent = (("host", "items.live.localhost:8000"), *found, ("content-length", str(len(body))))
    return Call(method, path, query, sent, body.encode()), found


def plain(pairs) -> list[tuple[str, str]]:
    """Headers with every id that looks like one replaced by what it is; without what the connection adds."""
    kept = [(name, value) for name, value in pairs if name not in ("host", "content-length")]
    return [(name, name if name in IDS and re.fullmatch(IDS[name], value) else value) for name, value in kept]


def items():
    fields = {"type": "object", "properties": {"title": {"type": "string"}, "done": {"type": "boolean"}}}
    tags = Parameter("tag", "query", schema={"type": "array", "items": {"type": "string"}})
    body = Body(content=(Media("application/json", fields),))
    return make.project(value=make.contract(make.operation("POST", "/items", parameters=(tags,), body=body)))


def simulated(project):
    arguments = json.dumps({"tag": ["new", "blue"], "title": "Milk", "done": False})
    found = acting.of_project(project)
    return performing.perform(found, "postItems", arguments, identity=WHO, credential=KEY, consent="confirm")


def test_the_log_has_the_same_of_a_simulated_call_as_of_the_recorded_one():
    project = items()
    call, _pairs = record()
    frontdoor().call_blocking("items", call, source="gpt")
    simulated(project)
    real, ours = Exchange.objects.order_by("pk")
    ids = {"id", "source", "duration_us", "timings", "request_headers", "conversation_id", "user_id", "gpt_id"}
    same = [field.name for field in Exchange._meta.fields if field.name not in ids]
    assert {name: getattr(ours, name) for name in same} == {name: getattr(real, name) for name in same}
    assert plain(ours.headers_in) == plain(real.headers_in)
    assert ours.source == "simulator"


def test_a_simulated_call_has_the_headers_of_the_record_in_its_order():
    simulated(items())
    found = plain(Exchange.objects.get().headers_in)
    assert [name for name, _value in found] == [name for name, _value in record()[1]]
    assert found[:-1] == plain(record()[1])[:-1]  # the credential is hidden in the log
    assert found[-1] == ("authorization", "Bearer •••• (18 characters)")


def test_no_two_calls_have_the_same_trace_and_those_of_a_chat_share_its_ids():
    project = items()
    first, second = (dict(simulated(project).last.request["headers"]) for _ in range(2))
    changing = {"traceparent", "tracestate", "x-datadog-trace-id", "x-datadog-parent-id"}
    assert {name for name in first if first[name] != second[name]} - {"x-datadog-tags"} == changing
    assert uuid.UUID(first["openai-conversation-id"]).version == 5
    trace, low, span = first["traceparent"], int(first["x-datadog-trace-id"]), int(first["x-datadog-parent-id"])
    assert trace.endswith(f"{low:016x}-{span:016x}-00")


def test_what_leaves_the_studio_is_the_same_without_the_mark_of_a_proxy_that_it_did_not_pass(monkeypatch):
    sent = {}

    def fetch(method, url, pairs, body, **bounds):
        sent.update(pairs=tuple(pairs), body=body, bounds=bounds)
        raise sending.outbound.OutboundRefused("stop here", "connect")

    monkeypatch.setattr(sending.outbound, "fetch", fetch)
    project = items()
    text = json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "x", "version": "1"},
            "servers": [{"url": "https://api.example.com"}],
            "paths": {"/items": {"post": {"operationId": "add", "responses": {}}}},
        }
    )
    found = acting.of_document(project, text, "https://api.example.com/openapi.json")
    performing.perform(found, "add", "{}", identity=WHO, credential=KEY, consent="confirm")
    recorded = [pair for pair in record()[1] if pair[0] not in ("x-forwarded-for", "content-type")]
    assert plain(sent["pairs"]) == plain(recorded)
    assert sent["bounds"]["exact"]


def test_a_plugin_of_2023_named_the_region_and_no_gpt():
    pairs = headers.of_plugin(WHO, body=True)
    assert [name for name, _value in pairs][-3:] == [
        "openai-conversation-id",
        "openai-ephemeral-user-id",
        "openai-subdivision-1-iso-code",
    ]
