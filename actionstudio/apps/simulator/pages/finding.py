"""Whose chats one sees: one's own alone, in projects that one may see; all others are not there.

A chat may hold what a person signed in for, and answers that only this person was to see. So nobody else reads it, not
even who shares the project; what it called stands in the project's log, as any call does.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actionstudio.apps.projects import access
from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.chatting import opening
from actionstudio.apps.simulator.endpoints import offering
from actionstudio.apps.simulator.models import Chat, Endpoint, Gpt, Message
from actionstudio.apps.simulator.providers.scripted import LABEL as SCRIPTED

PAGE = 20


@dataclass(frozen=True)
class Page:
    """Chats, newest first; ``after`` is the key of the next page, or ""."""

    rows: list[Chat]
    after: str = ""


def chat(request, slug: str, key: str) -> tuple[Project, Chat]:
    """The project and the request's user's own chat of that key. Raises Http404."""
    project = access.viewable(request, slug)
    return project, opening.find(project, request.user, key)


def message(found: Chat, pk: int) -> Message:
    """One message of the chat. Raises Http404."""
    row = found.messages.filter(pk=pk).first()
    if row is None:
        raise Http404(_("No such message."))
    row.chat = found
    return row


def rows(project: Project, user, gpt: Gpt | None = None) -> QuerySet[Chat]:
    """The user's chats in the project, those with one GPT or all."""
    found = opening.of(project, user)
    return found if gpt is None else found.filter(gpt=gpt)


def page(project: Project, user, after: str = "", gpt: Gpt | None = None) -> Page:
    """The user's chats, those with one GPT or all, newest change first, beginning behind ``after``. One query however
    many there are."""
    found = rows(project, user, gpt)
    if key := _read(after):
        moment, pk = key
        found = found.filter(Q(updated__lt=moment) | Q(updated=moment, pk__lt=pk))
    chats = list(found.order_by("-updated", "-pk")[: PAGE + 1])
    if len(chats) <= PAGE:
        return Page(chats)
    last = chats[PAGE - 1]
    return Page(chats[:PAGE], f"{last.updated.isoformat()}_{last.pk}")


def _read(after: str) -> tuple[datetime.datetime, int] | None:
    moment, _mark, pk = after.partition("_")
    try:
        read = datetime.datetime.fromisoformat(moment)
        return (read, int(pk)) if read.tzinfo and 0 <= int(pk) < 1 << 63 else None
    except ValueError:
        return None


def model(user, value: str) -> Endpoint | None:
    """The chosen model; None: the scripted one. Raises Http404 for one that is not the user's to choose."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise Http404(_("No such model."))
    return offering.one(user, int(value))


def choices(user) -> list[tuple[str, str]]:
    """(value, label) of all models that the user may choose."""
    scripted = [("", _("%(label)s: rules choose and answer") % {"label": SCRIPTED})]
    return scripted + [(str(row.pk), f"{row.name} · {row.model}") for row in offering.offered(user)]


def label(found: Chat) -> str:
    """Which model answers in the chat."""
    return f"{found.endpoint.name} · {found.endpoint.model}" if found.endpoint else str(SCRIPTED)


def new_url(project: Project, found: Chat) -> str:
    """Where the next chat begins: with the same GPT, where the project has several."""
    start = reverse("simulator:start", args=[project.slug])
    return f"{start}?gpt={found.gpt.key}" if project.gpts.exclude(pk=found.gpt_id).exists() else start


def title(found: Chat) -> str:
    """What a chat is called: its title, else when it began."""
    when = date_format(timezone.localtime(found.created), "j M Y, H:i")
    return found.title or _("Chat of %(when)s") % {"when": when}
