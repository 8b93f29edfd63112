"""The job of a run: a crew of threads sends what is left, in turns of some seconds, until nothing is.

A turn ends when its time is up, when the process is about to stop, or when the run is cancelled. What was on its way is
waited for then. Only a worker that is killed leaves calls of which nobody knows (claiming.py); the next turn, in this
process or in another, begins by looking at those.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait

from django.db import InterfaceError, OperationalError, connection, connections
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.publishing import sealing
from actionstudio.apps.replay.models import Item, Run
from actionstudio.apps.replay.runs import claiming, closing, doing
from actionstudio.apps.replay.runs.doing import Order
from actionstudio.apps.replay.runs.lanes import Lanes
from actionstudio.apps.replay.runs.options import MOST_AT_ONCE
from actionstudio.core.carrying import Carrier
from actionstudio.core.problem import Problem, Refused

TURN = 15.0  # seconds; then other work of the queue gets its turn
LOOK = 0.5  # seconds between two looks at whether it was cancelled
HANDS = MOST_AT_ONCE  # threads; with one the job's own does it all
log = logging.getLogger(__name__)


def place(run: Run) -> str:
    """What a header that was typed in is sealed for."""
    return f"run/{run.project_id}/{run.pk}"


def work(progress: jobs.Progress) -> dict:
    """One turn. Raises jobs.Again while calls are left, and jobs.Cancelled when no more are wanted."""
    run = Run.objects.select_related("project", "author").filter(pk=progress.job.input["run"]).first()
    if run is None or run.over:
        return {}
    Run.objects.filter(pk=run.pk, begun=None).update(begun=timezone.now())
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING)
    try:
        turn = Turn(progress, Order(run, _typed(run)))
        turn.take()
    except jobs.Cancelled:
        closing.close(run, Run.State.CANCELLED)
        raise
    except Refused as refused:
        closing.close(run, Run.State.FAILED, "; ".join(str(one.message) for one in refused.problems))
        raise
    except (OperationalError, InterfaceError):
        log.warning("run %s waits: the database cannot be reached", run.pk, exc_info=True)
        time.sleep(LOOK)
        raise jobs.Again from None
    if turn.left:
        raise jobs.Again
    try:
        with progress.finishing():
            closing.close(run, Run.State.DONE)
    except jobs.Cancelled:
        closing.close(run, Run.State.CANCELLED)
        raise
    return {}


def _typed(run: Run) -> tuple[str, str] | None:
    if not run.sealed:
        return None
    try:
        name, value = json.loads(sealing.unseal(run.sealed, place(run)))
    except sealing.Unreadable:
        words = _("The header that was typed in cannot be read any more: the studio's key has changed.")
        raise Refused(Problem("/typed", words, "sealed")) from None
    return name, value


def _share() -> int:
    """How many threads may call our own address at once: each holds a connection of the pool while the log's writer and
    the pages need some, too."""
    pool = connection.settings_dict["OPTIONS"].get("pool")
    return max(1, pool["max_size"] // 2 - 1) if isinstance(pool, dict) else HANDS


class Turn:
    """Some seconds of a run."""

    def __init__(self, progress: jobs.Progress, order: Order) -> None:
        self._progress = progress
        self._order = order
        self._until = time.monotonic() + TURN
        self._line = ""  # of the call that was taken last
        self._ended = 0
        self._lock = threading.Lock()
        self.left = 0

    def take(self) -> None:
        """Sends until the turn is over. ``left`` says how many calls are."""
        order = self._order
        claiming.recover(order.run, order.may_repeat)
        items = list(Item.objects.filter(run=order.run, state=Item.State.READY).order_by("n"))
        self._ended = order.run.total - len(items)
        lanes = Lanes(items)
        crew = min(order.options.concurrency, len(lanes), HANDS, _share() if order.to.ours else HANDS)
        if crew > 1:
            self._together(lanes, crew)
        else:
            self._alone(lanes)
        self.left = Item.objects.filter(run=order.run, state=Item.State.READY).count()

    def _alone(self, lanes: Lanes) -> None:
        """In the job's own thread: one call after another."""
        looked = 0.0

        def look() -> bool:
            nonlocal looked
            if time.monotonic() - looked >= LOOK or not looked:
                looked = time.monotonic()
                self._tell()
            return self._over()

        self._order.over = look
        self._send(lanes)
        self._tell()

    def _together(self, lanes: Lanes, crew: int) -> None:
        stop, language = threading.Event(), translation.get_language()
        self._order.over = stop.is_set
        with ThreadPoolExecutor(crew, thread_name_prefix=f"run {self._order.run.pk}") as pool:
            futures = [pool.submit(self._hand, lanes, language) for _n in range(crew)]
            try:
                while not all(map(Future.done, futures)):
                    self._tell()
                    if self._over() or any(one.done() and one.exception() for one in futures):
                        stop.set()
                    wait(futures, LOOK)
            finally:
                stop.set()
        for one in futures:
            one.result()
        self._tell()

    def _hand(self, lanes: Lanes, language: str | None) -> None:
        """One of the crew."""
        try:
            with translation.override(language):
                self._send(lanes)
        finally:
            connections.close_all()

    def _send(self, lanes: Lanes) -> None:
        order = self._order
        while not order.over() and (lane := lanes.take()):
            carrier = Carrier()
            if order.options.carry and lane[0].conversation:
                doing.learn(order, carrier, lane[0].conversation, lane[0].n)
            while lane and not order.over():
                item = lane.popleft()
                self._line = f"{item.method} {item.path}"
                doing.do(order, item, carrier)
                give_back()
                with self._lock:
                    self._ended += 1

    def _over(self) -> bool:
        return jobs.stopping.is_set() or time.monotonic() > self._until

    def _tell(self) -> None:
        """Shows where the run is. Raises jobs.Cancelled."""
        self._progress.step(self._line[:120], self._ended, self._order.run.total)
