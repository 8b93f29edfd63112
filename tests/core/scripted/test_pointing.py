"""What is pointed at by its place in the answer before: the second one, in four languages."""

import json

import pytest

from tests.core.scripted.test_answering import Talk

PETS = '[{"id": 4, "name": "Mia"}, {"id": 9, "name": "Odd"}]'


@pytest.mark.parametrize(
    "first, second",
    [
        ("which pets do you have?", "and the second one?"),
        ("which pets do you have?", "what about the last one?"),
        ("which pets do you have?", "show me the second one"),
        ("quels animaux avez-vous ?", "et le deuxième ?"),
        ("quels animaux avez-vous ?", "le dernier"),
        ("有什么宠物？", "第二个呢？"),
        ("有什么宠物？", "看第二个"),
        ("有什么宠物？", "最后一个呢？"),
        ("동물 목록 보여줘", "두 번째는?"),
        ("동물 목록 보여줘", "두 번째 보여줘"),
        ("동물 목록 보여줘", "마지막은?"),
    ],
)
def test_a_place_alone_is_looked_up_in_the_answer_before(first, second):
    talk = Talk("petstore")
    assert talk.say(first).call[0] == "listPets"
    talk.told(PETS)

    assert talk.say(second).call == ("showPetById", '{"petId":"9"}')


def test_a_place_alone_is_nothing_where_no_answer_came_before():
    assert Talk("petstore").say("and the second one?").call is None


@pytest.mark.parametrize("text, number", [("一号商品多少钱？", 1), ("看看三号商品", 3), ("10号商品", 10)])
def test_a_number_before_a_chinese_no_is_a_number(text, number):
    assert json.loads(Talk("items").say(text).call[1]) == {"item_id": number}


@pytest.mark.parametrize("text", ["remove the last todo of ann", "删除小明的最后一个待办"])
def test_nobody_knows_which_number_the_last_one_has(text):
    assert Talk("todo").say(text).why["missing"] == ["todo_idx"]


def test_last_night_is_a_day_and_no_place():
    assert json.loads(Talk("sport").say("what was the score last night?").call[1]) == {"start_date": "2026-11-26"}
