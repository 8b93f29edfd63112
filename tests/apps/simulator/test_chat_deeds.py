"""What a person does on a chat's page: done once, said when it cannot be done, and nothing typed is lost."""

import json

import pytest
from django.urls import reverse

from actionstudio.apps.simulator.chatting import crew
from actionstudio.apps.simulator.models import Chat, Message
from tests import make
from tests.apps.simulator import talks

pytestmark = pytest.mark.django_db(databases="__all__")
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}


@pytest.fixture
def turns(monkeypatch) -> list:
    """The turns that would have begun in threads."""
    begun: list = []
    monkeypatch.setattr(crew, "begin", begun.append)
    return begun


@pytest.fixture
def project(ann, client):
    client.force_login(ann)
    body = make.operation("POST", operation_id="refundOrder")
    return make.project("items", ann, make.contract(make.operation(), body))


@pytest.fixture
def asking(project, ann) -> Chat:
    """A chat that waits for a decision."""
    return talks.chat(project, ann, talks.user("Refund"), talks.answer(), talks.asks(), state="waiting")


@pytest.fixture
def post(client, turns):
    def post(chat, name: str, *more, part: bool = False, **data):
        url = reverse(f"simulator:chat-{name}", args=["items", chat.key, *more])
        return client.post(url, data, **(HTMX if part else {}))

    return post


def test_without_a_script_one_is_led_back_to_the_end_of_the_page(asking, post):
    answer = post(asking, "say", text="Hello")
    assert answer.status_code == 302 and answer["Location"] == f"/projects/items/simulator/{asking.key}/#end"


def test_htmx_gets_the_chat_as_it_is_then(asking, post, turns):
    answer = post(asking, "say", part=True, text="Hello")
    text = answer.content.decode()
    assert answer.status_code == 200 and text.lstrip().startswith('<div class="chat"')
    assert "Hello</div>" in text and "data-stop" in text and len(turns) == 1


def test_a_decision_carries_the_arguments_that_were_typed_though_the_document_has_others(asking, post, turns):
    wanted = {"order_id": "A-2", "amount": 5}
    typed = {"choice": "confirm", "how": "json", "arguments": json.dumps(wanted)}
    told = post(asking, "choose", asking.tip_id, **typed)
    assert told.status_code == 422 and 'name="warned" value="{&quot;order_id' in told.content.decode()
    assert Message.objects.get(pk=asking.tip_id).state == "waiting" and not turns
    post(asking, "choose", asking.tip_id, **typed, warned=json.dumps(wanted))
    message = Message.objects.get(pk=asking.tip_id)
    assert (message.data["choice"], message.data["edited"]) == ("confirm", True)
    assert json.loads(message.data["arguments"]) == wanted and len(turns) == 1


def test_a_decision_without_editing_sends_what_the_model_wrote(asking, post):
    before = Message.objects.get(pk=asking.tip_id).data["arguments"]
    post(asking, "choose", asking.tip_id, choice="deny")
    data = Message.objects.get(pk=asking.tip_id).data
    assert (data["choice"], data["arguments"], data.get("edited")) == ("deny", before, None)


@pytest.mark.parametrize("part", [True, False])
def test_arguments_that_are_no_json_are_not_sent_and_stay_typed(asking, post, turns, part):
    answer = post(asking, "choose", asking.tip_id, part=part, choice="confirm", how="json", arguments='{"a": oops')
    text = answer.content.decode()
    assert answer.status_code == 422 and "Not JSON, line 1" in text and "{&quot;a&quot;: oops</textarea>" in text
    assert Message.objects.get(pk=asking.tip_id).state == "waiting" and not turns


def test_whoever_denies_need_not_have_typed_json(asking, post):
    post(asking, "choose", asking.tip_id, choice="deny", how="json", arguments="{oops")
    assert Message.objects.get(pk=asking.tip_id).data["choice"] == "deny"


def test_what_was_typed_goes_along_from_json_to_json(asking, post, turns):
    answer = post(asking, "choose", asking.tip_id, choice="edit:json", how="json", arguments='{"order_id": "B"}')
    assert "&quot;order_id&quot;: &quot;B&quot;" in answer.content.decode() and not turns


@pytest.mark.parametrize("choice", ["edit:off", "edit:nothing"])
def test_editing_is_left_without_a_trace(asking, post, choice):
    answer = post(asking, "choose", asking.tip_id, part=True, choice=choice, how="json", arguments='{"order_id": "B"}')
    assert answer.status_code == 200 and "<textarea" in answer.content.decode()
    assert 'name="arguments"' not in answer.content.decode()


def test_a_card_is_decided_once(asking, post):
    post(asking, "choose", asking.tip_id, choice="confirm")
    answer = post(asking, "choose", asking.tip_id, choice="deny")
    assert answer.status_code == 422 and "This was decided already" in answer.content.decode()


def test_a_button_that_the_card_has_not_is_refused(asking, post, turns):
    assert post(asking, "choose", asking.tip_id, choice="always").status_code == 422 and not turns


def test_what_is_said_while_the_model_answers_stays_typed(asking, post):
    post(asking, "say", text="One")
    answer = post(asking, "say", text="Two <b>")
    text = answer.content.decode()
    assert answer.status_code == 422 and "Two &lt;b&gt;</textarea>" in text and 'id="say-err"' in text
    assert "Two" not in Message.objects.values_list("text", flat=True)


def test_an_edited_text_begins_a_branch_and_the_old_one_is_shown_again(asking, post):
    first = asking.messages.get(role="user")
    post(asking, "edit", first.pk, text="Refund A-2")
    text = post(asking, "stop", part=True).content.decode()
    assert "Refund A-2</div>" in text and "2/2" in text
    text = post(asking, "branch", part=True, message=str(first.pk)).content.decode()
    assert "Refund</div>" in text and "1/2" in text


@pytest.mark.parametrize("pk", ["", "x", "9" * 30, "-1"])
def test_a_version_that_is_none_is_not_there(asking, post, pk):
    assert post(asking, "branch", message=pk).status_code == 404


def test_a_new_try_begins_behind_what_was_said(project, ann, post, turns):
    chat = talks.chat(project, ann, talks.user("Hello"), talks.answer("Hi"))
    said = chat.messages.get(role="user")
    post(chat, "again", chat.tip_id)
    chat.refresh_from_db()
    assert (chat.tip_id, chat.state, len(turns)) == (said.pk, "running", 1)


def test_a_chat_is_deleted_also_while_it_is_at_work(asking, post):
    post(asking, "say", text="One")
    assert post(asking, "delete").status_code == 302 and not Chat.objects.filter(pk=asking.pk).exists()


def test_what_changes_something_takes_forms_alone(asking, client):
    for name in ("say", "stop", "resume", "branch", "change", "delete"):
        assert client.get(reverse(f"simulator:chat-{name}", args=["items", asking.key])).status_code == 405


def test_a_chat_begins_with_what_is_said_and_keeps_its_model(project, ann, client, turns):
    ours = ann.endpoints.create(name="Mine", base_url="https://m.test/v1", model="m-1")
    start = reverse("simulator:start", args=["items"])
    answer = client.post(start, {"text": "Hello", "model": str(ours.pk)})
    chat = Chat.objects.get()
    assert answer["Location"] == reverse("simulator:chat", args=["items", chat.key])
    assert (chat.endpoint, chat.title, chat.user, len(turns)) == (ours, "Hello", ann, 1)
    assert f'value="{ours.pk}" selected' in client.get(start).content.decode()


def test_a_starter_is_said_as_it_stands(project, client, turns):
    client.post(reverse("simulator:start", args=["items"]), {"text": "half a sent", "starter": "List the items"})
    assert Message.objects.get().text == "List the items"
