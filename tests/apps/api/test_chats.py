"""Chats over the API: said, chosen, stopped, exported; and what cannot be done is told."""

import json

import pytest
from rest_framework.test import APIClient

from actionstudio.apps.simulator.chatting import exporting, means, streaming
from actionstudio.apps.simulator.models import Chat
from tests import make
from tests.apps.simulator.chatting.puppet import Puppet, wish

pytestmark = pytest.mark.django_db(transaction=True)
CHATS = "/api/v1/projects/items/simulator/chats/"


@pytest.fixture
def api(ann):
    make.project("items", ann, make.contract(make.operation(), make.operation("POST")))
    client = APIClient()
    client.force_authenticate(ann)
    return client


@pytest.fixture
def model(monkeypatch):
    return lambda *lines: monkeypatch.setattr(means, "provider", Puppet(*lines))


def test_a_chat_from_its_first_word_to_its_file(api, model):
    model([wish("postItems")], "Made `it`.")
    chat = api.post(CHATS, {"text": "Make one"}, format="json").json()
    assert (chat["state"], chat["model"]) == ("waiting", None)
    url = f"{CHATS}{chat['key']}/"
    choice = {"message": chat["waits"], "choice": "confirm", "arguments": {}}
    got = api.post(f"{url}choices/", choice, format="json")
    assert (got.status_code, got.json()["state"]) == (202, "idle")
    assert [one["role"] for one in got.json()["messages"]] == ["user", "assistant", "call", "assistant"]
    again = api.post(f"{url}choices/", choice, format="json")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "decided")
    whole = api.get(f"{url}export/").json()
    assert [one["text"] for one in whole["messages"]] == ["Make one", "", "postItems", "Made `it`."]
    assert next(iter(whole["sheets"].values()))["tools"]
    har = json.loads(api.get(f"{url}export/?as=har").content)
    entry = har["log"]["entries"][0]
    assert (entry["request"]["method"], entry["response"]["status"]) == ("POST", 200)
    told = api.get(f"{url}export/?as=markdown").content.decode()
    assert "Make one" in told and "postItems" in told and "Made `it`." in told
    assert api.get(f"{url}export/?as=pdf").status_code == 400


def test_the_calls_of_all_branches_are_in_the_archive_and_say_whether_they_are_shown(api, model):
    model([wish("getItems")], "One.", [wish("getItems", 1)], "Two.")
    chat = api.post(CHATS, {"text": "Read"}, format="json").json()
    url = f"{CHATS}{chat['key']}/"
    api.post(f"{url}choices/", {"message": chat["waits"], "choice": "allow"}, format="json")
    api.post(f"{url}messages/", {"text": "Read them", "instead_of": chat["messages"][0]["id"]}, format="json")
    entries = json.loads(api.get(f"{url}export/?as=har").content)["log"]["entries"]
    assert [one["_shown"] for one in entries] == [False, True]
    assert "not shown" in entries[0]["comment"] and "comment" not in entries[1]
    told = api.get(f"{url}export/?as=markdown").content.decode()
    assert "Two." in told and "One." not in told


def test_a_chat_is_with_the_gpt_of_its_key_and_listed_by_it(api, model):
    model("One.", "Two.")
    gpts = "/api/v1/projects/items/simulator/gpts/"
    key = api.post(gpts, {"name": "Second"}, format="json").json()["key"]
    chat = api.post(CHATS, {"text": "First", "gpt": key}, format="json").json()
    api.post(CHATS, {"text": "First"}, format="json")
    assert chat["gpt"] == key
    assert [one["key"] for one in api.get(CHATS, {"gpt": key}).json()["results"]] == [chat["key"]]
    got = api.get(CHATS, {"gpt": "g-none"})
    assert (got.status_code, got.json()["errors"][0]["pointer"]) == (400, "?gpt")
    assert api.delete(f"{CHATS}?gpt={key}").status_code == 204
    assert [one["gpt"] == key for one in api.get(CHATS).json()["results"]] == [False]
    assert api.delete(CHATS).status_code == 204
    assert api.get(CHATS).json()["results"] == []


def test_what_was_said_is_edited_and_both_branches_are_shown(api, model):
    model("One.", "Two.", "Three.")
    chat = api.post(CHATS, {"text": "First"}, format="json").json()
    url, first = f"{CHATS}{chat['key']}/", chat["messages"][0]["id"]
    edited = api.post(f"{url}messages/", {"text": "Second", "instead_of": first}, format="json").json()
    assert len(edited["messages"][0]["versions"]) == 2
    assert api.post(f"{url}messages/{first}/show/").json()["messages"][1]["text"] == "One."
    tried = api.post(f"{url}messages/{first}/again/").json()
    assert tried["messages"][1]["text"] == "Three."
    assert api.post(f"{url}resume/").status_code == 409
    assert api.patch(url, {"title": "Mine", "mode": "lenient"}, format="json").json()["mode"] == "lenient"
    assert [row["title"] for row in api.get(CHATS).json()["results"]] == ["Mine"]
    assert api.delete(url).status_code == 204
    assert api.get(url).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"text": ""}, "/text"), ({"model": 99}, "/model"), ({"gpt": "g-none"}, "/gpt"), ({"mode": "kind"}, "/mode")],
)
def test_what_no_chat_can_be_begun_with_is_told_and_nothing_is_kept(api, body, pointer):
    got = api.post(CHATS, body, format="json")
    assert (got.status_code, got.json()["errors"][0]["pointer"]) == (400, pointer)
    assert not Chat.objects.exists()


def test_a_chat_is_its_users_alone(api, model, eve):
    model("One.")
    chat = api.post(CHATS, {"text": "First"}, format="json").json()
    Chat.objects.update(user=eve)
    assert api.get(f"{CHATS}{chat['key']}/").status_code == 404
    assert api.get(CHATS).json()["results"] == []


def test_the_stream_tells_the_messages_and_ends_with_the_turn(api, model):
    model("One.")
    key = api.post(CHATS, {"text": "First"}, format="json").json()["key"]
    got = api.get(f"{CHATS}{key}/tail", headers={"accept": "text/event-stream"}).content.decode()
    names = [line.removeprefix("event: ") for line in got.splitlines() if line.startswith("event: ")]
    assert names == ["chat", "message", "message", "end"]


def test_an_answer_that_goes_on_is_told_by_what_is_new(api, model):
    model("One.")
    api.post(CHATS, {"text": "First"}, format="json")
    chat = Chat.objects.get()
    Chat.objects.update(state="running", holder="x", beat=chat.updated)
    rows = chat.messages.filter(role="assistant")
    rows.update(state="streaming", text="One")
    watch = streaming.Watch(chat)
    assert [name for name, _data in watch.look()] == ["chat", "message", "message"]
    assert watch.look() == []
    row = rows.get()
    row.text = "One and two"
    row.save()
    assert watch.look() == [("text", {"id": row.pk, "from": 3, "text": " and two"})]


def test_a_fence_in_a_file_is_longer_than_those_inside(api):
    assert exporting._fenced("", "a ``` b").startswith("````\n")


def test_files_come_with_what_is_said_and_can_be_fetched(api, model):
    model("One.", "Two.")
    file = {"name": "a.txt", "mime_type": "text/plain", "content": "aGVsbG8="}
    chat = api.post(CHATS, {"text": "First", "files": [file]}, format="json").json()
    (kept,) = chat["messages"][0]["data"]["files"]
    assert (kept["name"], kept["size"]) == ("a.txt", 5)
    got = api.get(f"/api/v1/projects/items/simulator/files/{kept['key']}/")
    assert (got.status_code, got.content) == (200, b"hello")
    url = f"{CHATS}{chat['key']}/messages/"
    said = api.post(url, {"text": "Second", "files": [file]}, format="json").json()
    assert said["messages"][2]["data"]["files"][0]["name"] == "a.txt"
    bad = api.post(url, {"text": "Third", "files": [{**file, "content": "&"}]}, format="json")
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (400, "/files/0/content")
    alone = api.post(CHATS, {"files": [file]}, format="json")
    assert (alone.status_code, alone.json()["errors"][0]["pointer"]) == (400, "/text")
    assert api.get("/api/v1/projects/items/simulator/files/file-none/").status_code == 404
