"""Runs: something of many pieces that a job does in turns of some seconds, or a command in one go.

A turn ends when its time is up, when the process is about to stop, or when the run is cancelled; what was begun is
waited for. Each kind of run says what a turn takes and how one is closed; that all end by the same rules is said here.
"""

from __future__ import annotations

import datetime
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from actionstudio.apps.projects import jobs
from actionstudio.core.problem import Refused

TURN = 15.0  # seconds; then other work of the queue gets its turn
LOOK = 0.5  # seconds between two looks at whether it was cancelled
type Close = Callable[[Any, str, str], bool]  # the run, its state now, why; False: it was over already
log = logging.getLogger(__name__)


def work(progress: jobs.Progress, run: Any, take: Callable[[], int], close: Close) -> dict:
    """One turn of a run, which ``take`` does; it says how much is left. Raises jobs.Again while anything is, and
    jobs.Cancelled when no more is wanted."""
    try:
        left = take()
    except jobs.Cancelled:
        close(run, run.State.CANCELLED, "")
        raise
    except Refused as refused:
        close(run, run.State.FAILED, "; ".join(str(one.message) for one in refused.problems))
        raise
    except (OperationalError, InterfaceError):
        log.warning("%s %s waits: the database cannot be reached", type(run).__name__, run.pk, exc_info=True)
        time.sleep(LOOK)
        raise jobs.Again from None
    if left:
        raise jobs.Again
    try:
        with progress.finishing():
            close(run, run.State.DONE, "")
    except jobs.Cancelled:
        close(run, run.State.CANCELLED, "")
        raise
    return {}


def through(run: Any, take: Callable[[], int], close: Close) -> None:
    """All of a run here and now, in this process."""
    try:
        take()
        close(run, run.State.DONE, "")
    except BaseException as error:
        close(run, run.State.FAILED, str(error) if isinstance(error, Refused) else _("This run was interrupted."))
        raise
    run.refresh_from_db()


def cancel(run: Any, close: Close) -> None:
    """Stops a run: nothing more is begun."""
    if run.over:
        return
    if run.job is not None:
        jobs.cancel(run.job)
        run.job.refresh_from_db()
    if run.job is None or run.job.over:
        close(run, run.State.CANCELLED, "")


def look(run: Any, close: Close, quiet: datetime.timedelta | None = None) -> Any:
    """The run as it is. One whose job ended without it (a worker that was killed too often), or whose command has shown
    no sign of life for ``quiet``, is closed here."""
    job = run.job
    if not run.over and (job.over if job is not None else _quiet(run, quiet)):
        cancelled = job is not None and job.state == job.State.CANCELLED
        error = "" if cancelled or job is None else job.error
        close(run, run.State.CANCELLED if cancelled else run.State.FAILED, error or _("This run was interrupted."))
        run.refresh_from_db()
    return run


def _quiet(run: Any, quiet: datetime.timedelta | None) -> bool:
    return quiet is None or run.beat is None or run.beat < timezone.now() - quiet


class Turn:
    """Some seconds of a run; all of it when there is no end to them (``until`` None). ``tell`` shows where it is and
    raises jobs.Cancelled. A kind of run says in ``do`` what one of the crew does until ``over()``."""

    def __init__(self, name: str, tell: Callable[[str, int], object], until: float | None) -> None:
        self._name, self._tell, self._until = name, tell, until
        self._told_at = 0.0
        self._lock = threading.Lock()
        self.line = ""  # of what was begun last
        self.ended = 0

    def do(self, over: Callable[[], bool]) -> None:
        raise NotImplementedError

    def go(self, crew: int) -> None:
        """Does it with so many threads; with one the caller's own does it all."""
        if crew > 1:
            self._together(crew)
        else:
            self.do(self._looking)
        self._tell(self.line, self.ended)

    def end(self) -> None:
        """One piece more has ended."""
        with self._lock:
            self.ended += 1

    def _together(self, crew: int) -> None:
        stop, language = threading.Event(), translation.get_language()
        with ThreadPoolExecutor(crew, thread_name_prefix=self._name) as pool:
            futures = [pool.submit(self._hand, language, stop.is_set) for _n in range(crew)]
            try:
                while not all(map(Future.done, futures)):
                    self._tell(self.line, self.ended)
                    if self._over() or any(one.done() and one.exception() for one in futures):
                        stop.set()
                    wait(futures, LOOK)
            finally:
                stop.set()
        for one in futures:
            one.result()

    def _hand(self, language: str | None, over: Callable[[], bool]) -> None:
        """One of the crew."""
        try:
            with translation.override(language):
                self.do(over)
        finally:
            connections.close_all()

    def _looking(self) -> bool:
        """Whether to stop, for a turn without other threads: it shows where the run is, too. Raises jobs.Cancelled."""
        if time.monotonic() - self._told_at >= LOOK:
            self._told_at = time.monotonic()
            self._tell(self.line, self.ended)
        return self._over()

    def _over(self) -> bool:
        return jobs.stopping.is_set() or (self._until is not None and time.monotonic() > self._until)
