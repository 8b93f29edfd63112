"""Chats go: one, all of a person's in a project, and those that their project's retention no longer keeps."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.chatting import turning
from actionstudio.apps.simulator.models import Chat
from actionstudio.apps.traffic import pruning

CHUNK = 20


def delete(chats: QuerySet[Chat]) -> int:
    """Ends what is at work in these chats, and deletes them with their files; how many there were."""
    done = 0
    while rows := list(chats.order_by("pk")[:CHUNK]):
        for chat in rows:
            turning.stop(chat)
        Chat.objects.filter(pk__in=[chat.pk for chat in rows]).delete()
        done += len(rows)
    return done


def prune(days: int | None = None) -> int:
    """Removes chats in which nothing has happened for as long as their project keeps calls; how many."""
    return sum(delete(rows) for rows in _old(days))


def due(days: int | None = None) -> int:
    """How many chats ``prune`` would remove."""
    return sum(rows.count() for rows in _old(days))


def _old(days: int | None) -> Iterator[QuerySet[Chat]]:
    now = timezone.now()
    for project in Project.objects.filter(gpts__chats__isnull=False).distinct():
        if kept := pruning.bounds(project, days).days:
            edge = now - datetime.timedelta(days=kept)
            yield Chat.objects.filter(gpt__project=project, updated__lt=edge).exclude(state=Chat.State.RUNNING)
