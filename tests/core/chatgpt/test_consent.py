"""Before which calls the user is asked, and how: flag by method by earlier choice by domain."""

import itertools

import pytest

from actionstudio.core.chatgpt.consent import ALWAYS, BUTTONS, agreed, card, consequential, placeholder
from actionstudio.core.problem import Refused

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# (flag, method is GET) -> asked each time
EACH_TIME = {
    (True, True): True,
    (True, False): True,
    (False, True): False,
    (False, False): False,
    (None, True): False,
    (None, False): True,
}
# (always allowed, first call to the domain) -> the card of a call that is not asked for each time
OTHERS = {(True, True): None, (True, False): None, (False, True): "allow", (False, False): None}
TABLE = [*itertools.product((True, False, None), METHODS, (True, False), (True, False))]


@pytest.mark.parametrize(("flag", "method", "always", "first"), TABLE)
def test_the_card_follows_from_flag_method_earlier_choice_and_domain(flag, method, always, first):
    wanted = "confirm" if EACH_TIME[flag, method == "GET"] else OTHERS[always, first]
    found = card(flag, method, always, first, gpt="Todo GPT", domain="todo.example")
    assert (found.kind if found else None) == wanted
    assert consequential(flag, method) == (wanted == "confirm")
    if found is not None:
        assert found.buttons == BUTTONS[wanted]
        assert found.title == "Todo GPT wants to talk to todo.example"
        assert found.panel == "Todo GPT needs to send this info to todo.example"


def test_what_is_asked_each_time_cannot_be_allowed_for_good():
    each_time, once = card(True, "GET", False, True), card(False, "POST", False, True)
    assert each_time and ALWAYS not in each_time.buttons
    assert once and once.buttons == ("allow", "always", "decline")
    assert [text for _choice, text in once.labels] == ["Allow", "Always allow", "Decline"]
    assert [text for _choice, text in each_time.labels] == ["Confirm", "Deny"]


@pytest.mark.parametrize(("kind", "choice", "goes"), [
    ("confirm", "confirm", True), ("confirm", "allow", True), ("confirm", "deny", False), ("confirm", "decline", False),
    ("allow", "allow", True), ("allow", "always", True), ("allow", "confirm", True), ("allow", "decline", False),
])  # fmt: skip
def test_a_choice_lets_the_call_go_or_not(kind, choice, goes):
    asked = card(kind == "confirm", "POST", False, True)
    assert asked and agreed(asked, choice) is goes


@pytest.mark.parametrize(("kind", "choice"), [("confirm", "always"), ("confirm", "yes"), ("allow", "")])
def test_a_choice_that_is_not_on_the_card_is_refused_with_those_that_are(kind, choice):
    asked = card(kind == "confirm", "POST", False, True)
    with pytest.raises(Refused) as refused:
        agreed(asked, choice)
    assert refused.value.problems[0].pointer == "/consent"


def test_until_the_choice_a_placeholder_stands_for_the_answer():
    assert '"message": "The requested action requires approval"' in placeholder("addTodo", "todo.example", "g-1")
