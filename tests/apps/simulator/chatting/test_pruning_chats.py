"""Chats go with the retention of their project, or all at once when somebody wants it."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from actionstudio.apps.simulator import setting
from actionstudio.apps.simulator.chatting import pruning
from actionstudio.apps.simulator.models import Chat, Message
from tests import make
from tests.apps.simulator import talks

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def project(ann):
    return make.project("items", ann)


def aged(chat: Chat, days: int, **fields) -> Chat:
    Chat.objects.filter(pk=chat.pk).update(updated=timezone.now() - datetime.timedelta(days=days), **fields)
    return chat


def test_chats_go_when_nothing_has_happened_in_them_for_as_long_as_calls_are_kept(project, ann):
    project.keep_days = 3
    project.save()
    aged(talks.chat(project, ann, talks.user("Old"), talks.answer("Yes")), 4)
    aged(talks.chat(project, ann, talks.user("At work")), 4, state="running")
    new = aged(talks.chat(project, ann, talks.user("New")), 2)
    assert pruning.due() == 1
    assert pruning.prune() == 1
    assert new in Chat.objects.all() and Chat.objects.count() == 2
    assert not Message.objects.filter(text="Old").exists()


def test_a_project_that_keeps_everything_keeps_its_chats(project, ann):
    project.keep_days = 0
    project.save()
    aged(talks.chat(project, ann, talks.user("Old")), 4_000)
    assert pruning.prune(30) == 0


def test_the_command_tells_of_chats_and_removes_them(project, ann):
    aged(talks.chat(project, ann, talks.user("Old")), 40)
    said = StringIO()
    call_command("studio_prune", days=30, dry_run=True, stdout=said)
    assert "1 chats would be removed." in said.getvalue() and Chat.objects.exists()
    call_command("studio_prune", days=30, stdout=said)
    assert "Removed 1 chats." in said.getvalue() and not Chat.objects.exists()


def test_a_person_deletes_all_of_their_chats_in_a_project_or_those_with_one_gpt(project, ann, client):
    second = setting.make(project, {"name": "Second"}) if setting.first(project) else None
    talks.chat(project, ann, talks.user("One"))
    Chat.objects.create(gpt=second, user=ann)
    theirs = talks.chat(project, make.user("bob"), talks.user("Bob's"))
    elsewhere = talks.chat(make.project("others", ann), ann, talks.user("Elsewhere"))
    client.force_login(ann)
    clear = reverse("simulator:chats-clear", args=["items"])
    start = reverse("simulator:start", args=["items"])
    assert clear in client.get(start).content.decode()
    assert client.post(clear, {"gpt": second.key})["Location"] == f"{start}?gpt={second.key}"
    assert Chat.objects.count() == 3
    client.post(clear)
    assert set(Chat.objects.all()) == {theirs, elsewhere}
    assert client.get(clear).status_code == 405


def test_a_stranger_clears_nothing(project, ann, eve, client):
    talks.chat(project, ann, talks.user("One"))
    client.force_login(eve)
    assert client.post(reverse("simulator:chats-clear", args=["items"])).status_code == 404
    assert Chat.objects.exists()
