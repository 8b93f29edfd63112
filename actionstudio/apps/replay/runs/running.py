"""The job of a run: a crew of threads sends what is left, in turns of some seconds, until nothing is.

A turn ends when its time is up, when the process is about to stop, or when the run is cancelled. What was on its way is
waited for then. Only a worker that is killed leaves calls of which nobody knows (claiming.py); the next turn, in this
process or in another, begins by looking at those.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects import driven, jobs
from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.publishing import sealing
from actionstudio.apps.replay.models import Item, Run
from actionstudio.apps.replay.runs import claiming, closing, doing
from actionstudio.apps.replay.runs.doing import Order
from actionstudio.apps.replay.runs.lanes import Lanes
from actionstudio.apps.replay.runs.options import MOST_AT_ONCE
from actionstudio.core.carrying import Carrier
from actionstudio.core.problem import Problem, Refused

HANDS = MOST_AT_ONCE  # threads; with one the job's own does it all


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

    def take() -> int:
        return Turn(progress, Order(run, _typed(run))).take()

    return driven.work(progress, run, take, closing.close)


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


class Turn(driven.Turn):
    """Some seconds of a run."""

    def __init__(self, progress: jobs.Progress, order: Order) -> None:
        def tell(line: str, ended: int) -> None:
            progress.step(line[:120], ended, order.run.total)

        super().__init__(f"run {order.run.pk}", tell, time.monotonic() + driven.TURN)
        self._order = order
        self._lanes = Lanes([])

    def take(self) -> int:
        """Sends until the turn is over; how many calls are left."""
        order = self._order
        claiming.recover(order.run, order.may_repeat)
        items = list(Item.objects.filter(run=order.run, state=Item.State.READY).order_by("n"))
        self.ended = order.run.total - len(items)
        self._lanes = Lanes(items)
        self.go(min(order.options.concurrency, len(self._lanes), HANDS, _share() if order.to.ours else HANDS))
        return Item.objects.filter(run=order.run, state=Item.State.READY).count()

    def do(self, over: Callable[[], bool]) -> None:
        """Sends one lane after the other."""
        order = self._order
        order.over = over
        while not over() and (lane := self._lanes.take()):
            carrier = Carrier()
            if order.options.carry and lane[0].conversation:
                doing.learn(order, carrier, lane[0].conversation, lane[0].n)
            while lane and not over():
                item = lane.popleft()
                self.line = f"{item.method} {item.path}"
                doing.do(order, item, carrier)
                give_back()
                self.end()
