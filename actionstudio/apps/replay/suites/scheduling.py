"""When a suite is due: by its schedule, and after every save of the contract. One process runs it, never two."""

from __future__ import annotations

import datetime
import logging

from django.db.models import Q
from django.utils import timezone

from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay.runs import reaching
from actionstudio.apps.replay.suites import running
from actionstudio.apps.replay.suites.models import Suite, SuiteRun
from actionstudio.core.problem import Refused

LOOK = 5.0  # seconds between two looks at what is due
AT_ONCE = 50  # suites that one look begins
Schedule = Suite.Schedule
log = logging.getLogger(__name__)


def next_time(suite: Suite, now: datetime.datetime) -> datetime.datetime | None:
    """When the schedule is due after ``now``; None when there is none. "Daily" is a time of the server's zone."""
    if suite.schedule == Schedule.MINUTES:
        return now + datetime.timedelta(minutes=max(1, suite.minutes))
    if suite.schedule == Schedule.HOURLY:
        return now.replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=1)
    if suite.schedule == Schedule.DAILY and suite.daily_at is not None:
        at = datetime.datetime.combine(now.date(), suite.daily_at, now.tzinfo)
        return at if at > now else at + datetime.timedelta(days=1)
    return None


def claim(suite: Suite, now: datetime.datetime) -> bool:
    """Takes the turn that is due, by moving the schedule on. False when another worker has taken it."""
    rows = Suite.objects.filter(pk=suite.pk, next_run=suite.next_run)
    return bool(rows.update(next_run=next_time(suite, now)))


def due(now: datetime.datetime | None = None) -> list[SuiteRun]:
    """Begins every suite whose time has come. Any number of workers may call this at once."""
    now = now or timezone.now()
    rows = Suite.objects.filter(next_run__lte=now).exclude(schedule=Schedule.OFF).select_related("project__owner")
    return [run for suite in rows[:AT_ONCE] if claim(suite, now) and (run := _begun(suite, SuiteRun.Cause.SCHEDULE))]


def saved(project: Project) -> list[SuiteRun]:
    """Begins the suites that run on every save. A run that waits already is enough: it meets the newest revision."""
    rows = Suite.objects.filter(Q(on_save=True), project=project).select_related("project__owner")
    return [run for suite in rows if (run := _begun(suite, SuiteRun.Cause.SAVE))]


def work() -> None:
    """What is due every few seconds."""
    due()
    running.tidy()


def _begun(suite: Suite, cause: str) -> SuiteRun | None:
    try:
        return running.start(suite, cause)
    except Refused as refused:
        log.info("suite %s is not run: %s", suite.pk, refused)
    except reaching.Unconfirmed:
        log.info("suite %s is not run: nobody has agreed to what it may change elsewhere", suite.pk)
    return None
