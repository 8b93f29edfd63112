"""What a sentence names and no call takes is told: tomorrow's weather is not today's."""

import pytest

from tests.core.scripted.test_answering import Talk


@pytest.mark.parametrize(
    "project, text, left",
    [
        ("weather", "What's the weather like in Paris tomorrow?", "tomorrow"),
        ("weather", "Quel temps fera-t-il à Paris demain ?", "demain"),
        ("weather", "明天巴黎的天气怎么样？", "明天"),
        ("weather", "내일 파리 날씨 어때?", "내일"),
        ("sport", "Who won the last match of Bayern?", "Bayern"),
    ],
)
def test_what_no_call_took_is_told(project, text, left):
    talk = Talk(project)
    assert talk.say(text).call

    assert f"no place for “{left}”" in talk.told('{"id": 7}').lines[-1]


@pytest.mark.parametrize(
    "project, text",
    [
        ("weather", "What is the weather in Paris today?"),
        ("todo", 'Add "buy milk" to the list of Ann'),
        ("acme", "Show order A-10023"),
        ("petstore", "List the pets"),
    ],
)
def test_where_all_was_taken_nothing_more_is_said(project, text):
    talk = Talk(project)
    assert talk.say(text).call

    assert "no place" not in " ".join(talk.told('{"id": 7}').lines)
