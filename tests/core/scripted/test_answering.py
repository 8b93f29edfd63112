"""A conversation with the scripted model: asks back, remembers, goes on, explains; in the language that is spoken."""

import json
import time
from dataclasses import dataclass

import pytest

from actionstudio.core.scripted.answering import answer
from actionstudio.core.scripted.said import HEARD, READ
from actionstudio.core.scripted.scripts import Script
from actionstudio.core.scripted.telling import inner
from tests.core.scripted import corpus


@dataclass(frozen=True)
class Wish:
    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class Message:
    role: str
    text: str = ""
    wishes: tuple = ()
    answers: str = ""
    files: tuple = ()


class Talk:
    """A chat about a project of the library; what a call is answered with comes from the test."""

    def __init__(self, project: str, *scripts: Script) -> None:
        self.tools, self.scripts, self.messages = corpus.tools(project), scripts, []

    def say(self, text: str):
        self.messages.append(Message("user", text))
        return self._next()

    def told(self, text: str):
        self.messages.append(Message("tool", text, answers=self.messages[-1].wishes[0].id))
        return self._next()

    def _next(self):
        turn = answer(self.messages, self.tools, self.scripts, "en", corpus.TODAY)
        wishes = (Wish(f"call_{len(self.messages)}", *turn.call),) if turn.call else ()
        self.messages.append(Message("assistant", "\n".join(turn.lines), wishes))
        return turn


def _arguments(turn) -> dict:
    return json.loads(turn.call[1])


@pytest.mark.parametrize(
    "project, first, second, expected",
    [
        ("weather", "What is the weather?", "Oslo", {"location": "Oslo"}),
        ("weather", "Quel temps fait-il ?", "à Lyon", {"location": "Lyon"}),
        ("weather", "天气怎么样？", "上海", {"location": "上海"}),
        ("weather", "날씨 알려줘", "부산이요", {"location": "부산"}),
        ("items", "Show an item", "the number is 12", {"item_id": 12}),
        ("acme", "Show one order", "A-10023", {"order_id": "A-10023"}),
    ],
)
def test_what_is_missing_is_asked_for_and_the_answer_is_understood(project, first, second, expected):
    talk = Talk(project)
    question = talk.say(first)

    assert question.call is None and question.why["missing"] == list(expected)
    assert _arguments(talk.say(second)) == expected


def test_one_answer_may_bring_several_of_what_is_missing_and_the_rest_is_asked_again():
    talk = Talk("acme")
    assert talk.say("Refund order A-10023").why["missing"] == ["amount", "reason"]
    assert talk.say("20 euros").why["missing"] == ["reason"]
    assert _arguments(talk.say("it was damaged")) == {"order_id": "A-10023", "amount": 20, "reason": "damaged"}


def test_a_question_is_let_go_when_one_does_not_want_any_more():
    talk = Talk("weather")
    talk.say("What is the weather?")

    assert talk.say("never mind").call is None
    assert "weather" not in talk.messages[-1].text.lower()


def test_a_new_wish_is_not_taken_for_the_answer_to_a_question():
    talk = Talk("acme")
    talk.say("Show one order")

    assert talk.say("List the open tickets").call == ("listTickets", '{"state":"open"}')


@pytest.mark.parametrize("text", ["And in Lisbon?", "Et à Lisbonne ?", "那里斯本呢？", "리스본은?"])
def test_the_call_before_is_made_again_with_something_changed(text):
    talk = Talk("weather")
    talk.say("What is the weather in Oslo?")
    talk.told('{"temperature": 11}')
    turn = talk.say(text)

    assert turn.call[0] == "GetCurrentWeather" and _arguments(turn)["location"] != "Oslo"
    assert turn.why["by"] in ("again", "words")


def test_what_was_answered_before_fills_in_and_why_says_so():
    talk = Talk("acme")
    talk.say("Show the orders of bob@example.com")
    talk.told('{"orders": [{"id": "A-10023", "total": 40}, {"id": "A-10024", "total": 9}]}')
    turn = talk.say("Refund the second one, 9 euros, it was late")

    assert _arguments(turn) == {"order_id": "A-10024", "amount": 9, "reason": "late"}
    assert turn.why["guessed"] == {"order_id": "from an earlier answer"}


@pytest.mark.parametrize(
    "text",
    [
        "Add a pet called Rex with id 7 and then show pet 7",
        "Crée un animal nommé Rex avec le numéro 7 puis affiche l'animal 7",
    ],
)
def test_a_sentence_of_two_parts_becomes_two_calls(text):
    talk = Talk("petstore")
    assert talk.say(text).call[0] == "createPets"
    turn = talk.told('{"id": 7, "name": "Rex"}')

    assert turn.call == ("showPetById", '{"petId":"7"}')
    assert talk.told('{"id": 7, "name": "Rex"}').call is None


def test_after_a_failed_first_part_the_second_is_not_made():
    talk = Talk("petstore")
    talk.say("Add a pet called Rex with id 7 and then show pet 7")

    assert talk.told("ClientResponseError").call is None


@pytest.mark.parametrize(
    "told, words",
    [
        ("ClientResponseError", "ClientResponseError"),
        ("ResponseTooLarge", "too large"),
        ("UnrecognizedKwargsError: env", "argument"),
        (
            "The call was not made: The path /a/{id} needs id.",
            "not made, so nothing was sent: The path /a/{id} needs id.",
        ),
        ('{"status": 401, "detail": "No token"}', "(401)"),
        ('{"status": 404, "title": "Not found"}', "(404)"),
        ('{"status": 422, "detail": "limit: too big"}', "limit: too big"),
        ("The user declined this action.", "declined"),
        ('{"error": "nothing there"}', "nothing there"),
        ("", "nothing more"),
        ("[]", "empty"),
    ],
)
def test_what_came_back_is_told_and_errors_are_explained(told, words):
    talk = Talk("weather")
    talk.say("What is the weather in Oslo?")
    turn = talk.told(told)

    assert turn.call is None and words in " ".join(turn.lines)


def test_a_long_list_is_told_by_its_first_rows_and_how_many_there_are():
    talk = Talk("petstore")
    talk.say("List the pets")
    lines = talk.told(json.dumps([{"id": n, "name": f"Pet {n}"} for n in range(12)])).lines

    assert lines[0] == "There are 12:" and lines[1] == "1. Pet 0 (id 0)" and lines[-1] == "… and 7 more."


def _found(*passages: tuple[str, dict]) -> str:
    return json.dumps({"results": [{"query": query, "results": [passage]} for query, passage in passages]})


def test_a_list_in_an_envelope_of_one_row_is_told_by_its_own_rows():
    talk = Talk("retrieval")
    talk.say("find my notes about Lisbon")
    lines = talk.told(_found(("Lisbon", {"id": "d1", "text": "The trams are yellow."}))).lines

    assert lines == ("There is 1:", "1. The trams are yellow. (id d1)")
    assert inner({"results": [{"query": "Lisbon", "results": []}]}) == []


def test_rows_that_hold_a_list_each_tell_what_is_in_it():
    talk = Talk("retrieval")
    talk.say("find my notes about Lisbon")
    lines = talk.told(_found(("Lisbon", {"text": "Trams"}), ("Porto", {"text": "Wine"}))).lines

    assert lines[1:] == ("1. query Lisbon: Trams", "2. query Porto: Wine")


def test_one_row_with_a_name_of_its_own_is_no_envelope():
    talk = Talk("acme")
    talk.say("list orders")

    assert talk.told('{"orders": [{"id": "A-10001", "lines": [{"sku": "x"}]}]}').lines[1:] == ("1. A-10001",)


@pytest.mark.parametrize(
    "text, language",
    [("weather in Oslo", "en"), ("la météo de Lyon", "fr"), ("上海天气", "zh-hans"), ("서울 날씨", "ko")],
)
def test_the_language_of_the_sentence_is_that_of_the_answer(text, language):
    assert Talk("weather").say(text).language == language


def test_a_name_alone_keeps_the_language_of_the_conversation():
    talk = Talk("weather")
    talk.say("Quel temps fait-il ?")

    assert talk.say("Oslo").language == "fr"


def test_why_has_what_was_chosen_by_which_words_and_what_came_next():
    why = Talk("acme").say("Show order A-10023").why

    assert (why["chosen"], why["words"]) == ("getOrder", ["Show", "order"])
    assert why["score"] > why["runner_up"]["score"] > 0 and why["runner_up"]["name"] != "getOrder"


def test_a_script_calls_with_its_groups_and_says_what_came():
    script = Script("regex", r"track (?P<id>A-\d+)", "call", "getOrder", '{"order_id": "{{id}}"}', "{{answer.total}} €")
    talk = Talk("acme", script)

    assert talk.say("Track A-10023").call == ("getOrder", '{"order_id":"A-10023"}')
    assert talk.told('{"total": 40.5}').lines == ("40.5 €",)


def test_a_script_may_be_for_the_second_sentence():
    talk = Talk("weather", Script("turn", "2", "say", text="Enough."))
    talk.say("Hello")

    assert talk.say("What is the weather in Oslo?").lines == ("Enough.",)


def test_without_an_action_it_says_so():
    assert answer([Message("user", "Hello")], ()).lines[0].startswith("This GPT has no action")


def test_odd_conversations_never_break_it():
    odd = [
        [],
        [Message("assistant", "Hello")],
        [Message("tool", "{}", answers="nobody")],
        [Message("user", "")],
        [Message("user", "{" * 50 + "\0" + "第" * 300)],
        [
            Message("user", "x"),
            Message("assistant", "", (Wish("1", "gone", "not json"),)),
            Message("tool", "[]", (), "1"),
        ],
    ]
    for messages in odd:
        assert answer(messages, corpus.tools("gateway")) is not None


def test_what_joins_values_is_read_in_time_that_grows_with_its_length():
    start = time.thread_time()
    turn = Talk("sport").say(f"Show the stats of players 3{',and' * 22} x 4")

    assert _arguments(turn) == {"player_ids[]": [3]}
    assert time.thread_time() - start < 1  # each more of them doubled it: 7 seconds


@pytest.mark.parametrize("text", [" ", "[", "A-12345,12.50,2026-11-27,shipped\n"])
def test_whatever_is_pasted_is_answered_soon(text):
    start = time.thread_time()
    turn = Talk("acme").say("Which of these orders are late? " + text * (32_000 // len(text)))

    assert turn.lines or turn.call
    assert time.thread_time() - start < 8  # without an end to what is read: minutes


def test_a_long_text_in_quotes_is_taken_whole():
    text = "It arrived broken. " * 150
    turn = Talk("acme").say(f'Open a ticket with the subject "Broken" and the text "{text}"')

    assert _arguments(turn)["text"].strip() == text.strip()


LONG = "Add milk to the list of ann. " + "Nobody reads all of this. " * 1_200


def test_a_sentence_that_was_not_read_to_its_end_says_so():
    talk = Talk("todo")
    turn = talk.say(LONG)
    assert turn.why["cut"] == {"read": READ, "of": len(LONG)}
    if turn.call:
        turn = talk.told("{}")
    assert turn.lines[-1] == f"Of the {len(LONG)} characters that you wrote I read {READ}."


@pytest.mark.parametrize(
    "text",
    [
        "Add milk to the list of ann",
        'Add to the list of ann "' + "milk " * 700 + '"',  # begins where it is read, and counts whole
        'Add to the list of ann {"todo": "' + "milk " * 600 + '"}',
        "Add milk to the list of ann" + " " * 3_000,
    ],
)
def test_what_counts_whole_is_not_said_to_be_cut(text):
    assert "cut" not in Talk("todo").say(text).why


def test_a_script_reads_more_and_tells_where_it_ends_in_the_panel_alone():
    talk = Talk("todo", Script("contains", "nobody", "say", text="Read."))
    turn = talk.say(LONG)
    assert (turn.why["cut"], turn.lines) == ({"read": HEARD, "of": len(LONG)}, ("Read.",))
    assert "cut" not in talk.say(LONG[:HEARD]).why
