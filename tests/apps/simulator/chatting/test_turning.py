"""A chat goes from what a person says over the calls to the answer, by rows alone."""

import json

import pytest
from django.utils import timezone

from actionstudio.apps.simulator import signing
from actionstudio.apps.simulator.chatting import asking, branching, holding, means, opening, talking, turning
from actionstudio.apps.simulator.models import Allowed, Chat, Grant, Message
from actionstudio.apps.simulator.pages import debugging
from actionstudio.apps.simulator.providers.provider import ProviderError, Reply, Text, Wish
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.contract import Parameter
from actionstudio.core.problem import Refused
from tests import make
from tests.apps.simulator.chatting.puppet import wish

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(chat: Chat) -> Chat:
    return Chat.objects.get(pk=chat.pk)


def lines(chat: Chat) -> list[str]:
    return [f"{one.role} {one.state}: {one.text}" for one in branching.shown(fresh(chat))]


def card(chat: Chat) -> Message:
    found = turning.waiting(fresh(chat))
    assert found is not None
    return found


def last_call(chat: Chat) -> Message:
    return [one for one in branching.shown(fresh(chat)) if one.role == "call"][-1]


def test_the_first_call_to_a_domain_asks_and_the_answer_follows(chat, model):
    puppet = model([wish("getItems")], "Two items.")
    turning.say(chat, "What is there?")
    assert fresh(chat).state == "waiting"
    assert [one["choice"] for one in card(chat).data["card"]["buttons"]] == ["allow", "always", "decline"]
    turning.choose(card(chat), "allow")
    assert fresh(chat).state == "idle"
    assert lines(chat) == [
        "user done: What is there?",
        "assistant done: ",
        "call done: getItems",
        "assistant done: Two items.",
    ]
    told = puppet.asked[1].messages
    assert [one.role for one in told] == ["user", "assistant", "tool"]
    assert json.loads(told[2].text) == {"ok": True}
    assert told[2].answers == "call_1"
    assert fresh(chat).title == "What is there?"


def test_a_call_knows_whether_the_document_says_that_it_asks(chat, model):
    model([wish("postItems")])
    turning.say(chat, "Add a cup")
    data = card(chat).data
    assert (data["card"]["kind"], data["consequential"], data["method"]) == ("confirm", None, "POST")
    assert "POST, and the document does not say" in str(
        debugging.of(chat.gpt.project, chat, branching.shown(chat), 0, "")
    )


def test_the_call_is_in_the_log_under_the_chats_conversation(chat, model):
    model([wish("getItems")])
    turning.say(chat, "Go")
    turning.choose(card(chat), "allow")
    attempt = last_call(chat).data["attempts"][0]
    row = Exchange.objects.get(pk=Exchange.private_id(attempt["exchange"]))
    assert (row.source, row.conversation_id) == ("simulator", chat.conversation)
    assert attempt["status"] == 200


def test_allow_holds_for_the_conversation_and_always_for_the_domain(chat, model):
    model([wish("getItems")], "One.", [wish("getItems")], "Two.")
    turning.say(chat, "First")
    turning.choose(card(chat), "allow")
    turning.say(fresh(chat), "Second")
    assert lines(chat)[-1] == "assistant done: Two."
    model([wish("getItems")], "Three.", [wish("getItems")], "Four.")
    other = opening.open(chat.gpt, chat.user)
    turning.say(other, "Third")
    turning.choose(card(other), "always")
    assert Allowed.objects.get().domain == last_call(other).data["domain"]
    third = opening.open(chat.gpt, chat.user)
    turning.say(third, "Fourth")
    assert lines(third)[-1] == "assistant done: Four."


def test_allow_holds_for_another_try_and_for_an_edit_too(chat, model):
    model([wish("getItems")], "One.", [wish("getItems")], "Two.", [wish("getItems")], "Three.")
    said = turning.say(chat, "First")
    turning.choose(card(chat), "allow")
    turning.again(branching.shown(fresh(chat))[-1])
    assert lines(chat)[-1] == "assistant done: Two."
    said.refresh_from_db()
    turning.edit(said, "Second")
    assert lines(chat)[-1] == "assistant done: Three."


def test_a_call_that_changes_something_is_asked_for_each_time(chat, model):
    model([wish("postItems")], "Made.", [wish("postItems")])
    turning.say(chat, "Make one")
    assert card(chat).data["card"]["kind"] == "confirm"
    turning.choose(card(chat), "confirm")
    turning.say(fresh(chat), "And another")
    assert fresh(chat).state == "waiting"


def test_always_is_no_button_of_a_card_that_confirms(chat, model):
    model([wish("postItems")])
    turning.say(chat, "Make one")
    with pytest.raises(Refused, match="no such button"):
        turning.choose(card(chat), "always")
    assert fresh(chat).state == "waiting"


@pytest.mark.parametrize(
    ("name", "choice", "pressed"),
    [("postItems", "allow", "confirm"), ("getItems", "confirm", "allow"),
     ("postItems", "decline", "deny"), ("getItems", "deny", "decline")],
)  # fmt: skip
def test_the_yes_and_the_no_of_either_card_do_for_both(chat, model, name, choice, pressed):
    model([wish(name)], "Well.")
    turning.say(chat, "Go")
    turning.choose(card(chat), choice)
    assert (last_call(chat).data["choice"], fresh(chat).state) == (pressed, "idle")


def test_a_declined_call_sends_nothing_and_the_model_hears_of_it(chat, model):
    puppet = model([wish("postItems")], "As you wish.")
    turning.say(chat, "Make one")
    turning.choose(card(chat), "deny")
    assert puppet.asked[1].messages[-1].text == "The user declined this action."
    assert not Exchange.objects.exists()
    assert last_call(chat).data["told_code"] == "declined"


def test_a_card_is_decided_once(chat, model):
    model([wish("getItems")])
    turning.say(chat, "Go")
    mine, theirs = card(chat), card(chat)
    turning.choose(mine, "decline")
    with pytest.raises(Refused, match="decided already"):
        turning.choose(theirs, "allow")
    assert not Exchange.objects.exists()


def test_an_argument_that_is_not_declared_is_refused_before_anybody_is_asked(chat, model):
    puppet = model([wish("getItems", wrong=1)])
    turning.say(chat, "Go")
    call = last_call(chat)
    assert call.data["refusal"]["message"] == "UnrecognizedKwargsError: wrong"
    assert call.state == "failed"
    assert puppet.asked[1].messages[-1].text == "UnrecognizedKwargsError: wrong"


def test_what_a_person_made_of_the_arguments_is_sent(ann, model):
    number = Parameter("id", "path", True, schema={"type": "string"})
    value = make.contract(make.operation("POST", "/items/{id}", operation_id="put", parameters=(number,)))
    project = make.project("more", ann, value)
    gpt = project.gpts.create(name="More")
    gpt.actions.create(address=project.addresses.get())
    chat = opening.open(gpt, ann)
    model([wish("put", id="1")])
    turning.say(chat, "Put it")
    turning.choose(card(chat), "confirm", '{"id": "2"}')
    call = last_call(chat)
    assert call.data["attempts"][0]["url"].endswith("/items/2")
    assert call.data["edited"] and json.loads(call.data["wish"]["arguments"]) == {"id": "1"}


def test_several_calls_of_one_answer_are_made_one_after_another(chat, model):
    puppet = model([wish("getItems", 1), wish("postItems", 2), wish("nothing", 3)], "All done.")
    turning.say(chat, "Do much")
    turning.choose(card(chat), "allow")
    turning.choose(card(chat), "confirm")
    told = puppet.asked[1].messages
    assert [one.answers for one in told if one.role == "tool"] == ["call_1", "call_2", "call_3"]
    assert told[-1].text == "The call was not made: There is no function called nothing."


def test_a_model_that_calls_on_and_on_is_stopped(chat, model):
    model(*[[wish("nothing")]] * 30)
    turning.say(chat, "Go")
    shown = branching.shown(fresh(chat))
    assert shown[-1].data["code"] == "limit"
    assert sum(one.role == "assistant" for one in shown) == talking.MOST_ANSWERS
    assert fresh(chat).state == "idle"


def test_a_model_that_cannot_be_reached_fails_and_can_be_asked_again(chat, model):
    model(ProviderError("Nobody answers at this address.", "unreachable"))
    turning.say(chat, "Go")
    failed = branching.shown(fresh(chat))[-1]
    assert (failed.state, failed.data["error"]["code"]) == ("failed", "unreachable")
    model("Here I am.")
    turning.resume(fresh(chat))
    assert lines(chat) == ["user done: Go", "assistant done: Here I am."]
    assert len(branching.branch(fresh(chat)).siblings(branching.shown(fresh(chat))[-1])) == 2


def test_an_edit_begins_another_branch_and_both_stay(chat, model):
    model("One.", "Two.")
    first = turning.say(chat, "First")
    turning.edit(first, "Second")
    assert lines(chat) == ["user done: Second", "assistant done: Two."]
    branch = branching.branch(fresh(chat))
    assert len(branch.siblings(branch.messages[0])) == 2
    turning.show(fresh(chat), first)
    assert lines(chat) == ["user done: First", "assistant done: One."]


def test_another_try_answers_again_with_its_calls(chat, model):
    model([wish("getItems")], "One.", [wish("getItems")], "Two.")
    turning.say(chat, "Go")
    turning.choose(card(chat), "always")
    turning.again(branching.shown(fresh(chat))[-1])
    assert lines(chat)[-1] == "assistant done: Two."
    assert Exchange.objects.count() == 2
    assert Message.objects.filter(chat=chat, role="user").count() == 1


def test_what_is_said_while_a_card_waits_leaves_the_card(chat, model):
    puppet = model([wish("postItems")], "Never mind.")
    turning.say(chat, "Make one")
    waiting = card(chat)
    turning.say(fresh(chat), "No, wait")
    assert lines(chat)[-3:] == ["call stopped: postItems", "user done: No, wait", "assistant done: Never mind."]
    assert puppet.asked[1].messages[-2].text == asking.UNDONE
    with pytest.raises(Refused):
        turning.choose(waiting, "confirm")


def test_a_stop_in_the_middle_of_a_text_keeps_what_was_written(chat, model):
    def endless(prompt, stopped):
        yield Text("So far ")
        turning.stop(fresh(chat))
        assert stopped()
        yield Text("and no further")
        yield Reply("So far and no further")

    model(endless, "More.")
    turning.say(chat, "Go")
    assert lines(chat)[-1] == "assistant stopped: So far "
    assert fresh(chat).state == "idle"
    turning.say(fresh(chat), "Go on")
    assert lines(chat)[-1] == "assistant done: More."


def test_a_stop_in_the_middle_of_a_call_tells_what_was_sent(chat, model, monkeypatch):
    real = means.perform

    def slow(*args):
        made = real(*args)
        if made.state == "sent":
            turning.stop(fresh(chat))
        return made

    monkeypatch.setattr(means, "perform", slow)
    model([wish("getItems")], "Not reached.")
    turning.say(chat, "Go")
    turning.choose(card(chat), "allow")
    call = last_call(chat)
    assert call.state == "stopped"
    assert call.data["attempts"][0]["status"] == 200
    assert call.data["told_code"] == "stopped"
    assert fresh(chat).state == "idle"


def test_two_tabs_cannot_both_say_something(chat, model):
    model("One.")
    mine, theirs = fresh(chat), fresh(chat)
    turning.say(mine, "Mine")
    with pytest.raises(Refused, match="gone on meanwhile"):
        turning.say(theirs, "Theirs")
    assert Message.objects.filter(role="user").count() == 1


def test_nothing_is_said_while_a_turn_is_at_work(chat, model):
    Chat.objects.filter(pk=chat.pk).update(state="running", holder="x")
    with pytest.raises(Refused, match="at work"):
        turning.say(fresh(chat), "Hello?")


@pytest.mark.parametrize("text", ["", "   ", "x" * 40_000])
def test_what_cannot_be_said_is_told(chat, model, text):
    with pytest.raises(Refused):
        turning.say(chat, text)
    assert not Message.objects.exists()


def test_the_prompt_is_shown_as_it_was_sent(chat, model):
    puppet = model([wish("getItems")], "Two.")
    turning.say(chat, "Go")
    turning.choose(card(chat), "allow")
    shown = branching.shown(fresh(chat))
    whole = asking.whole(shown[-1], shown)
    assert whole["instructions"] == "Be brief."
    assert "type getItems" in whole["namespaces"]
    assert [tool["name"] for tool in whole["tools"]] == ["getItems", "postItems"]
    assert [one["text"] for one in whole["messages"]] == [one.text for one in puppet.asked[1].messages]
    assert chat.sheets.count() == 1


def test_two_actions_that_call_an_operation_the_same_are_told_apart(chat, ann, model):
    other = make.project("others", ann, make.contract(make.operation()))
    chat.gpt.actions.create(address=other.addresses.get(), position=1)
    model([wish("getItems", 1), wish("getItems_2", 2)])
    turning.say(chat, "Go")
    turning.choose(card(chat), "allow")
    turning.choose(card(chat), "allow")
    hosts = [one.data["domain"] for one in branching.shown(fresh(chat)) if one.role == "call"]
    assert hosts[0] != hosts[1]
    assert set(Exchange.objects.values_list("project_id", flat=True)) == {chat.gpt.project_id, other.pk}


def test_an_action_whose_address_is_gone_leaves_the_others(chat, model, ann):
    chat.gpt.actions.create(url="https://nowhere.example/openapi.json", document="", position=1)
    puppet = model("Hello.")
    turning.say(chat, "Hello")
    assert [tool.name for tool in puppet.asked[0].tools] == ["getItems", "postItems"]


def test_arguments_that_are_no_json_are_refused_in_chatgpts_words(chat, model):
    puppet = model([Wish("call_1", "getItems", '{"a": ')])
    turning.say(chat, "Go")
    assert puppet.asked[1].messages[-1].text.startswith("ApiSyntaxError: Could not parse API call kwargs as JSON")
    assert not Exchange.objects.exists()


def test_our_own_fault_ends_the_turn_and_says_so(chat, model):
    model(lambda prompt, stopped: 1 / 0)
    turning.say(chat, "Go")
    assert branching.shown(fresh(chat))[-1].data["code"] == "error"
    assert fresh(chat).state == "interrupted"
    model("Better.")
    turning.resume(fresh(chat))
    assert lines(chat) == ["user done: Go", "assistant done: Better."]


def test_a_turn_whose_process_is_gone_is_interrupted_and_goes_on(chat, model):
    model("Never.")
    user = Message.objects.create(chat=chat, role="user", text="Go")
    half = Message.objects.create(chat=chat, parent=user, role="assistant", state="streaming", text="Half of")
    Chat.objects.filter(pk=chat.pk).update(state="running", holder="gone", tip=half, beat="2020-01-01T00:00Z")
    found = opening.find(chat.gpt.project, chat.user, chat.key)
    assert found.state == "interrupted"
    assert lines(chat) == ["user done: Go", "assistant failed: Half of"]
    model("The whole.")
    turning.resume(found)
    assert lines(chat) == ["user done: Go", "assistant done: The whole."]


@pytest.mark.parametrize(("name", "then"), [("getItems", "idle"), ("postItems", "waiting")])
def test_an_interrupted_call_is_made_again_only_where_that_harms_nobody(chat, model, name, then):
    model([wish(name)])
    turning.say(chat, "Go")
    waiting = card(chat)
    data = {**waiting.data, "choice": waiting.data["card"]["buttons"][0]["choice"], "begun": True}
    Message.objects.filter(pk=waiting.pk).update(state="streaming", data=data)
    Chat.objects.filter(pk=chat.pk).update(state="running", holder="gone", beat="2020-01-01T00:00Z")
    assert holding.reap() == 1
    model("Done.")
    turning.resume(fresh(chat))
    assert fresh(chat).state == then
    if then == "waiting":
        assert card(chat).data["card"]["again"]
        assert not Exchange.objects.exists()
        turning.choose(card(chat), "confirm")
        assert lines(chat)[-1] == "assistant done: Done."


def test_a_turn_that_lives_is_not_taken_for_dead(chat, model):
    Chat.objects.filter(pk=chat.pk).update(state="running", holder="alive", beat=timezone.now())
    assert holding.reap() == 0
    assert opening.find(chat.gpt.project, chat.user, chat.key).state == "running"


def test_nothing_to_go_on_with_is_told(chat, model):
    model("One.")
    turning.say(chat, "Go")
    with pytest.raises(Refused, match="nothing to go on"):
        turning.resume(fresh(chat))


def test_the_cost_of_a_branch_is_kept_with_its_answers(chat, model):
    model("One.")
    turning.say(chat, "Go")
    assert branching.shown(fresh(chat))[-1].usage == {"prompt": 10, "completion": 2, "dollars": 0.001, "ms": 5}


def test_a_user_who_must_sign_in_gets_a_card_and_the_call_goes_on_afterwards(chat, model, monkeypatch):
    signed = []
    monkeypatch.setattr(signing, "needed", lambda action, user: not signed)
    model([wish("getItems")], "Yours.")
    turning.say(chat, "Mine?")
    assert card(chat).data["card"]["kind"] == "sign-in"
    action = chat.gpt.actions.get()
    assert "fault" not in card(chat).data["card"]
    Grant.objects.create(action=action, user=chat.user, fault="The person said no: access_denied")
    turning.returned(action, chat.user)
    assert card(chat).data["card"]["kind"] == "sign-in"
    assert card(chat).data["card"]["fault"] == "The person said no: access_denied"
    signed.append(True)
    turning.returned(action, chat.user)
    assert card(chat).data["card"]["kind"] == "allow"
    turning.choose(card(chat), "allow")
    assert lines(chat)[-1] == "assistant done: Yours."
