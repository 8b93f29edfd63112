"""Chats go on beside each other and beside all else, and what a killed process was at can be read and gone on with."""

import os
import time

import pytest

from tests import openai_server, postgres
from tests.openai_server import Turn
from tests.stories.talker import SLOW, WORDS, Listener, Talker
from tests.studio import Studio


@pytest.fixture(scope="module")
def studio():
    """A studio that may ask a model on this computer."""
    database = os.environ.get("DATABASE_URL", "")
    workers = int(os.environ.get("STUDIO_WORKERS", "1")) if database else 1
    env = {**postgres.shared_cache(), "STUDIO_ALLOW_PRIVATE_UPSTREAMS": "1"}
    with Studio(workers=workers, database_url=database, env=env) as running:
        yield running


@pytest.fixture
def server():
    with openai_server.serving() as server:
        server.turns = [SLOW]
        yield server
        assert server.refused == []


def test_ten_chats_stream_at_once_and_pages_come_meanwhile(studio, server):
    talker = Talker(studio, server, "ten")
    ears = []
    for n in range(10):
        ears.append(Listener(talker, talker.open(f"Number {n}")["key"]))
        ears[-1].start()
    pages = []
    with studio.client("ann") as client:
        while not all(ear.over for ear in ears) and len(pages) < 200:
            began = time.monotonic()
            assert client.get("/projects/").status_code == 200
            pages.append((time.monotonic() - began, sum(not ear.over for ear in ears)))
            if len(pages) >= 5 and all(ear.pieces >= 5 for ear in ears):
                server.hurry.set()  # nothing more to learn from waiting
            time.sleep(0.1)
    for ear in ears:
        ear.join(60)
    assert all(ear.text == "".join(WORDS) for ear in ears)
    assert all(ear.pieces >= 5 for ear in ears), [ear.pieces for ear in ears]
    assert sum(going == 10 for _seconds, going in pages) >= 3, "pages were answered while all ten were at it"
    firsts = [next(at for at, name, _data in ear.events if name == "text") for ear in ears]
    lasts = [ear.events[-1][0] for ear in ears]
    assert max(firsts) < min(lasts), "none of them waited for another's end"


def test_a_chat_whose_process_is_killed_can_be_read_and_gone_on_with(studio, server):
    talker = Talker(studio, server, "killed")
    key = talker.open("Tell me all")["key"]
    talker.until(key, lambda chat: len(chat["messages"]) == 2 and "word3" in chat["messages"][1]["text"])
    studio.kill9()
    studio.start()
    half = talker.chat(key)["messages"][1]["text"]
    assert half.startswith("word0 word1 word2 word3")
    assert len(half) < len("".join(WORDS))
    chat = talker.chat(key)  # at once: the process that was at it is known to be gone
    assert (chat["state"], chat["messages"][1]["state"]) == ("interrupted", "failed")
    assert chat["messages"][1]["data"]["error"]["code"] == "interrupted"
    server.turns = [Turn(("All ", "of it."))]
    talker.send("POST", f"{talker.path}{key}/resume/")
    chat = talker.until(key, lambda chat: chat["state"] == "idle")
    assert [one["text"] for one in chat["messages"]] == ["Tell me all", "All of it."]
    assert len(chat["messages"][1]["versions"]) == 2, "the half that was written is kept beside it"


def test_a_stop_ends_an_answer_at_once_whichever_worker_takes_it(studio, server):
    talker = Talker(studio, server, "stopped")
    key = talker.open("Tell me all")["key"]
    talker.until(key, lambda chat: len(chat["messages"]) == 2 and "word2" in chat["messages"][1]["text"])
    began = time.monotonic()
    chat = talker.send("POST", f"{talker.path}{key}/stop/")
    assert (chat["state"], chat["messages"][1]["state"]) == ("idle", "stopped")
    assert server.left.wait(10), "the model's server is not listened to any more"
    assert time.monotonic() - began < 10
    assert talker.chat(key)["messages"][1]["text"] == chat["messages"][1]["text"]


def test_a_card_that_two_press_is_decided_once(studio, server):
    server.turns = [Turn(calls=(("postItems", "{}"),)), Turn(("Made.",))]
    talker = Talker(studio, server, "pressed")
    key = talker.open("Make one")["key"]
    chat = talker.until(key, lambda chat: chat["state"] == "waiting")
    wish = {"message": chat["waits"], "choice": "confirm"}
    talker.send("POST", f"{talker.path}{key}/choices/", wish)
    with pytest.raises(AssertionError, match="decided already|at work|gone on"):
        talker.send("POST", f"{talker.path}{key}/choices/", {**wish, "choice": "deny"})
    chat = talker.until(key, lambda chat: chat["state"] == "idle")
    assert [one["text"] for one in chat["messages"]] == ["Make one", "", "postItems", "Made."]
    assert chat["messages"][2]["data"]["attempts"][0]["status"] == 200
