"""The scripted model as a provider: what it streams, and that the same conversation gets the same answer."""

import json

from actionstudio.apps.simulator.providers.provider import Prompt, Reply, Said, Text, Tool
from actionstudio.apps.simulator.providers.scripted import Scripted
from actionstudio.core.scripted.scripts import Script

WEATHER = Tool(
    "GetCurrentWeather",
    "Answers with the temperature and the sky.",
    {
        "type": "object",
        "properties": {"location": {"type": "string", "description": "The city"}},
        "required": ["location"],
    },
    "GetCurrentWeather",
)


def _reply(*messages: Said, scripts=(), language="en") -> Reply:
    *pieces, reply = Scripted(scripts=scripts).stream(Prompt("", messages, (WEATHER,), language=language))
    assert all(isinstance(piece, Text) for piece in pieces)
    assert "".join(piece.text for piece in pieces) == reply.text
    return reply


def test_a_sentence_becomes_a_call_and_why_tells_how():
    reply = _reply(Said("user", "What is the weather in Oslo?"))

    (wish,) = reply.wishes
    assert (wish.name, json.loads(wish.arguments)) == ("GetCurrentWeather", {"location": "Oslo"})
    assert reply.reason == "calls"
    assert reply.why["chosen"] == "GetCurrentWeather" and reply.why["words"] == ["weather"]


def test_the_same_conversation_gets_the_same_answer():
    said = Said("user", "What is the weather in Oslo?")

    assert _reply(said).wishes == _reply(said).wishes


def test_what_is_missing_is_asked_and_the_answer_understood():
    first = Said("user", "Quel temps fait-il ?")
    question = _reply(first)
    answer = _reply(first, Said("assistant", question.text), Said("user", "Lyon"))

    assert question.wishes == () and "location" in question.text
    assert json.loads(answer.wishes[0].arguments) == {"location": "Lyon"}


def test_an_answer_is_told_and_an_error_explained():
    said = Said("user", "What is the weather in Oslo?")
    call = _reply(said)
    asked = Said("assistant", "", call.wishes)
    good = _reply(said, asked, Said("tool", '{"temperature": 11, "sky": "rain"}', answers=call.wishes[0].id))
    bad = _reply(said, asked, Said("tool", "ClientResponseError", answers=call.wishes[0].id))

    assert "temperature: 11" in good.text and "sky: rain" in good.text
    assert "ClientResponseError" in bad.text and not bad.wishes


def test_a_script_comes_before_everything_else():
    scripts = (Script("regex", r"plan (\w+)", "call", "GetCurrentWeather", '{"location": "{{1}}"}'),)

    reply = _reply(Said("user", "Plan Bergen"), scripts=scripts)

    assert json.loads(reply.wishes[0].arguments) == {"location": "Bergen"}
    assert reply.why["by"] == "script"


def test_what_fits_nothing_calls_nothing_and_says_what_can_be_done():
    reply = _reply(Said("user", "Tell me a joke"))

    assert reply.wishes == () and "GetCurrentWeather" in reply.text
