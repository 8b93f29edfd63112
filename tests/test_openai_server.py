"""The tests' model server is what it says: OpenAI's own client understands it, and it lets nothing wrong pass."""

import openai
import pytest

from tests import openai_server
from tests.openai_server import KEY, Turn

TOOL = {"name": "getWeather", "description": "", "parameters": {"type": "object", "properties": {}}}
CHAT_TOOL = {"type": "function", "function": TOOL}
RESPONSES_TOOL = {"type": "function", "strict": False, **TOOL}
BOTH = Turn(("On ", "it."), (("getWeather", '{"city": "Zürich"}'), ("getWeather", '{"city": "서울"}')))


@pytest.fixture
def server():
    with openai_server.serving() as server:
        server.turns = [BOTH]
        yield server


@pytest.fixture
def client(server):
    with openai.OpenAI(base_url=server.base_url, api_key=KEY, max_retries=0) as client:
        yield client


def test_openais_client_reads_a_chat_completion(client):
    made = client.chat.completions.create(
        model="gpt-test", messages=[{"role": "user", "content": "Hi"}], tools=[CHAT_TOOL]
    )
    message = made.choices[0].message
    assert message.content == "On it." and made.usage.total_tokens == 150
    assert [call.function.arguments for call in message.tool_calls] == ['{"city": "Zürich"}', '{"city": "서울"}']


def test_openais_client_reads_the_stream_of_one(client, server):
    server.cut = lambda data: openai_server.pieces(data, 3)
    with client.chat.completions.stream(
        model="gpt-test", messages=[{"role": "user", "content": "Hi"}], stream_options={"include_usage": True}
    ) as stream:
        made = stream.get_final_completion()
    assert made.choices[0].message.content == "On it." and made.usage.completion_tokens == 30
    assert made.choices[0].message.tool_calls[1].function.arguments == '{"city": "서울"}'


def test_openais_client_reads_a_response_and_its_stream(client):
    made = client.responses.create(model="gpt-test", input=[{"role": "user", "content": "Hi"}], tools=[RESPONSES_TOOL])
    assert made.output_text == "On it." and made.output[2].arguments == '{"city": "서울"}'
    with client.responses.stream(model="gpt-test", input=[{"role": "user", "content": "Hi"}]) as stream:
        final = stream.get_final_response()
    assert final.output_text == "On it." and final.output[1].name == "getWeather"


WRONG = [
    ({"model": "gpt-test"}, "messages"),
    ({"messages": [{"role": "robot", "content": ""}]}, "messages/0"),
    ({"messages": [{"role": "user", "content": "Hi", "colour": 1}]}, "messages/0"),
    ({"tokens": 3}, "tokens"),
    ({"stream_options": {"include_usage": True}}, "stream_options"),
    ({"tools": [{"type": "function", "function": {**TOOL, "name": "get weather"}}]}, "name"),
    ({"tools": [{"type": "function", "function": {**TOOL, "parameters": {"type": "array"}}}]}, "schema"),
    ({"messages": [{"role": "tool", "tool_call_id": "a", "content": ""}]}, "preceding"),
    (
        {
            "messages": [
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [{"id": "a", "type": "function", "function": {"name": "x", "arguments": "{}"}}],
                },
                {"role": "user", "content": "Hi"},
            ]
        },
        "did not have response",
    ),
]


@pytest.mark.parametrize(("body", "why"), WRONG)
def test_it_refuses_what_the_api_would_refuse(body, why):
    usual = {} if "model" in body else {"model": "gpt-test", "messages": [{"role": "user", "content": "Hi"}]}
    assert why in openai_server.faults("chat/completions", usual | body)
    assert not usual or openai_server.faults("chat/completions", usual) == ""


def test_a_call_and_its_output_belong_together():
    call = {"type": "function_call", "call_id": "a", "name": "x", "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "a", "output": ""}
    for items, why in (([call], "No tool output"), ([output], "No tool call"), ([call, output], "")):
        said = openai_server.faults("responses", {"model": "gpt-test", "input": items})
        assert why in said and bool(why) == bool(said)
