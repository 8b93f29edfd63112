"""The job of a prompt run: models are asked in turns of some seconds, until nothing is left. In CI the command does it.

Asking changes nothing on any server, so what a killed worker has left on its way is asked again; a request that was
interrupted three times is given up. Every outcome is claimed and kept by conditional updates: of two workers that
believe to have it, one keeps its answer.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from django.db import InterfaceError, OperationalError, connections, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.replay.runs import running as sends
from actionstudio.apps.simulator.models import PromptOutcome, PromptRun, PromptSuite
from actionstudio.apps.simulator.prompts import asking, closing, playing, starting
from actionstudio.apps.simulator.prompts.playing import Play
from actionstudio.apps.simulator.prompts.starting import AS_KEPT, Wish
from actionstudio.core.problem import Refused

TURN = 15.0  # seconds; then other work of the queue gets its turn
LOOK = 0.5  # seconds between two looks at whether it was cancelled
TRIES = 3  # times that one outcome is begun
Cause, State, Verdict = PromptRun.Cause, PromptRun.State, PromptOutcome.Verdict
log = logging.getLogger(__name__)


def work(progress: jobs.Progress) -> dict:
    """One turn of a run. Raises jobs.Again while outcomes are left, and jobs.Cancelled when no more are wanted."""
    run = found(progress.job.input["prompt_run"])
    if run is None or run.over:
        return {}
    _begin(run)
    try:
        turn = Turn(Play(run), lambda line, n: progress.step(line[:120], n, run.total), time.monotonic() + TURN)
        turn.take()
    except jobs.Cancelled:
        closing.close(run, State.CANCELLED)
        raise
    except Refused as refused:
        closing.close(run, State.FAILED, "; ".join(str(one.message) for one in refused.problems))
        raise
    except (OperationalError, InterfaceError):
        log.warning("prompt run %s waits: the database cannot be reached", run.pk, exc_info=True)
        time.sleep(LOOK)
        raise jobs.Again from None
    if turn.left:
        raise jobs.Again
    try:
        with progress.finishing():
            closing.close(run, State.DONE)
    except jobs.Cancelled:
        closing.close(run, State.CANCELLED)
        raise
    return {}


def through(suite: PromptSuite, wish: Wish = AS_KEPT, by=None) -> PromptRun:
    """Runs a suite here and now, all of it, in this process. Raises Refused."""
    made = starting.prepare(suite, by, wish, Cause.CI, State.RUNNING)
    run = found(made.pk)
    assert run is not None
    _begin(run)
    try:
        Turn(Play(run), lambda _line, _n: _beat(run), None).take()
        closing.close(run, State.DONE)
    except BaseException as error:
        closing.close(run, State.FAILED, str(error) if isinstance(error, Refused) else _("This run was interrupted."))
        raise
    run.refresh_from_db()
    return run


def found(pk: int) -> PromptRun | None:
    """A run with all that asking takes."""
    return PromptRun.objects.select_related("suite__project__owner", "suite__gpt", "author").filter(pk=pk).first()


def _begin(run: PromptRun) -> None:
    PromptRun.objects.filter(pk=run.pk, begun=None).update(begun=timezone.now())
    PromptRun.objects.filter(pk=run.pk, state=State.WAITING).update(state=State.RUNNING)


def _beat(run: PromptRun) -> None:
    PromptRun.objects.filter(pk=run.pk).update(beat=timezone.now())


def claim(outcome: PromptOutcome) -> bool:
    """Takes an outcome for asking. False when somebody else has it."""
    states = PromptOutcome.State
    rows = PromptOutcome.objects.filter(pk=outcome.pk, state=states.READY, attempts=outcome.attempts)
    mine = rows.update(state=states.ASKED, attempts=F("attempts") + 1)
    outcome.attempts += mine
    return bool(mine)


def settle(outcome: PromptOutcome, **columns) -> bool:
    """Keeps what came of it. False when another worker's is there already."""
    rows = PromptOutcome.objects.filter(pk=outcome.pk, attempts=outcome.attempts, state=PromptOutcome.State.ASKED)
    with transaction.atomic():
        return bool(rows.update(state=PromptOutcome.State.DONE, **columns))


def put_back(outcome: PromptOutcome) -> None:
    """Leaves an outcome to a later turn: it was not asked to its end."""
    rows = PromptOutcome.objects.filter(pk=outcome.pk, attempts=outcome.attempts, state=PromptOutcome.State.ASKED)
    rows.update(state=PromptOutcome.State.READY, attempts=F("attempts") - 1)


def recover(run: PromptRun) -> None:
    """Looks at what a killed worker has left on its way: it is asked again, but not for ever."""
    left = PromptOutcome.objects.filter(run=run, state=PromptOutcome.State.ASKED)
    words = _("This request was interrupted too often.")
    left.filter(attempts__gte=TRIES).update(state=PromptOutcome.State.DONE, verdict=Verdict.ERROR, error=words)
    left.update(state=PromptOutcome.State.READY)


class Turn:
    """Some seconds of a run; all of it when there is no end to them."""

    def __init__(self, play: Play, tell: Callable[[str, int], object], until: float | None) -> None:
        self._play = play
        self._tell = tell
        self._until = until
        self._line = ""
        self._ended = 0
        self._told_at = 0.0
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._items: deque[PromptOutcome] = deque()
        self.left = 0

    def take(self) -> None:
        """Asks until the turn is over. ``left`` says how many outcomes are."""
        play, ready = self._play, PromptOutcome.State.READY
        recover(play.run)
        rows = PromptOutcome.objects.filter(run=play.run)
        self._items = deque(rows.filter(state=ready).defer("packed", "text", "why").order_by("time", "n", "model"))
        self._ended = play.run.total - len(self._items)
        crew = min(play.run.concurrency, len(self._items), sends.HANDS)
        if crew > 1:
            play.over = self._stop.is_set
            self._together(crew)
        else:
            play.over = self._looking
            self._ask()
        self._tell(self._line, self._ended)
        self.left = rows.filter(state=ready).count()

    def _together(self, crew: int) -> None:
        language = translation.get_language()
        with ThreadPoolExecutor(crew, thread_name_prefix=f"prompt run {self._play.run.pk}") as pool:
            futures = [pool.submit(self._hand, language) for _n in range(crew)]
            try:
                while not all(map(Future.done, futures)):
                    self._tell(self._line, self._ended)
                    if self._over() or any(one.done() and one.exception() for one in futures):
                        self._stop.set()
                    wait(futures, LOOK)
            finally:
                self._stop.set()
        for one in futures:
            one.result()

    def _hand(self, language: str | None) -> None:
        try:
            with translation.override(language):
                self._ask()
        finally:
            connections.close_all()

    def _ask(self) -> None:
        play = self._play
        while not play.over() and (outcome := self._next()) is not None:
            self._line = outcome.name
            if not (play.pace.wait() and claim(outcome)):
                continue
            give_back()
            try:
                settle(outcome, **playing.outcome_of(play, outcome))
            except asking.Stopped:
                put_back(outcome)
                return
            except BaseException:
                put_back(outcome)
                raise
            give_back()
            with self._lock:
                self._ended += 1

    def _next(self) -> PromptOutcome | None:
        with self._lock:
            return self._items.popleft() if self._items else None

    def _looking(self) -> bool:
        """Whether to stop, for a turn without other threads: it shows where the run is, too. Raises jobs.Cancelled."""
        if time.monotonic() - self._told_at >= LOOK:
            self._told_at = time.monotonic()
            self._tell(self._line, self._ended)
        return self._over()

    def _over(self) -> bool:
        return jobs.stopping.is_set() or (self._until is not None and time.monotonic() > self._until)
