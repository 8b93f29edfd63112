"""Servers that say the protocol their own way are understood as well: local ones, gateways, older versions."""

import json

import pytest

from tests.apps.simulator.providers.test_asking import heard, raw

STREAM = {"Content-Type": "text/event-stream"}


def chunks(*deltas, finish="tool_calls", done=True):
    """A stream of these deltas."""
    said = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    said += [{"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}] if finish else []
    lines = [f"data: {json.dumps(one)}\n\n" for one in said] + (["data: [DONE]\n\n"] if done else [])
    return raw("".join(lines).encode(), headers=STREAM)


def call(arguments="", **fields):
    function = {name: fields.pop(name) for name in ("name",) if name in fields}
    return {"tool_calls": [{**fields, "function": {**function, "arguments": arguments}}]}


def wishes(server, provider, turn):
    server.turns = [turn]
    reply = heard(provider())[1]
    assert reply.reason == "calls" and all(wish.id for wish in reply.wishes)
    assert len({wish.id for wish in reply.wishes}) == len(reply.wishes)
    return [(wish.name, wish.arguments) for wish in reply.wishes]


TWO = [("one", '{"a":1}'), ("two", '{"b":2}')]
WAYS = {
    "calls side by side": (
        call(index=0, id="a", name="one"),
        call(index=1, id="b", name="two"),
        call('{"a"', index=0),
        call('{"b"', index=1),
        call(":1}", index=0),
        call(":2}", index=1),
    ),
    "whole calls without an index": (call('{"a":1}', id="a", name="one"), call('{"b":2}', id="b", name="two")),
    "all with the same index": (
        call('{"a"', index=0, id="a", name="one"),
        call(":1}", index=0),
        call('{"b"', index=0, id="b", name="two"),
        call(":2}", index=0),
    ),
    "no index, and an id only at first": (
        call('{"a"', id="a", name="one"),
        call(":1}"),
        call('{"b"', id="b", name="two"),
        call(":2}"),
    ),
    "id and name again and again": (
        call('{"a"', index=0, id="a", name="one"),
        call(":1}", index=0, id="a", name="one"),
        call('{"b":2}', index=1, id="b", name="two"),
    ),
    "no ids at all": (call('{"a":1}', index=0, name="one"), call('{"b":2}', index=1, name="two")),
    "arguments as an object": (
        call({"a": 1}, index=0, id="a", name="one"),
        call({"b": 2}, index=1, id="b", name="two"),
    ),
    "indexes that begin at 1": (
        call('{"a":1}', index=1, id="a", name="one"),
        call('{"b":2}', index=2, id="b", name="two"),
    ),
}


@pytest.mark.parametrize("deltas", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize("finish", ["tool_calls", "stop"])
def test_calls_are_put_together_however_they_are_told(server, provider, deltas, finish):
    assert wishes(server, provider, chunks(*deltas, finish=finish)) == TWO


@pytest.mark.parametrize(
    "turn",
    [
        chunks({"role": "assistant", "content": "Hi"}, finish="stop", done=False),
        chunks({"content": "Hi"}, finish=None),
        chunks({"content": None}, {"content": ""}, {"content": "Hi", "reasoning_content": "hm"}, finish="stop"),
        raw(b'data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}', headers={}),
        raw(b': OPENROUTER PROCESSING\n\ndata:{"choices":[{"delta":{"content":"Hi"},"finish_reason":"eos"}]}\n\n'),
        raw({"choices": [{"message": {"role": "assistant", "content": "Hi"}, "finish_reason": None}]}),
        chunks({"refusal": "Hi"}, finish="stop"),
    ],
    ids=[
        "no [DONE]",
        "no reason",
        "empty deltas",
        "no empty line and no type",
        "comments",
        "whole without a reason",
        "a refusal",
    ],
)
def test_a_text_is_heard_however_it_ends(server, provider, turn):
    server.turns = [turn]
    _texts, reply = heard(provider())
    assert (reply.text, reply.reason) == ("Hi", "stop")


def test_whole_calls_without_ids_stay_apart(server, provider):
    said = [{"function": {"name": name, "arguments": json.loads(text)}} for name, text in TWO]
    turn = raw({"choices": [{"message": {"content": None, "tool_calls": said}, "finish_reason": "tool_calls"}]})
    assert wishes(server, provider, turn) == TWO


def test_nonsense_within_an_answer_breaks_nothing(server, provider):
    odd = [{"tool_calls": "x"}, {"tool_calls": [7, {"function": 3, "index": "a"}]}, {"content": 5}, {"content": "Hi"}]
    server.turns = [chunks(*odd, finish="stop")]
    assert heard(provider())[1].text == "Hi"
    odd = [
        {"type": "response.output_item.added", "item": 3},
        {"type": "response.function_call_arguments.delta"},
        {"type": "response.completed", "response": {"output": [None, {"type": "message", "content": [1]}], "usage": 1}},
    ]
    lines = "".join(f"data: {json.dumps(one)}\n\n" for one in odd)
    server.turns = [raw(lines.encode(), headers=STREAM)]
    assert heard(provider("responses"))[1].reason == "stop"


def test_responses_whose_last_event_says_less_than_those_before(server, provider):
    item = {"type": "function_call", "call_id": "a", "name": "one", "arguments": ""}
    told = [
        {"type": "response.output_text.delta", "delta": "Hi"},
        {"type": "response.output_item.added", "output_index": 1, "item": item},
        {"type": "response.function_call_arguments.delta", "output_index": 1, "delta": '{"a":1}'},
        {"type": "response.completed", "response": {"status": "completed", "output": []}},
    ]
    server.turns = [raw("".join(f"data: {json.dumps(one)}\n\n" for one in told).encode(), headers=STREAM)]
    reply = heard(provider("responses"))[1]
    assert reply.text == "Hi" and [(wish.name, wish.arguments) for wish in reply.wishes] == TWO[:1]
