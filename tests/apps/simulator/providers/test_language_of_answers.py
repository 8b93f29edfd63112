"""The scripted model answers in the language of the sentence, whatever language the page or the process is in."""

import ast
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from actionstudio.apps.simulator.providers.provider import Prompt, Reply, Said, Tool, Wish
from actionstudio.apps.simulator.providers.scripted import Scripted

TOOL = Tool(
    "listPets",
    "Lists the pets.",
    {"type": "object", "properties": {"limit": {"type": "integer"}}},
    "listPets",
)
FOLDER = Path(settings.BASE_DIR) / "actionstudio" / "core" / "scripted"


def _reply(*messages: Said) -> Reply:
    return list(Scripted(scripts=()).stream(Prompt("", messages, (TOOL,), language="ko")))[-1]


@pytest.mark.parametrize("around", ["en", "ko", "zh-hans"])
@pytest.mark.parametrize(
    "text, thanks",
    [("merci", "Je vous en prie."), ("谢谢", "不客气。"), ("고마워", "천만에요."), ("thanks", "You are welcome.")],
)
def test_small_talk_is_answered_in_the_language_of_the_sentence(around, text, thanks):
    with translation.override(around):
        assert _reply(Said("user", text)).text == thanks
        assert translation.get_language() == around


def test_what_came_of_a_call_is_told_in_the_language_of_the_sentence_too():
    wish = Wish("call_1", "listPets", json.dumps({}))
    said = (
        Said("user", "montre-moi tous les animaux"),
        Said("assistant", "", (wish,)),
        Said("tool", '{"id": 7, "name": "Rex"}', answers="call_1"),
    )
    with translation.override("en"):
        assert _reply(*said).text.startswith("Voici ce qui est revenu")


def test_the_pieces_of_a_stream_are_in_that_language_from_the_first_on():
    with translation.override("zh-hans"):
        stream = Scripted(scripts=()).stream(Prompt("", (Said("user", "merci"),), (TOOL,)))
        first = next(stream)
    with translation.override("ko"):
        rest = list(stream)

    assert "".join([first.text, *(one.text for one in rest[:-1])]) == rest[-1].text == "Je vous en prie."


def test_every_sentence_that_it_says_stands_where_makemessages_finds_it():
    """A template that is put together at run time would never be translated: each is one literal text."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("said", "said_n"):
                texts = node.args[: 2 if node.func.id == "said_n" else 1]
                assert all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in texts), path


def test_no_line_that_it_says_goes_around_translation():
    """A line in a list of lines is said, made of a name or a value, or a bullet: never a sentence as it stands."""
    plain = []
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Step", "Turn") and node.args:
                lines = node.args[0].elts if isinstance(node.args[0], ast.Tuple) else []
                plain += [
                    (path.name, ast.unparse(one)) for one in lines if isinstance(one, ast.Constant | ast.JoinedStr)
                ]

    assert plain == []
