"""Chats are begun, found, listed, named and deleted here."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from actionstudio.apps.simulator.chatting import holding
from actionstudio.apps.simulator.models import Chat, Endpoint, Gpt
from actionstudio.core.chatgpt import identity

TITLE = 60  # characters of what was said first


def open(gpt: Gpt, user, endpoint: Endpoint | None = None) -> Chat:
    """A new, empty chat of ``user`` with ``gpt``. ``endpoint`` is the model; None: the scripted one."""
    chat = Chat(gpt=gpt, user=user, endpoint=endpoint)
    chat.conversation = identity.conversation_id(f"chat {chat.key}")
    chat.save()
    return chat


def of(project, user) -> QuerySet[Chat]:
    """The chats of a user in a project, the newest change first."""
    return Chat.objects.filter(gpt__project=project, user=user).select_related("gpt__project", "endpoint", "user")


def find(project, user, key: str) -> Chat:
    """The chat of that key. One whose process was killed is marked as interrupted. Raises Http404."""
    chat = of(project, user).filter(key=key).first()
    if chat is None:
        raise Http404(_("No such chat."))
    return holding.look(chat)


def titled(text: str) -> str:
    """A chat's title by what was said first."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE else f"{line[: TITLE - 1].rstrip()}…"
