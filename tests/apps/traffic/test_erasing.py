"""Calls go through one door: with their words, their share of every count, and the replays made of them."""

import time

import pytest
from django.utils import timezone

from actionstudio.apps.replay.models import Item, Replay, Run
from actionstudio.apps.traffic import erasing, pruning, storing
from actionstudio.apps.traffic.conversations import feeding
from actionstudio.apps.traffic.models import Conversation, DebugText, Exchange, Stored
from tests import make

pytestmark = pytest.mark.django_db
HOUR = 3_600_000
OLD = int(time.time() * 1000) - 30 * HOUR


def count() -> None:
    """Counts everything that is there."""
    ahead = time.time() + 60
    while feeding.step(ahead) or storing.step(ahead):
        pass


def talk(project, name: str, *at: int) -> list[int]:
    """A conversation of calls at these times; their ids."""
    return [make.exchange(project, at=one, conversation_id=name, response_body={"ok": True}).pk for one in at]


def test_calls_go_and_the_counts_agree_with_what_is_left():
    project, other = make.project(), make.project("other")
    ids = talk(project, "one", OLD, OLD + 1, OLD + 2)
    talk(other, "one", OLD)
    count()
    assert storing.amount(project.pk).calls == 3
    assert erasing.erase(project.pk, ids[:2]) == 2
    assert [*Exchange.objects.filter(project_id=project.pk).values_list("pk", flat=True)] == ids[2:]
    assert Conversation.objects.get(project_id=project.pk).calls == 1
    assert storing.amount(project.pk) == storing.Amount(1, storing.sized("id = %s", ids[2:])[0][2])
    assert storing.amount(other.pk).calls == 1


def test_the_last_call_of_a_conversation_takes_it_along_with_what_was_pasted():
    project = make.project()
    ids = talk(project, "one", OLD, OLD + 1)
    count()
    DebugText.objects.create(project_id=project.pk, key=Conversation.objects.get().key, text="[debug]")
    erasing.erase(project.pk, ids)
    assert not Conversation.objects.exists() and not DebugText.objects.exists()


def test_another_projects_calls_stay_whatever_ids_are_named():
    project, other = make.project(), make.project("other")
    theirs = make.exchange(other)
    assert erasing.erase(project.pk, [theirs.pk]) == 0
    assert Exchange.objects.filter(pk=theirs.pk).exists()


def test_replays_of_deleted_calls_go_and_a_run_keeps_its_number():
    project = make.project()
    one, two = make.exchange(project), make.exchange(project)
    gone = Replay.objects.create(project=project, exchange_id=one.pk)
    result = Replay.objects.create(project=project, exchange_id=two.pk, result_exchange_id=one.pk)
    kept = Replay.objects.create(project=project, exchange_id=two.pk)
    run = Run.objects.create(project=project, total=1, selection="q=user%3Acleo")
    Item.objects.create(run=run, n=0, exchange_id=one.pk, method="GET", path="/secret", replay=gone)
    erasing.erase(project.pk, [one.pk])
    assert [*Replay.objects.values_list("pk", flat=True)] == [kept.pk] and result.pk != kept.pk
    item = Item.objects.get()
    assert (item.path, item.replay) == ("…", None)
    assert Run.objects.get().selection == f"run={run.pk}", "the filter may name whose calls they were"


def test_deleting_can_be_stopped_between_two_steps_and_ended_later(monkeypatch):
    monkeypatch.setattr(erasing, "FIRST", 1)
    project = make.project()
    ids = [make.exchange(project).pk for _ in range(4)]

    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        erasing.erase(project.pk, ids, stop)
    assert Exchange.objects.count() == 3
    assert erasing.erase(project.pk, ids) == 3


def test_old_calls_go_with_conversations_that_are_over_and_others_are_counted_down(monkeypatch):
    monkeypatch.setattr(erasing, "FIRST", 2)
    project = make.project()
    talk(project, "over", *(OLD + n for n in range(5)))
    talk(project, "goes on", OLD + 5, OLD + 6, OLD + 20 * HOUR)
    count()
    cut = OLD + HOUR << 20
    assert erasing.erase_before(project.pk, cut) == 7
    left = Conversation.objects.get()
    assert (left.conversation_id, left.calls, left.first_id) == ("goes on", 1, Exchange.objects.get().pk)
    assert storing.amount(project.pk).calls == 1 and Stored.objects.count() == 1


def test_each_projects_bounds_decide(settings):
    settings.STUDIO_RETENTION_DAYS = 3
    usual = make.project("usual")
    short = make.project("short", keep_days=1)
    ever = make.project("ever", keep_days=0)
    few = make.project("few", keep_calls=2)
    day = 24 * HOUR
    now = int(time.time() * 1000)
    for project in (usual, short, ever, few):
        for days in (4, 2, 1.5, 0):
            make.exchange(project, at=int(now - days * day))
    assert pruning.prune() == 1 + 3 + 0 + 2
    assert [Exchange.objects.filter(project_id=one.pk).count() for one in (usual, short, ever, few)] == [3, 1, 4, 2]


def test_bytes_are_bounded_to_the_call(settings):
    settings.STUDIO_RETENTION_DAYS = 0
    project = make.project(keep_bytes=25_000)
    for n in range(10):
        make.exchange(project, at=OLD + n * HOUR // 3, response_body=b"x" * 9_000)
    count()
    pruning.prune()
    assert Exchange.objects.count() == 2
    assert storing.amount(project.pk).bytes <= 25_000


def test_what_the_log_keeps_is_counted_once_and_late_calls_wait():
    project = make.project()
    make.exchange(project, at=OLD)
    make.exchange(project, at=int(timezone.now().timestamp() * 1000))
    assert storing.step() == 1 and storing.step() == 0
    assert storing.amount(project.pk).calls == 1


def test_a_step_that_holds_the_log_too_long_is_followed_by_a_smaller_one(monkeypatch):
    monkeypatch.setattr(erasing, "AIM", 0.0)
    pace = erasing.Pace()
    with pace.step():
        pass
    assert pace.size == 1
