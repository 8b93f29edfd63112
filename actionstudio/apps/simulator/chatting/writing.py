"""The pen of an answer: its text reaches the row as it comes, but not more often than a reader can see."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.utils import timezone

from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.simulator.chatting import bells
from actionstudio.apps.simulator.chatting.holding import Lost
from actionstudio.apps.simulator.models import Message

EVERY = 0.1  # seconds between writes


class Pen:
    """Writes one message. Raises Lost when it is not being written any more: a person stopped it."""

    def __init__(self, message: Message, clock: Callable[[], float] = time.monotonic) -> None:
        self._message = message
        self._clock = clock
        self._parts: list[str] = []
        self._kept = 0  # parts that the row has
        self._at = -EVERY

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def write(self, text: str) -> None:
        """More text. What came since the last write is kept with the next one."""
        if text:
            self._parts.append(text)
        if self._kept < len(self._parts) and self._clock() - self._at >= EVERY:
            self.flush()

    def flush(self) -> None:
        """Writes all there is."""
        self._kept, self._at = len(self._parts), self._clock()
        rows = Message.objects.filter(pk=self._message.pk, state=Message.State.STREAMING)
        written = rows.update(text=self.text, updated=timezone.now())
        give_back()
        if not written:
            raise Lost
        bells.ring(self._message.chat_id)
