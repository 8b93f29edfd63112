"""What is asked and what is heard, in both protocols, streamed and whole, in whatever pieces it comes."""

import random
import threading
import time

import pytest

from actionstudio.apps.simulator.providers.provider import Prompt, Reply, Said, Text, Tool, Wish
from tests import openai_server
from tests.openai_server import Turn

BOTH = pytest.mark.parametrize("protocol", ["chat", "responses"])
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = Tool("getWeather", "The weather of a city", SCHEMA, "getWeather")
PROMPT = Prompt("Be brief.", (Said("user", "Weather in 서울?"),), (WEATHER,))
CALLS = (("getWeather", '{"city": "서울"}'), ("getWeather", '{"city": "Zürich"}'))
TALK = (
    Said("user", "Weather?"),
    Said("assistant", "I look.", (Wish("c1", "getWeather", '{"city": "서울"}'), Wish("c2", "getWeather", "not JSON"))),
    Said("tool", '{"sky": "blue"}', answers="c1"),
    Said("tool", "ApiSyntaxError: …", answers="c2"),
    Said("assistant", "Blue."),
    Said("assistant", "", (Wish("c3", "getWeather", ""),)),
    Said("tool", "{}", answers="c3"),
    Said("user", "And now?"),
)


def heard(provider, prompt=PROMPT, **options) -> tuple[list[str], Reply]:
    *texts, reply = list(provider.stream(prompt, **options))
    assert all(isinstance(event, Text) for event in texts) and isinstance(reply, Reply)
    return [event.text for event in texts], reply


@BOTH
@pytest.mark.parametrize("streamed", [True, False])
def test_text_and_calls_are_heard_with_what_they_cost(server, provider, protocol, streamed):
    server.turns = [Turn(("Let me ", "look – 서울."), CALLS, tokens=(1_000_000, 10_000))]
    asked = provider(protocol, options={"stream": streamed}, price_in=0.5, price_out=2.0)
    texts, reply = heard(asked)
    assert texts == (["Let me ", "look – 서울."] if streamed else ["Let me look – 서울."])
    assert reply.text == "Let me look – 서울." and reply.reason == "calls"
    assert [(wish.name, wish.arguments) for wish in reply.wishes] == list(CALLS)
    assert len({wish.id for wish in reply.wishes}) == 2
    assert (reply.usage.prompt, reply.usage.completion, reply.usage.dollars) == (1_000_000, 10_000, 0.52)
    assert reply.response["streamed"] is streamed and reply.response["status"] == 200
    assert reply.request["body"] == server.asked[0] and server.asked[0].get("stream", False) is streamed


def _cuts():
    for size in (1, 2, 3, 5, 7, 64):
        yield pytest.param(lambda data, size=size: openai_server.pieces(data, size), id=f"by {size}")
    for seed in range(4):
        yield pytest.param(lambda data, dice=random.Random(seed): _anyhow(data, dice), id=f"anyhow {seed}")


def _anyhow(data, dice):
    at = sorted(dice.sample(range(1, len(data)), min(len(data) - 1, dice.randint(0, 6))))
    return [data[a:b] for a, b in zip([0, *at], [*at, len(data)], strict=True)]


@BOTH
@pytest.mark.parametrize("cut", [*_cuts()])
def test_it_does_not_matter_in_which_pieces_a_stream_comes(server, provider, protocol, cut):
    server.turns = [Turn(("Ça va, ", "서울 ", "🌦"), CALLS)]
    server.cut = cut
    texts, reply = heard(provider(protocol))
    assert texts == ["Ça va, ", "서울 ", "🌦"]
    assert [wish.arguments for wish in reply.wishes] == [arguments for _, arguments in CALLS]


@BOTH
def test_a_long_conversation_with_calls_and_what_they_brought_is_put_as_the_protocol_wants_it(
    server, provider, protocol
):
    _texts, reply = heard(provider(protocol, options={"temperature": 0.3, "max_tokens": 50}), Prompt("Be brief.", TALK))
    assert reply.text == "Hello." and reply.reason == "stop"
    body = server.asked[0]
    assert body["temperature"] == 0.3
    if protocol == "chat":
        assert [message["role"] for message in body["messages"]][:3] == ["system", "user", "assistant"]
        assert body["messages"][2]["tool_calls"][1]["function"]["arguments"] == "not JSON"
        assert body["max_tokens"] == 50 and body["stream_options"] == {"include_usage": True}
    else:
        assert body["instructions"] == "Be brief." and body["store"] is False and body["max_output_tokens"] == 50
        assert [item.get("type", item.get("role")) for item in body["input"]][:3] == [
            "user",
            "assistant",
            "function_call",
        ]
        assert body["input"][3]["arguments"] == "not JSON"


def test_the_prompts_own_temperature_and_seed_come_first(server, provider):
    heard(provider(options={"temperature": 0.3}), Prompt("", PROMPT.messages, temperature=0.0, seed=7))
    assert (server.asked[0]["temperature"], server.asked[0]["seed"]) == (0.0, 7)
    assert server.asked[0]["messages"][0]["role"] == "user"


@BOTH
@pytest.mark.parametrize(("finish", "reason"), [("length", "length"), ("content_filter", "filter")])
@pytest.mark.parametrize("streamed", [True, False])
def test_why_an_answer_ended_is_told(server, provider, protocol, finish, reason, streamed):
    server.turns = [Turn(("Half an",), finish=finish)]
    assert heard(provider(protocol, options={"stream": streamed}))[1].reason == reason


@BOTH
def test_what_the_server_does_not_count_costs_nothing_that_we_know(server, provider, protocol):
    server.unknown = {"stream_options"}
    _, reply = heard(provider(protocol))
    assert reply.usage.dollars is None
    assert protocol == "responses" or (reply.usage.prompt is None and reply.why == {"left_out": ["stream_options"]})


def test_members_that_a_server_does_not_want_are_left_out_or_named_otherwise(server, provider):
    server.unknown = {"seed", "temperature", "max_tokens"}
    prompt = Prompt("", PROMPT.messages, temperature=0.0, seed=7)
    _, reply = heard(provider(options={"max_tokens": 9}), prompt)
    assert sorted(reply.why["left_out"]) == ["max_tokens", "seed", "temperature"]
    assert server.asked[-1]["max_completion_tokens"] == 9 and len(server.asked) == 4
    assert reply.request["body"] == server.asked[-1]


def test_a_server_that_cannot_stream_is_asked_for_the_whole(server, provider):
    server.unknown = {"stream"}
    texts, reply = heard(provider())
    assert texts == ["Hello."] and reply.response["streamed"] is False and "stream_options" not in server.asked[-1]


@BOTH
def test_a_whole_answer_is_understood_although_a_stream_was_asked_for(server, provider, protocol):
    whole = openai_server.chat_answer if protocol == "chat" else openai_server.response_answer
    server.turns = [raw(whole(Turn(("All at once",), CALLS)))]
    texts, reply = heard(provider(protocol))
    assert texts == ["All at once"] and len(reply.wishes) == 2 and reply.response["streamed"] is False


def raw(value, **fields) -> Turn:
    body = openai_server.json.dumps(value).encode() if not isinstance(value, bytes) else value
    return Turn(body=body, **{"headers": {"Content-Type": "application/json"}} | fields)


@BOTH
@pytest.mark.parametrize("turn", [Turn(("a ",) * 500, pause=0.02), Turn(mute=5)], ids=["talking", "silent"])
def test_it_ends_soon_after_it_is_stopped(server, provider, protocol, turn):
    server.turns = [turn]
    stop = threading.Event()
    threading.Timer(0.4, stop.set).start()
    began = time.monotonic()
    texts, reply = heard(provider(protocol), stopped=stop.is_set)
    assert time.monotonic() - began < 2
    assert reply.reason == "stopped" and reply.text == "".join(texts) and reply.wishes == ()
    assert not turn.words or (len(texts) > 2 and server.left.wait(5))


def test_who_no_longer_listens_leaves_the_server_alone(server, provider):
    server.turns = [Turn(("a ",) * 500, pause=0.01)]
    stream = provider().stream(PROMPT)
    assert next(stream) == Text("a ")
    stream.close()
    assert server.left.wait(5)


def test_one_provider_serves_many_threads(server, provider):
    server.turns = [Turn(("same",), CALLS, pause=0.01)]
    shared, found = provider(), []
    threads = [threading.Thread(target=lambda: found.append(heard(shared)[1])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [(reply.text, len(reply.wishes)) for reply in found] == [("same", 2)] * 8
