"""The background worker as threads of the web process: quick work, bulk work, reaping, and what is due repeatedly."""

import logging
import threading
from collections.abc import Callable

from django.db import close_old_connections, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from actionstudio.apps.projects import jobs, leases

POLL = 1.0  # seconds between looks at the queue; work started in this process rings a bell and waits for nothing
REAP = 10.0
FIRST, DAY = 60.0, 24 * 3600.0  # daily work runs a minute after the start, then once a day

log = logging.getLogger(__name__)
_DAILY: list[Callable[[], object]] = []
_REPEATED: dict[str, tuple[float, Callable[[], object]]] = {}


def daily(work: Callable[[], object]) -> Callable[[], object]:
    """Marks ``work`` as due every day. It may run in several processes at once and must bear that."""
    if work not in _DAILY:
        _DAILY.append(work)
    return work


def every(seconds: float, name: str, work: Callable[[], object]) -> None:
    """Marks ``work`` as due every so many seconds, in one process at a time (it holds the lease of that ``name``).

    A process that is killed keeps its lease until that runs out: then another one takes over, and finds what was half
    done. The work itself must be short (below ``leases.LENGTH``), or renew the lease.
    """
    _REPEATED[name] = (seconds, work)


class EmbeddedWorker:
    """Start it when the server starts; ``stop`` waits for the work at hand."""

    QUEUES = {"fast": ["fast", "default"], "bulk": ["bulk"]}

    def __init__(self) -> None:
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._working: dict[str, Worker] = {}
        self._due = FIRST

    def start(self) -> None:
        """Begins to look for work."""
        jobs.stopping.clear()
        for bell, queues in self.QUEUES.items():
            self._begin(f"worker {bell}", self._work, bell, queues)
        self._begin("reaper", self._reap)
        self._begin("daily", self._every_day)
        for name, (seconds, work) in _REPEATED.items():
            self._begin(name, self._repeat, name, seconds, work)

    def stop(self, seconds: float = 10.0) -> None:
        """Takes no more work and waits for what is being done; long work hands over to the next process."""
        self._over.set()
        jobs.stopping.set()
        for worker in [*self._working.values()]:
            worker.running = False
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
        self._working[bell] = Worker(
            queue_names=queues,
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self._working[bell].running = not self._over.is_set()
        self._working[bell].run()
        if not self._over.is_set():
            close_old_connections()
            jobs.bells[bell].wait(POLL)

    def _reap(self) -> None:
        jobs.reap()
        self._rest(REAP)

    def _repeat(self, name: str, seconds: float, work: Callable[[], object]) -> None:
        if leases.hold(name):
            work()
        self._rest(seconds)
        if self._over.is_set():
            leases.release(name)

    def _rest(self, seconds: float) -> None:
        """Waits, and keeps no connection from others meanwhile: a pool has fewer than there are threads."""
        close_old_connections()
        self._over.wait(seconds)

    def _every_day(self) -> None:
        if self._over.wait(self._due):
            return
        self._due = DAY
        for work in _DAILY:
            work()
