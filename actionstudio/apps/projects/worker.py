"""The background worker as threads of the web process: quick work, bulk work, reaping, and what is due every day."""

import logging
import threading
from collections.abc import Callable

from django.db import close_old_connections, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from actionstudio.apps.projects import jobs

POLL = 1.0  # seconds between looks at the queue; work started in this process rings a bell and waits for nothing
REAP = 10.0
FIRST, DAY = 60.0, 24 * 3600.0  # daily work runs a minute after the start, then once a day

log = logging.getLogger(__name__)
_DAILY: list[Callable[[], object]] = []


def daily(work: Callable[[], object]) -> Callable[[], object]:
    """Marks ``work`` as due every day. It may run in several processes at once and must bear that."""
    if work not in _DAILY:
        _DAILY.append(work)
    return work


class EmbeddedWorker:
    """Start it when the server starts; ``stop`` waits for the work at hand."""

    QUEUES = {"fast": ["fast", "default"], "bulk": ["bulk"]}

    def __init__(self) -> None:
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._due = FIRST

    def start(self) -> None:
        """Begins to look for work."""
        for bell, queues in self.QUEUES.items():
            self._begin(f"worker {bell}", self._work, bell, queues)
        self._begin("reaper", self._reap)
        self._begin("daily", self._every_day)

    def stop(self, seconds: float = 10.0) -> None:
        """Takes no more work and waits for what is being done."""
        self._over.set()
        for bell in jobs.bells.values():
            bell.set()
        for thread in self._threads:
            thread.join(seconds)

    def _begin(self, name: str, deed, *args) -> None:
        thread = threading.Thread(target=self._kept, args=(deed, *args), name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _kept(self, deed, *args) -> None:
        """A database that is away for a moment must not end the worker."""
        while not self._over.is_set():
            try:
                deed(*args)
            except Exception:
                log.exception("%s failed", threading.current_thread().name)
                self._over.wait(POLL)
            finally:
                close_old_connections()
        connections.close_all()

    def _work(self, bell: str, queues: list[str]) -> None:
        jobs.bells[bell].clear()
        Worker(
            queue_names=queues,
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        ).run()
        if not self._over.is_set():
            jobs.bells[bell].wait(POLL)

    def _reap(self) -> None:
        jobs.reap()
        self._over.wait(REAP)

    def _every_day(self) -> None:
        if self._over.wait(self._due):
            return
        self._due = DAY
        for work in _DAILY:
            work()
