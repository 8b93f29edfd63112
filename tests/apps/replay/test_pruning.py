"""What is older than the retention goes, in chunks; the rest stays."""

import datetime
import io
import time

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from actionstudio.apps.projects import deleting
from actionstudio.apps.replay.models import Replay
from actionstudio.apps.traffic import erasing
from actionstudio.apps.traffic.models import Exchange
from tests import make

pytestmark = pytest.mark.django_db
DAY = 86_400_000


def ago(days: float) -> int:
    return int(time.time() * 1000 - days * DAY)


def test_old_requests_go_in_chunks_and_new_ones_stay(monkeypatch, settings):
    monkeypatch.setattr(erasing, "FIRST", 3)
    settings.STUDIO_RETENTION_DAYS = 7
    project = make.project()
    for n in range(8):
        make.exchange(project, at=ago(8) + n)
    kept = make.exchange(project, at=ago(6))
    out = io.StringIO()
    call_command("studio_prune", days=7, stdout=out)
    assert out.getvalue() == "Removed 8 requests and 0 replays older than 7 days.\n"
    assert list(Exchange.objects.values_list("pk", flat=True)) == [kept.pk]


def test_old_replays_go_too():
    project = make.project()
    for days in (40, 1):
        row = Replay.objects.create(project=project, exchange_id=1)
        Replay.objects.filter(pk=row.pk).update(created=timezone.now() - datetime.timedelta(days=days))
    call_command("studio_prune", days=30, stdout=io.StringIO())
    assert Replay.objects.count() == 1


def test_zero_days_keep_everything():
    make.exchange(make.project(), at=1000)
    call_command("studio_prune", days=0, stdout=io.StringIO())
    assert Exchange.objects.count() == 1


def test_negative_days_are_refused():
    with pytest.raises(CommandError):
        call_command("studio_prune", days=-1)


def test_a_deleted_project_takes_its_requests_along(django_capture_on_commit_callbacks, monkeypatch):
    monkeypatch.setattr(erasing, "FIRST", 2)
    project, other = make.project(), make.project("other")
    for _ in range(5):
        make.exchange(project)
    kept = make.exchange(other)
    with django_capture_on_commit_callbacks(execute=True):
        deleting.delete(project, by=project.owner)
    assert list(Exchange.objects.values_list("pk", flat=True)) == [kept.pk]


def test_a_dry_run_only_tells():
    project = make.project()
    for n in range(3):
        make.exchange(project, at=ago(8) + n)
    out = io.StringIO()
    call_command("studio_prune", days=7, dry_run=True, stdout=out)
    assert out.getvalue() == "items: 3 requests would be removed.\n0 replays would be removed. Nothing was.\n"
    assert Exchange.objects.count() == 3
