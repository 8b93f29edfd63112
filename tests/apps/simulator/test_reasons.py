"""Why the scripted model chose as it did, said in a sentence for each way in which it chooses."""

import pytest

from actionstudio.apps.simulator.pages import reasons
from actionstudio.apps.simulator.providers.provider import Prompt, Said, Tool
from actionstudio.apps.simulator.providers.scripted import Scripted

AFTER = {"name": "cancel", "operation": "cancelOrder", "score": 0.41}


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ({}, ""),
        (
            {"by": "words", "chosen": "r", "score": 0.82, "words": ["refund", "order"], "runner_up": AFTER},
            "matches “refund”, “order” (0.82); runner-up cancelOrder (0.41)",
        ),
        ({"by": "words", "chosen": None, "score": 0.1}, "no operation fits well enough (0.10)"),
        ({"by": "words", "chosen": "r", "score": 1, "words": [], "missing": ["id"]}, "the best match (1.00); asked"),
        ({"by": "script", "script": "refunds", "chosen": "r"}, "the script “refunds” says so"),
        ({"by": "question", "chosen": "r", "asked": ["id"]}, "the answer to its question for id"),
        ({"by": "again", "chosen": "r"}, "the call before, with something changed"),
        ({"by": "script", "script": "a", "cut": {"read": 4000, "of": 32000}},
         "the script “a” says so; it read 4,000 of 32,000 characters"),
        ({"by": "words", "chosen": None, "score": 0.9, "near": ["a (x)", "b (y)"], "runner_up": AFTER},
         "these are near each other: a (x), b (y)"),
        ({"by": "words", "chosen": "a", "score": 0.9, "alike": ["b (y)"], "runner_up": AFTER},
         "the best match (0.90); b (y) fits as well, the last call decided"),
    ],
)  # fmt: skip
def test_each_way_of_choosing_has_its_sentence(why, sentence):
    assert reasons.because(why).startswith(sentence) and bool(reasons.because(why)) == bool(sentence)


def test_what_the_scripted_model_tells_is_understood():
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    tools = (Tool("getWeather", "The weather of a city", schema, "getWeather"),)
    *_pieces, reply = Scripted(scripts=()).stream(Prompt("", (Said("user", "weather in Paris"),), tools))
    assert reasons.because(reply.why).startswith("matches “") and reasons.guessed(reply.why) is not None
    assert reasons.guessed({"guessed": {"limit": "its default"}}) == [("limit", "its default")]
