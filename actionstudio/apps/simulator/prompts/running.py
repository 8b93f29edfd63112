"""The job of a prompt run: models are asked in turns of some seconds, until nothing is left. In CI the command does it.

Asking changes nothing on any server, so what a killed worker has left on its way is asked again; a request that was
interrupted three times is given up. Every outcome is claimed and kept by conditional updates: of two workers that
believe to have it, one keeps its answer.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects import driven, jobs
from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.replay.runs import running as sends
from actionstudio.apps.simulator.models import PromptOutcome, PromptRun, PromptSuite
from actionstudio.apps.simulator.prompts import asking, closing, playing, starting
from actionstudio.apps.simulator.prompts.playing import Play
from actionstudio.apps.simulator.prompts.starting import AS_KEPT, Wish

TRIES = 3  # times that one outcome is begun
Cause, State, Verdict = PromptRun.Cause, PromptRun.State, PromptOutcome.Verdict


def work(progress: jobs.Progress) -> dict:
    """One turn of a run. Raises jobs.Again while outcomes are left, and jobs.Cancelled when no more are wanted."""
    run = found(progress.job.input["prompt_run"])
    if run is None or run.over:
        return {}
    _begin(run)

    def tell(line: str, ended: int) -> None:
        progress.step(line[:120], ended, run.total)

    def take() -> int:
        return Turn(Play(run), tell, time.monotonic() + driven.TURN).take()

    return driven.work(progress, run, take, closing.close)


def through(suite: PromptSuite, wish: Wish = AS_KEPT, by=None) -> PromptRun:
    """Runs a suite here and now, all of it, in this process. Raises Refused."""
    made = starting.prepare(suite, by, wish, Cause.CI, State.RUNNING)
    run = found(made.pk)
    assert run is not None
    _begin(run)
    driven.through(run, lambda: Turn(Play(run), lambda _line, _n: _beat(run), None).take(), closing.close)
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


class Turn(driven.Turn):
    """Some seconds of a run; all of it when there is no end to them."""

    def __init__(self, play: Play, tell: Callable[[str, int], object], until: float | None) -> None:
        super().__init__(f"prompt run {play.run.pk}", tell, until)
        self._play = play
        self._items: deque[PromptOutcome] = deque()

    def take(self) -> int:
        """Asks until the turn is over; how many outcomes are left."""
        play, ready = self._play, PromptOutcome.State.READY
        recover(play.run)
        rows = PromptOutcome.objects.filter(run=play.run)
        self._items = deque(rows.filter(state=ready).defer("packed", "text", "why").order_by("time", "n", "model"))
        self.ended = play.run.total - len(self._items)
        self.go(min(play.run.concurrency, len(self._items), sends.HANDS))
        return rows.filter(state=ready).count()

    def do(self, over: Callable[[], bool]) -> None:
        """Asks one after the other."""
        play = self._play
        play.over = over
        while not over() and (outcome := self._next()) is not None:
            self.line = outcome.name
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
            self.end()

    def _next(self) -> PromptOutcome | None:
        with self._lock:
            return self._items.popleft() if self._items else None
