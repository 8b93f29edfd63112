"""A chat as it goes on, for programs: server-sent events, found in the rows, whichever process writes them.

The events of a stream, each with JSON as its data and, as its id, how far the reader has seen by then:

``chat``     {"state", "tip", "title"}: first, and whenever one of them changes
``message``  {"id", "parent", "role", "state", "text", "data", "usage"}: it is new, or has changed
``text``     {"id", "from", "text"}: an answer goes on, ``from`` so many characters that the reader has
``end``      {"state"}: nobody works on the chat any more; close the stream, and open one when it goes on

A stream that is opened anew goes on from the id of its last event, or from ``after``. It may tell once more
what the reader knows: everything that it tells says how it is now, not what to add. Where nothing can be streamed, the
same address answers with what is new, and the reader asks again after ``retry``.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import translation

from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.simulator.chatting import bells, exporting, holding
from actionstudio.apps.simulator.models import Chat, Message
from actionstudio.apps.web import streams

NEAR = 0.1  # seconds between two looks when this process works on the chat: it tells when something has changed
FAR = 0.5  # seconds between two looks at what other processes have written
OVERLAP = datetime.timedelta(seconds=2)  # the clocks of two processes may differ that much
RETRY = 1_000  # milliseconds after which a reader that lost the stream asks again
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class Seen(NamedTuple):
    """How a reader knows a message."""

    state: str
    updated: datetime.datetime
    length: int


class Watch:
    """What one reader has seen of a chat. ``look`` gives the events since."""

    def __init__(self, chat: Chat, after: int = 0) -> None:
        self.chat_id = chat.pk
        self.after = after
        self.over = False
        self._told: dict[int, Seen] = {}
        self._chat: tuple[Any, ...] = ()

    def look(self) -> list[tuple[str, dict[str, Any]]]:
        """(event, data) for all that is new. ``over`` is true afterwards when nobody works on the chat any more."""
        chat = Chat.objects.select_related("gpt__project", "endpoint", "user").filter(pk=self.chat_id).first()
        if chat is None:
            self.over = True
            return [("end", {"state": "gone"})]
        holding.look(chat)
        edge = _EPOCH + datetime.timedelta(microseconds=self.after) - OVERLAP
        rows = Message.objects.filter(chat=chat, updated__gte=edge).order_by("pk")
        found = self._grown(rows)
        about = {"state": chat.state, "tip": chat.tip_id, "title": chat.title}
        if self._chat != (*about.values(),):
            self._chat = (*about.values(),)
            found.append(("chat", about))
        found += [("message", exporting.message(row)) for row in rows if self._news(row)]
        self._told |= {row.pk: Seen(row.state, row.updated, len(row.text)) for row in rows}
        self.after = max([self.after, *(_number(row.updated) for row in rows)])
        self.over = chat.state != Chat.State.RUNNING
        return [*found, ("end", {"state": chat.state})] if self.over else found

    def _grown(self, rows) -> list[tuple[str, dict[str, Any]]]:
        """Answers of which the reader has the beginning."""
        found = []
        for row in rows:
            seen = self._told.get(row.pk)
            if seen and not self._news(row) and len(row.text) > seen.length:
                found.append(("text", {"id": row.pk, "from": seen.length, "text": row.text[seen.length :]}))
        return found

    def _news(self, row: Message) -> bool:
        """Whether the message must be drawn: it is not just an answer that goes on."""
        seen = self._told.get(row.pk)
        if seen is None:
            return True
        grows = row.role == Message.Role.ASSISTANT and row.state == seen.state == Message.State.STREAMING
        return seen.updated != row.updated and not grows


def respond(request, watch: Watch) -> HttpResponse | StreamingHttpResponse:
    """The answer to a reader: a stream under ASGI, one finite answer under WSGI (an endless one holds a thread)."""
    after = request.headers.get("Last-Event-ID", "") or request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 18:
        watch.after = int(after)
    look = _looker(watch)
    return streams.answer(
        request, lambda: stream(watch, look), lambda: look() or f"id: {watch.after}\nretry: {RETRY}\ndata:\n\n"
    )


async def stream(
    watch: Watch,
    look: Callable[[], str],
    sleep=asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> AsyncIterator[str]:
    """Events until nobody works on the chat any more, or until the longest time is over."""
    over, patience = (lambda: watch.over), (lambda: FAR)
    events = bells.listen(watch.chat_id, look, over, patience, tick=NEAR, retry=RETRY, sleep=sleep, clock=clock)
    async for text in events:
        yield text


def _looker(watch: Watch) -> Callable[[], str]:
    """A look as text, in the reader's language, from whatever thread."""
    language = translation.get_language()

    def look() -> str:
        try:
            with translation.override(language):
                events = watch.look()
        finally:
            give_back()
        return "".join(_event(watch.after, name, data) for name, data in events)

    return look


def _event(after: int, name: str, data: dict[str, Any]) -> str:
    return f"id: {after}\nretry: {RETRY}\nevent: {name}\ndata: {json.dumps(data, default=str)}\n\n"


def _number(moment: datetime.datetime) -> int:
    return (moment - _EPOCH) // datetime.timedelta(microseconds=1)
