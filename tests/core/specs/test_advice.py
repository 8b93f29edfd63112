"""Texts for the GPT editor."""

import pytest

from actionstudio.core import limits
from actionstudio.core.contract import Contract, Operation, Parameter
from actionstudio.core.specs import advice

LIST = Operation("GET", "/orders", "listOrders", summary="List the orders.")
ONE = Operation("GET", "/orders/{id}", "getOrder", summary="One order", parameters=(Parameter("id", "path", True),))
REFUND = Operation("POST", "/refunds", "refund", description="Refunds an order. Ask first.")


def test_instructions_name_each_action_and_those_that_change_things():
    text = advice.instructions(Contract(title="Orders", operations=(LIST, ONE, REFUND)))
    assert text.splitlines() == [
        "You answer with the help of Orders. Use its actions for facts about it instead of guessing.",
        "",
        "- listOrders: List the orders",
        "- getOrder: One order",
        "- refund: Refunds an order",
        "",
        "Before refund, say what will be changed and wait for a yes.",
        "",
        "If a call fails, say so and what the answer said; do not make up a result.",
    ]


def test_instructions_fit_however_many_actions_there_are():
    many = tuple(Operation("POST", f"/a{n}", f"operation_{n}", summary="Long " * 25) for n in range(200))
    text = advice.instructions(Contract(operations=many))
    assert len(text) <= limits.INSTRUCTIONS
    assert text.endswith("do not make up a result.")


def test_actions_without_a_text_are_named_and_hidden_ones_are_not():
    hidden = Operation("GET", "/h", "hidden", summary="Hidden", exposed=False)
    text = advice.instructions(Contract(operations=(Operation("GET", "/a", "listThings"), hidden)))
    assert "\n- listThings\n" in text
    assert "hidden" not in text
    assert "\n\n\n" not in text
    assert "- " not in advice.instructions(Contract())


def test_starters_begin_with_what_needs_least_and_changes_nothing():
    found = advice.starters(Contract(operations=(REFUND, ONE, LIST)))
    assert found == ["List the orders", "One order", "Refunds an order"]


def test_there_are_four_starters_at_most_and_none_twice():
    same = tuple(Operation("GET", f"/s{n}", f"s{n}", summary="Same") for n in range(3))
    names = ("Apples", "Pears", "Plums", "Grapes", "Nuts")
    more = tuple(Operation("GET", f"/{name}", name, summary=name) for name in names)
    assert advice.starters(Contract(operations=same + more)) == ["Same", "Apples", "Pears", "Plums"]
    assert advice.starters(Contract()) == []


def test_starters_that_say_nearly_the_same_are_one():
    texts = ("Thing 0", "Thing 1", "The thing", "Other things", "All other things")
    many = tuple(Operation("GET", f"/t{n}", f"t{n}", summary=text) for n, text in enumerate(texts))
    assert advice.starters(Contract(operations=many)) == ["Thing 0", "Other things"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("listThings", "List things"), ("get_user_by_id", "Get user by id"), ("GETUsers2", "GET users 2"), ("x", "X")],
)
def test_without_a_text_the_name_is_the_starter(name, words):
    assert advice.starters(Contract(operations=(Operation("GET", "/a", name),))) == [words]


def test_what_asks_is_what_chatgpt_asks_for():
    assert [advice.asks(op) for op in (LIST, REFUND)] == [False, True]
    assert advice.asks(Operation("GET", "/a", consequential=True))
    assert not advice.asks(Operation("POST", "/a", consequential=False))
