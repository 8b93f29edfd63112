"""What is not to be done is not done: denials in four languages, and what only looks like one."""

import json

import pytest

from tests.core.scripted.test_answering import Talk


@pytest.mark.parametrize(
    "project, text",
    [
        ("todo", "Please do not delete the first todo of ann"),
        ("todo", "Could you please not delete the first todo of ann"),
        ("todo", "The first todo of ann must not be deleted"),
        ("todo", "Don't add, change or delete anything on ann's list"),
        ("todo", "supprime pas la première tâche de Paul"),
        ("todo", "不要删除ann的第一个待办"),
        ("todo", "앤의 목록에 우유를 추가하지 마"),
        ("todo", "Never mind"),
    ],
)
def test_what_is_denied_is_left(project, text):
    turn = Talk(project).say(text)

    assert turn.call is None and turn.lines == ("All right, I leave it.",)


@pytest.mark.parametrize(
    "project, text, name, arguments",
    [
        (
            "todo",
            "Do not add anything, just tell me what is on the list of ann",
            "getTodos",
            {"username": "ann"},
        ),
        ("todo", "N'ajoute rien, montre la liste de bob", "getTodos", {"username": "bob"}),
        ("todo", "Show the todos of ann without deleting anything", "getTodos", {"username": "ann"}),
        ("todo", "不要添加，只看看小明的清单", "getTodos", {"username": "小明"}),
        ("todo", "앤의 첫 번째 할 일을 삭제하지 말고 보여줘", "getTodos", {"username": "앤"}),
        ("todo", "앤의 목록을 보여주고 아무것도 추가하지 마", "getTodos", {"username": "앤"}),
        ("todo", "Delete the second todo of ann, not the first", "deleteTodo", {"username": "ann", "todo_idx": 1}),
        ("petstore", "Don't delete anything. List the pets", "listPets", {}),
        ("acme", "Don't refund order A-10023, show it", "getOrder", {"order_id": "A-10023"}),
        ("acme", "List the orders that are not shipped", "listOrders", {}),
    ],
)
def test_what_is_wanted_beside_it_is_done(project, text, name, arguments):
    call = Talk(project).say(text).call

    assert (call[0], json.loads(call[1])) == (name, arguments)


@pytest.mark.parametrize(
    "text, todo",
    [
        ("Don't forget to add milk to ann's list", "milk"),
        ("Add milk to ann's list, don't forget!", "milk"),
        ('Add "do not delete the backup" to ann\'s list', "do not delete the backup"),
        ("Add to ann's list: call mum, do not delete the backup", "call mum, do not delete the backup"),
    ],
)
def test_a_value_may_deny_and_a_reminder_denies_nothing(text, todo):
    assert json.loads(Talk("todo").say(text).call[1]) == {"username": "ann", "todo": todo}


def test_a_question_that_waits_is_let_go_by_a_denial_and_a_text_that_was_asked_for_may_be_one():
    talk = Talk("acme")
    talk.say("Refund order A-10482")
    assert talk.say("do not refund it").lines == ("All right, I leave it.",)

    talk = Talk("todo")
    assert talk.say("Add a todo for ann").why["missing"] == ["todo"]
    assert json.loads(talk.say("do not delete the backup").call[1])["todo"] == "do not delete the backup"


def test_of_two_things_one_after_the_other_the_denied_one_is_passed_over():
    assert Talk("petstore").say("Don't delete anything, then list the pets").call == ("listPets", "{}")


@pytest.mark.parametrize(
    "text",
    [
        "Write me a poem about todo lists",
        "Raconte une blague sur les tâches",
        "写一首关于待办的诗",
        "할 일에 대한 시를 써 줘",
    ],
)
def test_what_the_model_itself_is_to_make_up_calls_nothing(text):
    turn = Talk("todo").say(text)

    assert turn.call is None and "missing" not in turn.why
