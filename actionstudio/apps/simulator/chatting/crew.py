"""The threads of this process that work on turns: a bounded number, waiting for models and servers most of their time.

They are daemons: a server that ends does not wait for them. What they leave half done is found by its missing beat.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

HANDS = 32  # turns at once in one process; more wait their turn
log = logging.getLogger(__name__)


class Crew:
    """Takes work from a queue with as many threads as it needs, ``hands`` at most. They are kept for the next work."""

    def __init__(self, hands: int = HANDS) -> None:
        self._hands = hands
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._open = 0  # pieces of work that are waiting or being done

    def begin(self, deed: Callable[[], None]) -> None:
        """Does ``deed`` in a thread, as soon as one is free."""
        with self._lock:
            self._open += 1
            fresh = self._open > self._threads and self._threads < self._hands
            self._threads += fresh
        self._work.put(deed)
        if fresh:
            threading.Thread(target=self._run, name="chat", daemon=True).start()

    def _run(self) -> None:
        while True:
            deed = self._work.get()
            try:
                deed()
            except Exception:
                log.exception("a turn ended badly")
            finally:
                with self._lock:
                    self._open -= 1


_crew = Crew()


def begin(deed: Callable[[], None]) -> None:
    """Does ``deed`` in a thread of this process. Call it after the transaction, or the thread may see nothing of it."""
    _crew.begin(deed)
