"""The generated texts name what is really asked for, and hold no notes to their owner."""

import re

from actionstudio.core import policy
from actionstudio.core.auth import ApiKey, OAuth, UserHttp
from actionstudio.core.contract import Body, Contract, Media, Operation, Parameter

BODY = Body(content=(Media("application/json", {"type": "object", "properties": {"todo": {"type": "string"}}}),))
ADD = Operation("POST", "/todos/{user}", "add", "Add a todo.", parameters=(Parameter("user", "path"),), body=BODY)
HIDDEN = Operation("GET", "/secret", "secret", "Hidden", exposed=False)
TODO = Contract("Todo", operations=(ADD, HIDDEN))


def test_the_policy_lists_what_each_operation_receives():
    text = policy.privacy(TODO)
    assert "- **Add a todo**: `user`, `todo`" in text
    assert "Hidden" not in text


def test_the_policy_says_how_callers_are_known():
    assert "You do not sign in" in policy.privacy(TODO)
    assert "carries a secret" in policy.privacy(Contract(auth=ApiKey()))


def test_the_policy_says_how_long_calls_are_kept():
    assert "kept for 30 days" in policy.privacy(TODO, days=30)
    assert "kept for 1 day and" in policy.privacy(TODO, days=1)
    assert "until the maker of this action deletes them" in policy.privacy(TODO)


def test_the_contact_address_is_named_or_left_out():
    for text in (policy.privacy, policy.legal):
        assert "<ann@example.test>" in text(Contract(contact_email="ann@example.test"))
        assert not re.search(r"contact|write to|who is responsible|add ", text(Contract()), re.IGNORECASE)


def test_names_of_operations_cannot_break_the_page():
    text = policy.privacy(Contract(operations=(Operation("GET", "/a", summary="<b> [x](y)\n# z"),)))
    assert r"- **\<b\> \[x\](y) \# z**" in text


def test_long_lists_are_cut():
    many = tuple(Operation("GET", f"/{number}", summary=f"S{number}") for number in range(40))
    assert "- and so on for 10 more operations" in policy.privacy(Contract(operations=many))


def test_people_who_sign_in_read_what_is_kept_of_them_and_how_to_take_it_back():
    text = policy.privacy(Contract(auth=OAuth()))
    assert "account of your own here" in text
    assert "(connected)" in text
    assert "no account is made" not in text


def test_a_server_elsewhere_is_named():
    auth = OAuth((), "https://login.example.com/a", "https://login.example.com/t")
    text = policy.privacy(Contract(auth=auth))
    assert "sign in at login.example.com" in text
    assert "(connected)" not in text


def test_a_key_of_ones_own_shows_who_calls():
    assert "a key that was given to you" in policy.privacy(Contract(auth=UserHttp()))
