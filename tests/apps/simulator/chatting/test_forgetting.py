"""A logged call that somebody deletes is in no chat any more, nor what a rule hides when the past is hidden again."""

import json

import pytest

from actionstudio.apps.publishing.source import masks_of
from actionstudio.apps.simulator.calling import filing
from actionstudio.apps.simulator.chatting import branching, forgetting, opening, turning
from actionstudio.apps.simulator.models import Chat, File, Message
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.contract import Body, Media
from actionstudio.core.hiding import Masks
from tests import make
from tests.apps.simulator.chatting.puppet import wish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def telling(ann) -> Chat:
    """A chat whose GPT can send three texts."""
    fields = {name: {"type": "string"} for name in ("secret", "pin", "note")}
    body = Body(content=(Media("application/json", {"type": "object", "properties": fields}),))
    project = make.project("items", ann, make.contract(make.operation("POST", body=body)))
    gpt = project.gpts.create(name="Items")
    gpt.actions.create(address=project.addresses.get())
    return opening.open(gpt, ann)


def fresh(chat: Chat) -> Chat:
    return Chat.objects.get(pk=chat.pk)


def called(chat: Chat, name: str = "getItems", choice: str = "allow") -> int:
    """Says something, lets the call go, and returns its row in the log."""
    turning.say(fresh(chat), "Go")
    turning.choose(turning.waiting(fresh(chat)), choice)
    return Exchange.objects.order_by("-pk").values_list("pk", flat=True)[0]


def test_a_deleted_call_leaves_neither_its_answer_nor_its_arguments(chat, model):
    model([wish("getItems")], "Fine.")
    pk = called(chat)
    assert forgetting.forget(chat.gpt.project_id, [pk + 1]) == 0
    assert forgetting.forget(chat.gpt.project_id, [pk]) == 1
    call = branching.shown(fresh(chat))[2]
    assert (call.data["attempts"], call.data["told"]) == ([], forgetting.FORGOTTEN)
    turning.say(fresh(chat), "And now?")
    assert branching.shown(fresh(chat))[-1].text == "Done."


def test_what_other_messages_hold_of_it_goes_too(telling, model):
    model([wish("postItems", secret="tell-nobody")], "It says tell-nobody.", "That was it.")
    pk = called(telling, choice="confirm")
    turning.say(fresh(telling), "Thanks")
    for one in Message.objects.filter(role="assistant"):  # as a model behind a server leaves it
        one.data["raw"] = {"request": {"messages": ["tell-nobody"]}, "response": None}
        one.save()
    forgetting.forget(telling.gpt.project_id, [pk])
    kept = json.dumps([[one.text, one.data] for one in Message.objects.all()])
    assert "tell-nobody" not in kept
    texts = [one.text for one in branching.shown(fresh(telling))]
    assert texts[3:] == [forgetting.FORGOTTEN, "Thanks", "That was it."]


def test_a_call_to_the_address_of_another_project_is_found_by_its_conversation(chat, model, ann):
    other = make.project("others", ann, make.contract(make.operation()))
    chat.gpt.actions.create(address=other.addresses.get(), position=1)
    model([wish("getItems_2")], "Fine.")
    pk = called(chat)
    assert forgetting.forget(other.pk, [pk]) == 1


def test_files_that_the_call_brought_are_deleted(chat, model):
    model([wish("getItems")], "Fine.")
    pk = called(chat)
    row = filing.keep(chat.gpt.project, "a.txt", "text/plain", b"a", brought=True)
    call = Message.objects.get(role="call")
    call.data["files"] = [{"key": row.key, "name": "a.txt", "mime_type": "text/plain", "size": 1}]
    call.save()
    forgetting.forget(chat.gpt.project_id, [pk])
    assert not File.objects.exists()


def test_a_turn_that_is_at_work_is_stopped(chat, model):
    model([wish("getItems")], "Fine.")
    pk = called(chat)
    Chat.objects.filter(pk=chat.pk).update(state="running", holder="x")
    forgetting.forget(chat.gpt.project_id, [pk])
    assert fresh(chat).state == "idle"


def test_hiding_again_hides_in_chats_what_rules_hide(telling, model):
    model([wish("postItems", pin="4711-hidden", note="open")], "Your pin is 4711-hidden.")
    called(telling, choice="confirm")
    project = telling.gpt.project
    assert forgetting.again(project, masks_of(project)) == 0
    assert forgetting.again(project, frozenset({"pin"})) == 1
    kept = json.dumps([[one.text, one.data] for one in Message.objects.all()])
    assert "4711-hidden" not in kept and "open" in kept and forgetting.HIDDEN in kept
    assert forgetting.again(project, frozenset({"pin"})) == 0


def test_bodies_of_an_operation_that_are_no_longer_kept_go_from_its_calls_alone(telling, model):
    model([wish("postItems", note="open")], "Done.")
    called(telling, choice="confirm")
    project = telling.gpt.project
    assert forgetting.again(project, Masks(bodyless=["getItems"])) == 0
    assert forgetting.again(project, Masks(bodyless=["postItems"])) == 1
    call = Message.objects.get(role="call")
    assert [call.data["attempts"][0][f"{side}_body"] for side in ("request", "response")] == ["", ""]
