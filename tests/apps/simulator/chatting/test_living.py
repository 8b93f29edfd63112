"""Which processes are alive: their turns go on; those of a process that ended here are marked without waiting."""

import pytest
from django.utils import timezone

from actionstudio.apps.simulator.chatting import holding, living, opening
from actionstudio.apps.simulator.models import Chat

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_turn_whose_process_ended_on_this_machine_is_marked_at_once(chat, model, tmp_path, monkeypatch):
    monkeypatch.setattr(living, "_folder", lambda: tmp_path)
    monkeypatch.setattr(living, "_held", {})
    held = living._hold(tmp_path, "0" * 8)  # as another process holds it
    token = "0" * 8 + "1" * 24
    Chat.objects.filter(pk=chat.pk).update(state="running", holder=token, beat=timezone.now())
    living.sweep()
    assert holding.reap() == 0 and opening.find(chat.gpt.project, chat.user, chat.key).state == "running"
    held.close()  # what the system does when that process ends
    assert opening.find(chat.gpt.project, chat.user, chat.key).state == "interrupted"
    Chat.objects.filter(pk=chat.pk).update(state="running", holder=token)
    assert holding.reap() == 1 and not list(tmp_path.iterdir())
    assert not living.gone(token), "of a process without a file nothing is known"


def test_a_process_holds_its_own_file_and_takes_none_of_its_own_turns_for_dead(chat, tmp_path, monkeypatch):
    monkeypatch.setattr(living, "_folder", lambda: tmp_path)
    monkeypatch.setattr(living, "_held", {})
    token = holding.claim(chat, ["idle"])
    assert len(token) == 32 and token.startswith(living.me()) and (tmp_path / living.me()).exists()
    assert not living._free(tmp_path / living.me()) and not living.gone(token)
    living.sweep()
    assert (tmp_path / living.me()).exists()
    living._held.popitem()[1].close()
    assert living.gone(token)
