"""Two actions of a GPT may call an operation the same: the question which of them was meant tells them apart."""

import dataclasses

import pytest

from actionstudio.core.scripted.deciding import decide
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.talking import abilities
from actionstudio.core.scripted.telling import outcome
from tests.core.scripted import corpus

FIRST = tuple(dataclasses.replace(one, domain="todo.example.com", action=1) for one in corpus.tools("todo"))
SECOND = tuple(
    dataclasses.replace(one, name=f"{one.name}_2", domain="tasks.example.com", action=2) for one in corpus.tools("todo")
)
TOOLS = FIRST + SECOND
QUESTION = "Did you mean getTodos (todo.example.com) or getTodos_2 (tasks.example.com)?"


def test_the_question_which_names_both_with_their_domains():
    step = decide(Sentence("what's on bob's list?"), TOOLS)

    assert step.lines == (QUESTION,)
    assert step.why["near"] == ["getTodos (todo.example.com)", "getTodos_2 (tasks.example.com)"]
    assert any(line.startswith("- addTodo (todo.example.com): ") for line in abilities(TOOLS))


@pytest.mark.parametrize(
    "answer, name",
    [
        ("getTodos_2", "getTodos_2"),
        ("getTodos", "getTodos"),
        ("the one at tasks", "getTodos_2"),
        ("todo.example.com", "getTodos"),
        ("the second", "getTodos_2"),
    ],
)
def test_the_answer_may_be_the_name_the_domain_or_the_place(answer, name):
    step = decide(Sentence("what's on bob's list?"), TOOLS)

    assert decide(Sentence(answer), TOOLS, (), step.pending).call == (name, '{"username":"bob"}')


def test_a_sentence_that_names_the_domain_is_not_asked():
    step = decide(Sentence("what's on bob's list at tasks.example.com?"), TOOLS)

    assert step.call == ("getTodos_2", '{"username":"bob"}')


def test_operations_of_different_names_are_named_as_they_are():
    assert all("(" not in line.partition(":")[0] for line in abilities(FIRST)[1:])


@pytest.mark.parametrize("sentence", ["delete the second todo of bob", 'add "Buy milk" to the list of ann'])
def test_a_sentence_that_writes_is_asked_about_too(sentence):
    step = decide(Sentence(sentence), TOOLS)

    assert step.call is None and len(step.why["near"]) == 2
    assert "(todo.example.com)" in step.lines[0] and "(tasks.example.com)" in step.lines[0]


@pytest.mark.parametrize("name, alike", [("getTodos_2", "deleteTodo"), ("getTodos", "deleteTodo_2")])
def test_the_action_of_the_last_call_goes_on_and_the_other_is_told_of(name, alike):
    before = outcome(name, {"username": "bob"}, '{"todos": ["Milk", "Tea"]}')

    step = decide(Sentence("delete the second todo of bob"), TOOLS, [before])

    assert step.call[0] == name.replace("get", "delete").replace("Todos", "Todo")
    assert step.why["chosen"] == step.call[0] and step.why["alike"][0].startswith(f"{alike} (")


def test_the_name_that_an_operation_has_here_is_not_asked_about():
    assert decide(Sentence("deleteTodo_2 1 of bob"), TOOLS).call[0] == "deleteTodo_2"
