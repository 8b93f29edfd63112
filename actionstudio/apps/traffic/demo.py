"""The demo: Acme Orders with two versions and a day of calls, each of which the product really answered.

The calls go through a front door of their own with the house's contracts; it keeps the records instead of writing
them. They are then dated back over the last day and written to the log in one batch.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actionstudio.apps.design import editing
from actionstudio.apps.library import creating
from actionstudio.apps.library.starters import starter
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import DatabaseSource, base_urls
from actionstudio.apps.release import credentials
from actionstudio.apps.traffic.conversations import feeding
from actionstudio.apps.traffic.demo_calls import plan
from actionstudio.apps.traffic.models import SHIFT
from actionstudio.apps.web import htmx
from actionstudio.runtime.app import Frontdoor, frontdoor
from actionstudio.runtime.memory import MemoryStore
from actionstudio.runtime.ports import Record

STARTER = "acme"
WORKER = 63 << 14  # the bits of an id that say which process made it
SEQUENCE = (1 << 14) - 1  # the ids of the past count down from here: those of real calls of that moment counted up


class Kept:
    """runtime.ports.Sink: a list."""

    inline = True

    def __init__(self) -> None:
        self.records: list[Record] = []

    def write(self, records: Sequence[Record]) -> None:
        self.records += records


@login_required
@require_POST
def demo(request):
    """Opens the user's demo; the first time it is made."""
    project = open_for(request.user)
    return htmx.redirect(reverse("library:overview", args=[project.slug]), _("This is the demo. Delete it any time."))


def open_for(user) -> Project:
    """The demo of ``user``, made when there is none."""
    if project := _opened(user):
        return project
    try:
        with transaction.atomic():
            project = _make(user)
            records = rehearse(project)
            frontdoor().journal.write(*records)
    except IntegrityError:  # a double click: the other one was quicker
        if other := _opened(user):
            return other
        raise
    feeding.anew(project.pk)
    return project


def _opened(user) -> Project | None:
    return Project.objects.filter(owner=user, demo=True).first()


def _make(user) -> Project:
    """The project in two versions, so that there is something to compare."""
    value = starter(STARTER)
    first = dataclasses.replace(value, operations=value.operations[:-1])
    project = creating.create(user, first, description=_("Look up orders, issue refunds and open tickets for support."))
    project.demo = True
    project.save(update_fields=["demo"])
    editing.replace(project, value, by=user, note=_("Tickets can be updated"))
    return project


def rehearse(project: Project, now: int | None = None) -> list[Record]:
    """Makes the calls of the plan with a key of their own; the records, dated back. Nothing is written yet."""
    now = now or int(time.time() * 1000)
    address = project.addresses.get(primary=True)
    _row, key = credentials.mint(project, _("Demo"))
    kept = Kept()
    door = Frontdoor(DatabaseSource(), kept, MemoryStore())
    calls = plan(now, key, urlsplit(base_urls(address.name)[0]).netloc)
    for one in calls:
        door.call_blocking(address.name, one.call, source=one.source)
    made = zip(calls, kept.records, strict=True)
    return [record._replace(id=_past(record.id, one.at, n)) for n, (one, record) in enumerate(made)]


def _past(id_: int, at: int, number: int) -> int:
    """The id of the same process's call ``number`` at another time."""
    return at << SHIFT | id_ & WORKER | SEQUENCE - number
