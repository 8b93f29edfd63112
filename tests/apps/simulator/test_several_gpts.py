"""A project with several GPTs: each chat is one's, whichever was chosen, and says whose."""

import pytest
from django.urls import reverse

from actionstudio.apps.simulator import setting
from actionstudio.apps.simulator.chatting import crew
from actionstudio.apps.simulator.models import Chat, Gpt
from actionstudio.apps.simulator.pages import finding
from tests import make
from tests.apps.simulator import talks

pytestmark = pytest.mark.django_db(databases="__all__")
START = "/projects/items/simulator/"


@pytest.fixture
def project(ann, client, monkeypatch):
    client.force_login(ann)
    monkeypatch.setattr(crew, "begin", lambda work: None)
    return make.project("items", ann)


@pytest.fixture
def second(project) -> Gpt:
    setting.first(project)
    return setting.make(project, {"name": "Second", "starters": ["Ask the second one"]})


def text(client, url: str, query: dict | None = None) -> str:
    answer = client.get(url, query or {})
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_gpt_is_no_choice(project, client):
    assert "start-gpt" not in text(client, START)


def test_a_chat_begins_with_the_gpt_that_was_chosen(second, client):
    client.post(START, {"text": "Hello", "gpt": second.key})
    client.post(START, {"text": "Hello"})
    assert [chat.gpt.name for chat in Chat.objects.order_by("pk")] == ["Second", "Items"]


def test_taking_another_gpt_shows_its_starters_and_keeps_what_was_typed(second, client):
    answer = client.post(START, {"text": "Half a sent", "gpt": second.key, "pick": "gpt"})
    page = answer.content.decode()
    assert "Ask the second one" in page and "Half a sent</textarea>" in page
    assert f'value="{second.key}" selected' in page and not Chat.objects.exists()


def test_the_list_says_whose_a_chat_is_or_shows_one_gpts_alone(second, project, ann, client):
    talks.chat(project, ann, talks.user("One"), title="With the first")
    Chat.objects.create(gpt=second, user=ann, title="With the second")
    both = text(client, START)
    assert "With the first" in both and "With the second" in both and "Acme Support GPT</td>" in both
    alone = text(client, START, {"gpt": second.key})
    assert "With the first" not in alone and "With the second" in alone and "All chats" in alone
    assert [row.title for row in finding.page(project, ann, "", second).rows] == ["With the second"]


def test_a_chat_says_whose_it_is_and_the_next_one_begins_there(second, ann, client):
    chat = Chat.objects.create(gpt=second, user=ann, conversation="c")
    page = text(client, reverse("simulator:chat", args=["items", chat.key]))
    assert "Chat with Second" in page and f'href="{START}?gpt={second.key}"' in page
    answer = client.post(reverse("simulator:chat-delete", args=["items", chat.key]))
    assert answer["Location"] == f"{START}?gpt={second.key}"


def test_the_gpts_pages_lead_to_a_chat_with_each(second, client):
    for url in (reverse("simulator:gpt", args=["items"]), reverse("simulator:gpt-edit", args=["items", second.key])):
        assert f'href="{START}?gpt={second.key}"' in text(client, url)


@pytest.mark.parametrize("key", ["g-none", "\0"])
def test_a_gpt_that_the_project_has_not_is_not_there(second, client, key):
    assert client.get(START, {"gpt": key}).status_code == 404


def test_another_projects_gpt_is_not_there(project, ann, client):
    other = setting.first(make.project("others", ann))
    assert client.post(START, {"text": "Hello", "gpt": other.key}).status_code == 404
