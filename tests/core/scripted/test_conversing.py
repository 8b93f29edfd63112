"""What people say next: a greeting amid a question, another wish, the same again, two things in one sentence."""

import json
import time

import pytest

from actionstudio.core.scripted.talking import which
from tests.core.scripted import corpus
from tests.core.scripted.test_answering import Talk

PETS = '[{"id": 4, "name": "Mia"}, {"id": 9, "name": "Odd"}]'


def _arguments(turn) -> dict:
    return json.loads(turn.call[1])


@pytest.mark.parametrize(
    "question, small, answer, place",
    [
        ("météo", "bonjour", "Lyon", "Lyon"),
        ("天气", "你好", "上海", "上海"),
        ("날씨", "안녕하세요", "부산", "부산"),
        ("weather", "thanks", "Oslo", "Oslo"),
        ("weather", "what can you do?", "Oslo", "Oslo"),
        ("weather", "I don't know", "Oslo", "Oslo"),
        ("weather", "Why do you ask?", "Oslo", "Oslo"),
    ],
)
def test_small_talk_is_no_answer_and_the_question_is_asked_again(question, small, answer, place):
    talk = Talk("weather")
    talk.say(question)
    turn = talk.say(small)

    assert turn.call is None and any("I need to know" in line for line in turn.lines)
    assert _arguments(talk.say(answer)) == {"location": place}


@pytest.mark.parametrize("text", ["never mind", "cancel", "laisse tomber", "annule", "算了", "取消", "취소", "됐어"])
def test_a_question_that_is_let_go_is_forgotten(text):
    talk = Talk("weather")
    talk.say("weather")

    assert talk.say(text).lines == ("All right, I leave it.",)
    assert talk.say("Oslo").call is None


def test_another_verb_is_another_wish_and_never_an_answer_that_writes():
    talk = Talk("petstore")
    talk.say("List the pets")
    talk.told(PETS)
    assert talk.say("add a dog named Rex").why["missing"] == ["id"]

    assert talk.say("show me the second one").call == ("showPetById", '{"petId":"9"}')


def test_a_number_alone_with_a_polite_word_is_still_the_answer():
    talk = Talk("petstore")
    talk.say("add a dog named Rex")

    assert talk.say("number 7 please").call == ("createPets", '{"name":"Rex","tag":"dog","id":7}')


def test_a_sentence_of_two_parts_is_not_swallowed_by_a_question():
    talk = Talk("acme")
    talk.say("refund A-10023")
    assert talk.say("list all open orders and then refund the first one").call[0] == "listOrders"
    turn = talk.told('{"orders": [{"id": "A-10077", "total": 40}]}')

    assert turn.call is None and turn.why["missing"] == ["amount", "reason"]
    assert _arguments(talk.say("5 euros, it was late")) == {"order_id": "A-10077", "amount": 5, "reason": "late"}


def test_a_text_may_begin_with_a_verb_but_not_with_one_that_asks_to_be_shown_something():
    talk = Talk("todo")
    talk.say("add a todo for ann")
    assert _arguments(talk.say("call mum")) == {"username": "ann", "todo": "call mum"}

    talk = Talk("todo")
    talk.say("add a todo for ann")
    assert talk.say("show the list of bob").call == ("getTodos", '{"username":"bob"}')


@pytest.mark.parametrize(
    "text", ["It flickers after ten minutes", "Add one for Bob", "灯十分钟后闪烁", "램프가 10분 뒤에 깜박여"]
)
def test_a_text_that_was_asked_for_is_not_cut(text):
    talk = Talk("acme")
    talk.say("open a ticket")
    talk.say("the lamp flickers")

    assert _arguments(talk.say(text)) == {"subject": "the lamp flickers", "text": text}


def test_what_was_declined_and_what_was_shown_are_called_again_when_one_asks_for_it():
    talk = Talk("todo")
    talk.say("Show me the todos of ann")
    talk.told('["Milk"]')
    first = talk.say('Add "Buy bread" to the list of ann').call
    talk.told("The user declined this action.")

    assert talk.say("please add it after all").call == first
    talk.told("OK")
    assert talk.say("and now show it again").call == ("getTodos", '{"username":"ann"}')


@pytest.mark.parametrize("text", ["once more", "encore une fois", "再来一次", "다시 해줘"])
def test_the_same_again_in_four_languages(text):
    talk = Talk("weather")
    first = talk.say("What is the weather in Oslo?").call
    talk.told('{"temperature": 11}')

    assert talk.say(text).call == first


def test_the_second_part_may_name_what_it_shows_by_the_first_alone():
    talk = Talk("todo")
    assert talk.say("delete the first todo of alice, and then show what is left").call[0] == "deleteTodo"

    assert talk.told("OK").call == ("getTodos", '{"username":"alice"}')


def test_a_part_that_no_call_could_be_made_of_is_told():
    talk = Talk("acme")
    talk.say("show order A-10023 and then dance a tango")
    turn = talk.told('{"id": "A-10023"}')

    assert turn.call is None and "dance a tango" in turn.lines[-1]


@pytest.mark.parametrize("answer", ["the teams", "getTeams", "the second one", "2"])
def test_where_several_are_near_it_asks_which_and_takes_the_answer(answer):
    talk = Talk("sport")
    question = talk.say("show me the standings")
    assert question.call is None and "getTeams" in question.why["near"]

    assert talk.say(answer).call == ("getTeams", "{}")


def test_two_that_are_near_are_both_named():
    assert which(corpus.tools("conference")) == ("Did you mean getSpeakerSessions or getSpeakerTopics?",)


@pytest.mark.parametrize("text", ["what can you do?", "que peux-tu faire ?", "你能做什么？", "뭘 할 수 있어?"])
def test_what_it_can_do_is_listed_when_one_asks(text):
    lines = Talk("todo").say(text).lines

    assert not lines[0].startswith("Nothing here fits")
    assert any(line.startswith("- addTodo") for line in lines)


@pytest.mark.parametrize(
    "first, second, expected",
    [
        ("what's on bob's list?", "add bread", {"username": "bob", "todo": "bread"}),
        ("小明的清单", "添加面包", {"username": "小明", "todo": "面包"}),
    ],
)
def test_a_deed_alone_goes_on_with_whom_the_talk_was_of(first, second, expected):
    talk = Talk("todo")
    talk.say(first)
    talk.told('["Milk"]')
    turn = talk.say(second)

    assert turn.call[0] == "addTodo" and _arguments(turn) == expected
    assert "username" in turn.why["guessed"]
    assert Talk("todo").say(second).call is None, "without a call before nobody was spoken of"


@pytest.mark.parametrize("text", ["add the second one for " * 300, "내 문서에서 휴가와 " * 500 + "찾아줘"])
def test_a_long_text_that_was_pasted_is_answered_soon(text):
    began = time.process_time()
    Talk("todo").say(text)

    assert time.process_time() - began < 4
