"""The calls of a run in lanes: those of one conversation one after another, conversations side by side."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable

from actionstudio.apps.replay.models import Item


class Lanes:
    """What is left to send. Threads take a lane and keep it until it is empty."""

    def __init__(self, items: Iterable[Item]) -> None:
        lanes: dict[str, deque[Item]] = {}
        for item in items:
            lanes.setdefault(item.conversation or f"\0{item.n}", deque()).append(item)
        self._lanes = deque(lanes.values())
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._lanes)

    def take(self) -> deque[Item] | None:
        """The lane whose first call came first; None when all are taken."""
        with self._lock:
            return self._lanes.popleft() if self._lanes else None
