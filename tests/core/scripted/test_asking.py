"""What is missing is asked for: a figure alone is an answer, what does not fit is told of, what is quoted is taken."""

import json

import pytest

from tests.core.scripted.test_answering import Talk


def _arguments(turn) -> dict:
    return json.loads(turn.call[1])


@pytest.mark.parametrize(
    "project, first, answer, name, value",
    [
        ("acme", "refund A-10482, damaged", "12", "amount", 12),
        ("acme", "refund A-10482, damaged", "12.50", "amount", 12.5),
        ("acme", "refund A-10482, damaged", "it was 12.50 I think", "amount", 12.5),
        ("acme", "Rembourse A-10482, abîmée", "12,50", "amount", 12.5),
        ("acme", "Rembourse A-10482, abîmée", "1.234,50", "amount", 1234.5),
        ("acme", "订单A-10482退款，货物损坏", "12.5", "amount", 12.5),
        ("items", "create an item called Pen", "4.20", "price", 4.2),
    ],
)
def test_a_figure_alone_answers_the_question_for_a_number(project, first, answer, name, value):
    talk = Talk(project)
    assert talk.say(first).why["missing"] == [name]

    assert _arguments(talk.say(answer))[name] == value


@pytest.mark.parametrize(
    "project, first, answer, values",
    [
        ("acme", "refund order A-10482", "10.25, damaged", {"amount": 10.25, "reason": "damaged"}),
        ("acme", "refund order A-10482", "damaged 12.50", {"amount": 12.5, "reason": "damaged"}),
        ("acme", "Rembourse la commande A-10482", "12,50 et abîmée", {"amount": 12.5, "reason": "damaged"}),
        ("acme", "给订单A-10482退款", "12.5，损坏", {"amount": 12.5, "reason": "damaged"}),
        ("acme", "주문 A-10482 환불해줘", "12.5, 파손", {"amount": 12.5, "reason": "damaged"}),
        ("items", "add an item", "pen and 3.5", {"name": "pen", "price": 3.5}),
        ("items", "创建一个商品", "铅笔，2.5", {"name": "铅笔", "price": 2.5}),
        ("petstore", "Add a pet", "7, Rex", {"id": 7, "name": "Rex"}),
        ("todo", "Add a todo", "ann, buy milk", {"username": "ann", "todo": "buy milk"}),
    ],
)
def test_one_answer_brings_all_that_was_asked_for(project, first, answer, values):
    talk = Talk(project)
    assert talk.say(first).why["missing"] == list(values)

    assert values.items() <= _arguments(talk.say(answer)).items()


@pytest.mark.parametrize(
    "project, text, name, missing",
    [
        ("todo", "What is on my list?", "getTodos", ["username"]),
        ("todo", "Add milk", "addTodo", ["username"]),
        ("todo", "우유 추가해 줘", "addTodo", ["username"]),
        ("acme", "我要退货，订单号是A-1001", "refundOrder", ["order_id", "amount", "reason"]),
    ],
)
def test_an_everyday_sentence_that_does_not_say_all_is_asked_about(project, text, name, missing):
    why = Talk(project).say(text).why

    assert (why["chosen"], why["missing"]) == (name, missing)


def test_a_price_may_stand_before_its_korean_ending():
    assert _arguments(Talk("items").say("램프라는 상품을 12.5에 만들어 줘")) == {"name": "램프", "price": 12.5}


def test_a_figure_is_no_answer_where_the_schema_does_not_allow_it():
    talk = Talk("acme")
    talk.say("refund A-10482, damaged")

    assert talk.say("0").why["missing"] == ["amount"]


def test_of_several_that_are_missing_a_figure_is_the_number():
    talk = Talk("items")
    assert talk.say("add an item").why["missing"] == ["name", "price"]
    assert talk.say("3.5").why["missing"] == ["name"]

    assert _arguments(talk.say("Pen")) == {"name": "Pen", "price": 3.5}


@pytest.mark.parametrize(
    "text, name, price",
    [
        ('add the item "Pen" for 3.50', "Pen", 3.5),
        ('create an item "Pen" that costs 3.50', "Pen", 3.5),
        ('Ajoute l\'article "Stylo" au prix de 3,50 euros', "Stylo", 3.5),
        ("Ajoute un article « Stylo » à 3,50 €", "Stylo", 3.5),
        ("添加商品“铅笔”，价格2.5", "铅笔", 2.5),
        ("添加商品'铅笔'，价格2.5", "铅笔", 2.5),
        ("'연필'이라는 상품을 2.5유로에 추가해 줘", "연필", 2.5),
    ],
)
def test_what_is_quoted_goes_first_to_what_must_be_there(text, name, price):
    assert _arguments(Talk("items").say(text)) == {"name": name, "price": price}


def test_what_is_quoted_behind_its_own_word_stays_there():
    turn = Talk("items").say('create an item "Pen" with the description "Blue ink" for 2')

    assert _arguments(turn) == {"name": "Pen", "price": 2, "description": "Blue ink"}


@pytest.mark.parametrize(
    "project, text, line",
    [
        ("items", "get item abc", "“abc” is no number, and item id has to be one."),
        ("items", "查看商品abc", "“abc” is no number, and item id has to be one."),
        ("items", "show item 2.5", "“2.5” is not what item id may be."),
        ("acme", "refund for order 1042", "“1042” is not what order id may be."),
        ("acme", "show order ord_1001", "“ord_1001” is not what order id may be."),
    ],
)
def test_a_value_that_was_seen_and_does_not_fit_is_told_of_before_the_question(project, text, line):
    turn = Talk(project).say(text)

    assert turn.call is None and turn.lines[0] == line
    assert turn.lines[1].startswith("For ")


@pytest.mark.parametrize("answer, line", [("0", "“0” is not what amount may be."), ("cheap", "“cheap” is no number")])
def test_an_answer_that_does_not_fit_is_told_of_and_the_question_is_asked_again(answer, line):
    talk = Talk("acme")
    talk.say("refund A-10482, damaged")
    turn = talk.say(answer)

    assert turn.lines[0].startswith(line) and turn.why["missing"] == ["amount"]


@pytest.mark.parametrize("project, text", [("items", "show item"), ("acme", "show me my order please")])
def test_where_no_value_was_seen_the_question_alone_is_asked(project, text):
    assert Talk(project).say(text).lines[0].startswith("For ")


def test_the_number_behind_a_thing_is_not_money():
    assert "amount" in Talk("acme").say("refund for order 1042").why["missing"]
