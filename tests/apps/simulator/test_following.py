"""The stream of a chat's page: only what has changed, whoever wrote it, and never over what somebody is typing."""

import asyncio

import pytest
from django.urls import reverse
from django.utils import timezone

from actionstudio.apps.simulator.chatting import branching
from actionstudio.apps.simulator.models import Chat, Message
from actionstudio.apps.simulator.pages import following
from actionstudio.apps.simulator.pages.following import Follower
from tests import make
from tests.apps.simulator import talks

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def chat(ann) -> Chat:
    """A chat in which an answer is being written by another process."""
    made = talks.chat(
        make.project("items", ann), ann, talks.user("Go"), talks.answer("Once", state="streaming"), state="running"
    )
    Chat.objects.filter(pk=made.pk).update(holder="x", beat=timezone.now())
    made.refresh_from_db()
    return made


def follower(chat: Chat) -> Follower:
    """One whose page shows the chat as it is."""
    return Follower(chat.pk, following.seen(chat, branching.branch(chat)))


def write(chat: Chat, text: str, **fields) -> None:
    Message.objects.filter(pk=chat.tip_id).update(text=text, updated=timezone.now(), **fields)


def test_nothing_is_told_of_what_the_page_shows(chat):
    reader = follower(chat)
    assert reader.look() is None and reader.look() is None and not reader.over


def test_an_answer_that_goes_on_is_told_alone(chat):
    reader = follower(chat)
    write(chat, "Once upon")
    change = reader.look()
    assert (change.all, [one.text for one in change.messages]) == (False, ["Once upon"])
    assert reader.look() is None


def test_a_new_message_or_another_state_is_told_with_all(chat):
    reader = follower(chat)
    talks.add(chat, talks.call(state="streaming"))
    assert reader.look().all
    Chat.objects.filter(pk=chat.pk).update(state="idle", holder="")
    assert reader.look().all and reader.over


def test_a_card_that_the_page_shows_is_not_told_again(chat):
    """Its form may be half filled in."""
    talks.add(chat, talks.asks())
    Chat.objects.filter(pk=chat.pk).update(state="waiting", holder="")
    chat.refresh_from_db()
    reader = follower(chat)
    assert reader.look() is None and not reader.over


def test_a_page_that_was_away_is_told_what_it_missed(chat):
    seen = following.seen(chat, branching.branch(chat))
    write(chat, "Once upon a time.", state="done")
    Chat.objects.filter(pk=chat.pk).update(state="idle", holder="")
    change = Follower(chat.pk, seen).look()
    assert change.all and change.chat.state == "idle"


def test_a_chat_that_is_gone_ends_the_stream(chat):
    reader = follower(chat)
    chat.delete()
    assert reader.look() is None and reader.over


@pytest.mark.parametrize("seen", ["", "x", "1.running", "9" * 40, "1.idle.2-done-3.4", "..", "-1.running.a-b-c"])
def test_a_strange_mark_begins_from_nothing(chat, seen):
    assert Follower(chat.pk, seen).look().all


def test_an_event_keeps_every_line_that_somebody_wrote():
    made = following.event("<pre>a\n\nb\r\nc\u2028d</pre>")
    assert made.split("\n")[1:] == ["data: <pre>a", "data: ", "data: b", "data: c\u2028d</pre>", "", ""]


def test_a_server_that_cannot_stream_answers_once(chat, ann, client):
    client.force_login(ann)
    seen = following.seen(chat, branching.branch(chat))
    write(chat, "Once **upon**")
    url = reverse("simulator:chat-tail", args=["items", chat.key])
    answer = client.get(url, {"seen": seen})
    assert answer["Content-Type"] == "text/event-stream" and answer["Cache-Control"] == "no-store"
    text = answer.content.decode()
    assert f'hx-target="#m{chat.tip_id}"' in text and "<strong>upon</strong>" in text
    assert 'id="say"' not in text, "the field one types in is left alone"


def test_the_end_takes_the_stream_away_and_brings_send(chat, ann, client):
    client.force_login(ann)
    seen = following.seen(chat, branching.branch(chat))
    write(chat, "The end.", state="done")
    Chat.objects.filter(pk=chat.pk).update(state="idle", holder="")
    text = client.get(reverse("simulator:chat-tail", args=["items", chat.key]), {"seen": seen}).content.decode()
    assert "hx-sse:connect" not in text and 'form="composer"' in text
    assert 'id="chat-said">The end.</p>' in text and 'id="debug"' in text


def test_a_chosen_panel_stays_as_it_is(chat, ann, client):
    client.force_login(ann)
    talks.add(chat, talks.asks())
    url = reverse("simulator:chat-tail", args=["items", chat.key])
    assert 'id="debug"' not in client.get(url, {"seen": "", "at": str(chat.tip_id)}).content.decode()


def test_the_stream_ends_when_nothing_more_can_come(monkeypatch):
    looks = iter(["event one", "", "event two"])
    reader = Follower(1, "0.running")

    def look(_follower, _draw):
        text = next(looks)
        reader.over = text == "event two"
        return text

    monkeypatch.setattr(following, "_look", look)
    now = iter(range(0, 1000))

    async def heard():
        return [text async for text in following.stream(reader, str, _no_sleep, lambda: float(next(now)))]

    assert asyncio.run(heard())[1:] == ["event one", "event two"]


async def _no_sleep(_seconds: float) -> None:
    return None
