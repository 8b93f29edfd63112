"""The one door by which logged calls go: their rows, their words, what is counted of them, and what was copied.

In small steps, so that calls never wait long for the log: a step holds it some milliseconds, however many calls go in
all, and what it needs to know is read before. What a step has done is done: killed in between, a repetition ends it.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db import connections, router, transaction

from actionstudio.apps.traffic import sink, storing
from actionstudio.apps.traffic.conversations import correcting
from actionstudio.apps.traffic.models import Conversation, DebugText, Exchange
from actionstudio.apps.traffic.storing import Sized
from actionstudio.apps.traffic.words import feeding as words

AIM = 0.006  # seconds for which one step holds the log
FIRST, MOST = 20, 300  # calls of the first step, and of any
REST = 1.0  # pauses between steps, as long as so many of them: calls come first
SHORTEST = 0.005
TALKS = 200  # conversations deleted in one transaction

type Tell = Callable[[int], object]
_COPIES: list[Callable[[int, Sequence[int]], object]] = []


def also(work: Callable[[int, Sequence[int]], object]) -> None:
    """Has ``work(project_id, ids)`` remove what another app has copied of calls that somebody deletes."""
    if work not in _COPIES:
        _COPIES.append(work)


class Pace:
    """How many calls the next step takes, so that it holds the log about as long as ``AIM``."""

    def __init__(self) -> None:
        self.size = FIRST

    @contextlib.contextmanager
    def step(self) -> Iterator[None]:
        """A step: the log is its own meanwhile. Inside a transaction."""
        using = router.db_for_write(Exchange)
        with _alone():
            began = time.perf_counter()
            with transaction.atomic(using=using):
                yield
            took = time.perf_counter() - began
        self.heed(took)
        if not connections[using].in_atomic_block:
            time.sleep(max(SHORTEST, REST * took))

    def heed(self, took: float) -> None:
        """Learns from what a step took."""
        fits = int(self.size * AIM / max(took, 1e-6))
        self.size = max(1, min(MOST, 2 * self.size, fits))


def _nothing(done: int) -> None:
    """Tells nobody."""


def erase(project_id: int, ids: Iterable[int], tell: Tell = _nothing) -> int:
    """Deletes calls of a project because somebody wants them gone: with the replays made of them, and their share of
    what is counted. ``tell(done)`` hears how many there are so far, and may raise to stop. Returns how many there were.
    """
    pace, done, left = Pace(), 0, iter(ids)
    while part := sorted({*itertools.islice(left, pace.size)}):
        for copies in _COPIES:
            copies(project_id, part)
        done += _step(project_id, part, pace)
        words.forget(part)
        tell(done)
    return done


def erase_before(project_id: int, end: int, tell: Tell = _nothing, pace: Pace | None = None) -> int:
    """Deletes what is older than the id ``end``, because its time is over. Replays have a time of their own and stay.

    Conversations that ended before go first, whole: so no step has to count them.
    """
    pace, done = pace or Pace(), 0
    _talks_before(project_id, end)
    straddling = Conversation.objects.filter(project_id=project_id, first_id__lt=end).exists()
    while True:
        rows = storing.sized("project_id = %s AND id < %s ORDER BY id LIMIT %s", [project_id, end, pace.size])
        if not rows:
            storing.forget(project_id, end)
            return done
        done += _delete(project_id, rows, pace, straddling)
        words.forget([row[0] for row in rows])
        tell(done)


def erase_all(project_id: int, tell: Tell = _nothing) -> int:
    """Deletes everything that the log has of a project that is gone."""
    done = erase_before(project_id, (1 << 63) - 1, tell)
    correcting.forget_project(project_id)
    storing.forget(project_id)
    return done


def _step(project_id: int, part: Sequence[int], pace: Pace) -> int:
    marks = ", ".join(["%s"] * len(part))
    rows = storing.sized(f"id IN ({marks}) AND project_id = %s", [*part, project_id])
    return _delete(project_id, rows, pace, counted=True)


def _delete(project_id: int, rows: Sequence[Sized], pace: Pace, counted: bool) -> int:
    """One step. ``counted``: conversations that stay have some of these calls."""
    if not rows:
        return 0
    ids = [row[0] for row in rows]
    marks = ", ".join(["%s"] * len(ids))
    with pace.step():
        if counted:
            correcting.forget(project_id, ids)
        storing.take_out(rows)
        with connections[router.db_for_write(Exchange)].cursor() as cursor:
            cursor.execute(
                f"DELETE FROM traffic_exchange WHERE id IN ({marks}) AND project_id = %s", [*ids, project_id]
            )
            gone = cursor.rowcount
    sink.told(sum(row[2] for row in rows))
    return gone


def _talks_before(project_id: int, end: int) -> None:
    over = Conversation.objects.filter(project_id=project_id, last_id__lt=end).order_by("last_id")
    while talks := [*over.values_list("pk", "key")[:TALKS]]:
        with _alone(), transaction.atomic(using=router.db_for_write(Conversation)):
            DebugText.objects.filter(project_id=project_id, key__in=[key for _pk, key in talks]).delete()
            Conversation.objects.filter(pk__in=[pk for pk, _key in talks]).delete()
        time.sleep(SHORTEST)


def _alone() -> contextlib.AbstractContextManager:
    """No call of this process is being written meanwhile: it waits for a lock that wakes it at once, where waiting for
    the file's lock means to sleep and look again."""
    here = sink.here()
    if here is None or here.held() or connections[router.db_for_write(Exchange)].in_atomic_block:
        return contextlib.nullcontext()
    return here.alone()
