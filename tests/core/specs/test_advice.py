"""Texts for the GPT editor."""

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


def test_actions_without_a_text_and_hidden_ones_are_not_named():
    hidden = Operation("GET", "/h", "hidden", summary="Hidden", exposed=False)
    text = advice.instructions(Contract(operations=(Operation("GET", "/a", "a"), hidden)))
    assert "- " not in text
    assert "hidden" not in text
    assert "\n\n\n" not in text


def test_starters_begin_with_what_needs_least_and_changes_nothing():
    found = advice.starters(Contract(operations=(REFUND, ONE, LIST)))
    assert found == ["List the orders", "One order", "Refunds an order"]


def test_there_are_four_starters_at_most_and_none_twice():
    same = tuple(Operation("GET", f"/s{n}", f"s{n}", summary="Same") for n in range(3))
    more = tuple(Operation("GET", f"/m{n}", f"m{n}", summary=f"More {n}") for n in range(9))
    assert advice.starters(Contract(operations=same + more)) == ["Same", "More 0", "More 1", "More 2"]
    assert advice.starters(Contract()) == []


def test_what_asks_is_what_chatgpt_asks_for():
    assert [advice.asks(op) for op in (LIST, REFUND)] == [False, True]
    assert advice.asks(Operation("GET", "/a", consequential=True))
    assert not advice.asks(Operation("POST", "/a", consequential=False))
