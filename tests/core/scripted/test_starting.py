"""Sentences to begin with: each project has some, and the scripted model does what they say."""

import json

import pytest

from actionstudio.apps.library.starters import BLANK, STARTERS, starter
from actionstudio.apps.simulator.providers.provider import Tool
from actionstudio.core import exemplary
from actionstudio.core.prompting.fields import Sheet
from actionstudio.core.prompting.scoring import Called, score
from actionstudio.core.prompting.starters import starters
from actionstudio.core.scripted.deciding import decide
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.starting import sentences
from actionstudio.core.specs.tools import tools
from tests.core.scripted import corpus
from tests.core.scripted.test_answering import Talk

KEYS = [one.key for one in STARTERS if one.key != BLANK]


@pytest.mark.parametrize("key", KEYS)
def test_the_first_sentences_of_a_project_call_something(key):
    found = sentences(starter(key))[:4]

    assert len(found) >= 1
    called = [decide(Sentence(text), corpus.tools(key)).call for text in found]
    assert all(called), found
    assert len({name for name, _ in called}) == len(called), "each sentence calls an operation of its own"


@pytest.mark.parametrize("key", KEYS)
def test_what_is_proposed_as_first_prompts_of_a_project_passes_with_the_scripted_model(key):
    contract = starter(key)
    sheets = [Sheet(one.original, one.description, one.schema, one.name, one.consequential) for one in tools(contract)]
    found = starters(sheets, sentences(contract)[:4], "", exemplary.arguments(contract), exemplary.summaries(contract))
    failed = [one.case.utterance for one in found if one.case.calls and not _passes(one.case, key)]

    assert len(found) > 4 and failed == []


def _passes(case, key: str) -> bool:
    call = decide(Sentence(case.utterance, corpus.TODAY), corpus.tools(key)).call
    return score(case, [Called(*call)] if call else []).passed


def test_a_sentence_carries_the_values_of_the_examples():
    text = sentences(starter("weather"))[0]

    assert text == 'Get the current weather of a place (location: "Lisbon, Portugal")'
    _, arguments = decide(Sentence(text), corpus.tools("weather")).call
    assert json.loads(arguments) == {"location": "Lisbon, Portugal"}


def test_a_change_that_requires_nothing_carries_its_example_or_is_asked_back_for():
    assert sentences(starter("retrieval"))[2].startswith('Delete documents (ids: ["')

    turn = Talk("gateway").say("Add a route")
    assert turn.call is None and turn.why["missing"] == ["name", "uri", "methods"]


def test_what_is_said_for_a_change_that_requires_nothing_is_what_is_sent():
    talk = Talk("gateway")
    talk.say("Add a route")

    name, arguments = talk.say("uri: /news, name: news").call
    assert (name, json.loads(arguments)) == ("createRoute", {"name": "news", "uri": "/news"})


@pytest.mark.parametrize(
    "text, name",
    [
        ("Get one thing", "getThing"),
        ("get one thing.", "getThing"),
        ("Public", "getPublic"),
        ("Get one thing (id: 7)", "getThing"),
    ],
)
def test_what_the_document_says_in_short_finds_its_operation(text, name):
    schema = {"type": "object", "properties": {}}
    tools = [
        Tool(one, told, schema, one, summary=short)
        for one, told, short in (
            ("getStatus", "Get the status of one thing.", "Status"),
            ("getThing", "Answers with what is there.", "Get one thing"),
            ("getPublic", "Public\nWithout a key.", ""),
        )
    ]

    assert decide(Sentence(text), tools).call[0] == name


def test_an_empty_project_has_no_sentence():
    assert sentences(starter(BLANK)) == []
