"""The stream of a chat's page: what has changed since the page was drawn, as parts that htmx puts in their places.

Rows are the truth, so it does not matter in which process the turn is at work: one that is in this process rings a bell
(``chatting.bells``), and one elsewhere is looked for a few times a second while it writes.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from django.db.models import Max

from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.simulator.chatting import bells, branching, holding
from actionstudio.apps.simulator.models import Chat, Message

TICK = 0.08  # seconds between two glances at the bell
WRITING = 0.4  # seconds between looks at a turn that writes in another process
RESTING = 1.5  # seconds between looks at a chat that waits for its person
RETRY = 500  # milliseconds after which a client that lost the stream asks again
LINES = re.compile(r"\r\n|\r|\n")


@dataclass
class Change:
    """What is to be drawn. ``all``: the branch or the state is another; else only ``messages`` have changed."""

    chat: Chat
    branch: branching.Branch
    all: bool
    messages: list[Message] = field(default_factory=list)


class Follower:
    """What one reader of a chat has seen."""

    def __init__(self, chat_id: int, seen: str) -> None:
        self.chat_id = chat_id
        tip, _mark, rest = seen.partition(".")
        self._state, *versions = rest.split(".")
        self._tip = int(tip) if tip.isascii() and tip.isdigit() and len(tip) < 19 else 0
        self._open = {one.partition("-")[0]: one for one in versions}
        self._print: tuple | None = None
        self.over = False
        self.writing = self._state == Chat.State.RUNNING

    def look(self) -> Change | None:
        """What has changed since the last look; None: nothing. Sets ``over`` when no more can come."""
        chat = Chat.objects.select_related("gpt__project", "endpoint", "user").filter(pk=self.chat_id).first()
        if chat is None:
            self.over = True
            return None
        chat = holding.look(chat)
        newest = Message.objects.filter(chat=chat).aggregate(at=Max("updated"))["at"]
        known, self._print = self._print, (chat.state, chat.tip_id, newest)
        if known == self._print:
            return None
        return self._compared(chat)

    def _compared(self, chat: Chat) -> Change | None:
        branch = branching.branch(chat)
        now = {str(one.pk): version(one) for one in branch if is_open(one) or str(one.pk) in self._open}
        changed = [one for one in branch if now.get(str(one.pk), "") != self._open.get(str(one.pk), "")]
        every = (chat.tip_id or 0, chat.state) != (self._tip, self._state)
        self._tip, self._state, self._open = chat.tip_id or 0, chat.state, now
        self.writing = chat.state == Chat.State.RUNNING
        self.over = chat.state not in (Chat.State.RUNNING, Chat.State.WAITING)
        return Change(chat, branch, every, changed) if every or changed else None


def is_open(message: Message) -> bool:
    """Whether the message can still change."""
    return message.state in (Message.State.STREAMING, Message.State.WAITING)


def version(message: Message) -> str:
    """Changes whenever the message does."""
    return f"{message.pk}-{message.state}-{int(message.updated.timestamp() * 1_000_000)}"


def seen(chat: Chat, branch) -> str:
    """What a page that shows this branch has seen: for the address of its stream."""
    return ".".join([str(chat.tip_id or 0), chat.state, *(version(one) for one in branch if is_open(one))])


def once(follower: Follower, draw: Callable[[Change], str]) -> str:
    """What a server that cannot stream answers: what is new, then the end. The client comes back after RETRY."""
    change = follower.look()
    return event(draw(change)) if change else f"retry: {RETRY}\ndata:\n\n"


async def stream(
    follower: Follower,
    draw: Callable[[Change], str],
    sleep=asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> AsyncIterator[str]:
    """Events until nothing more can come, or until the longest time is over; then the client connects again."""
    events = bells.listen(
        follower.chat_id,
        lambda: _look(follower, draw),
        lambda: follower.over,
        lambda: WRITING if follower.writing else RESTING,
        tick=TICK,
        retry=RETRY,
        sleep=sleep,
        clock=clock,
    )
    async for text in events:
        yield text


def event(html: str) -> str:
    """One event. Every line of the text is kept: an empty one may be part of what somebody wrote."""
    data = "\n".join(f"data: {line}" for line in LINES.split(html))
    return f"retry: {RETRY}\n{data}\n\n"


def _look(follower: Follower, draw: Callable[[Change], str]) -> str:
    """A look in a thread of the pool. Its connections go back at once: a stream must not keep one for ten minutes."""
    try:
        change = follower.look()
        return event(draw(change)) if change else ""
    finally:
        give_back()
