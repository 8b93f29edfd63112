"""Old runs go with all that is theirs; those that go on stay, and those that nobody works at are closed."""

import datetime

import pytest
from django.utils import timezone

from actionstudio.apps.replay.models import Item, Replay, Run
from actionstudio.apps.replay.runs import pruning
from tests import make

pytestmark = pytest.mark.django_db


def kept(project, days: int, state: str = "done", n: int = 3) -> Run:
    run = Run.objects.create(project=project, state=state, total=n)
    for number in range(1, n + 1):
        row = Replay.objects.create(project=project, run=run, exchange_id=number, call={"body": ""})
        Item.objects.create(run=run, n=number, exchange_id=number, method="GET", path="/items", replay=row)
    Run.objects.filter(pk=run.pk).update(created=timezone.now() - datetime.timedelta(days=days))
    return run


def test_old_runs_go_in_chunks_with_their_calls_and_replays(ann, monkeypatch):
    monkeypatch.setattr(pruning, "CHUNK", 2)
    project = make.project("shop", ann)
    kept(project, 40)
    new = kept(project, 1)
    assert pruning.prune(30) == 1
    assert list(Run.objects.all()) == [new]
    assert (Item.objects.count(), Replay.objects.count()) == (3, 3)


def test_zero_days_keep_everything(ann):
    kept(make.project("shop", ann), 400)
    assert pruning.prune(0) == 0
    assert Run.objects.exists()


def test_a_run_that_nobody_works_at_is_closed_and_what_was_typed_in_is_gone(ann):
    run = kept(make.project("shop", ann), 1, state="running")
    Run.objects.filter(pk=run.pk).update(sealed=b"1sealed")
    pruning.prune(30)
    run.refresh_from_db()
    assert (run.state, run.sealed) == ("failed", None)


def test_runs_quote_no_value_of_calls_that_were_deleted(ann):
    project = make.project("shop", ann)
    run = kept(project, 1)
    run.groups = [
        {"verdict": "changed", "operation": "", "kind": "value", "path": "$.name", "was": '"Mia"', "now": '"Zoe"'},
        {"verdict": "broken", "operation": "", "kind": "type", "path": "$.id", "was": "number", "now": "string"},
    ]
    run.save()
    pruning.forget(project.pk, [2])
    run.refresh_from_db()
    assert [one["was"] for one in run.groups] == ["", "number"]
