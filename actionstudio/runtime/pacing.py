"""Waits of answers that may not leave at once: how long, and waiting itself, in the event loop and never in a thread.

A wait ends early when its caller hangs up or the server stops; then the answer is not sent, or leaves at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter_ns
from typing import Any

from actionstudio.core.behaviour import Latency
from actionstudio.runtime.replies import Pace, Prepared
from actionstudio.runtime.visit import Visit

CUT = "studio.cut"  # ASGI extension of our server (runtime/lane.py): ends the connection in the middle of an answer
HUNG_UP = 499  # what the log says of an answer whose caller did not wait for it, as nginx does
MOST_SECONDS = 600.0  # of one wait; ChatGPT gives up after 45
MOST_WAITING = 2_000  # answers of one process at once; each keeps a connection, some 20 kB, and its call's body
MOST_HELD = 128 * 1024 * 1024  # bytes of such bodies
UNWAITED = "unwaited"  # the stage of a wait that the log's row counts and that had not passed when its id was given
WAITED, GONE, STOPPING, CROWDED = "waited", "gone", "stopping", "crowded"
_Z95 = 1.6448536269514722  # the 95th percentile of the standard normal distribution
_STILL = Pace()

type Receive = Callable[[], Awaitable[Any]]
type Send = Callable[[Any], Awaitable[None]]
type Keep = Callable[[], Awaitable[Any]]


def draw(latency: Latency, dice: random.Random) -> int:
    """How many milliseconds this time. Lognormal: ``low`` is the median, ``high`` the 95th percentile."""
    low, high = max(0, latency.low), max(0, latency.high)
    if latency.shape == "uniform" and high > low:
        drawn = dice.uniform(low, high)
    elif latency.shape == "lognormal" and 0 < low < high:
        drawn = dice.lognormvariate(math.log(low), math.log(high / low) / _Z95)
    else:
        drawn = low
    return round(min(drawn, MOST_SECONDS * 1000))


def bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), MOST_SECONDS)


def slower(pace: Pace | None, more: Pace) -> Pace:
    """Both paces one after the other; the earlier cut counts."""
    known = pace or _STILL
    cuts = [cut for cut in (known.cut, more.cut) if cut is not None]
    before, between = bounded(known.before + more.before), bounded(known.between + more.between)
    return Pace(before, between, min(cuts) if cuts else None)


def sent(reply: Prepared, method: str) -> bytes:
    """What of an answer's body goes over the wire."""
    if method == "HEAD":
        return b""
    if reply.pace is None or reply.pace.cut is None:
        return reply.body
    return reply.body[: reply.pace.cut]


class WaitingRoom:
    """All answers of a process that wait. Only for its event loop."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future] = set()
        self._held = 0
        self.stopping = False

    def __len__(self) -> int:
        return len(self._waiting)

    async def leave(self, visit: Visit, scope: Mapping[str, Any], receive: Receive, send: Send, keep: Keep) -> None:
        """Sends the visit's answer at its pace. ``keep`` puts the call into the log: before the answer leaves, or, when
        its head goes ahead, before its body does."""
        size = len(visit.call.body)
        self._held += size
        try:
            await self._leave(visit, scope, receive, send, keep)
        finally:
            self._held -= size

    async def _leave(self, visit: Visit, scope: Mapping[str, Any], receive: Receive, send: Send, keep: Keep) -> None:
        reply, pace, begun = visit.reply, visit.reply.pace, perf_counter_ns()
        between = pace.between if visit.call.method != "HEAD" and reply.body else 0.0
        how = await self.wait(pace.before, receive)
        ahead = between > 0 and how != GONE
        if ahead:
            await send(reply.start)
            how = await self.wait(between, receive)
        _note(visit, how, perf_counter_ns() - begun, pace.before + between, ahead)
        await keep()
        if how == GONE:
            return
        if not ahead:
            await send(reply.start)
        await _send_body(reply, visit.call.method, scope, send)

    async def wait(self, seconds: float, receive: Receive) -> str:
        """WAITED after ``seconds``; GONE when ``receive`` tells that the caller hung up; STOPPING when the server
        does; CROWDED, at once, when too many wait already."""
        if seconds <= 0:
            return WAITED
        if self.stopping:
            return STOPPING
        if len(self._waiting) >= MOST_WAITING or self._held > MOST_HELD:
            return CROWDED
        loop = asyncio.get_running_loop()
        hurry = loop.create_future()
        gone = loop.create_task(_hung_up(receive))
        self._waiting.add(hurry)
        try:
            done, _ = await asyncio.wait({hurry, gone}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._waiting.discard(hurry)
            await _end(gone)
        return WAITED if not done else STOPPING if hurry in done else GONE

    def hurry(self) -> None:
        """The server stops: nobody waits any longer."""
        self.stopping = True
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)


async def _send_body(reply: Prepared, method: str, scope: Mapping[str, Any], send: Send) -> None:
    """The body, or as much of it as its pace lets go; then the connection ends. A server that does not know our
    extension ends it too when the application returns without having said that the body is whole."""
    body = sent(reply, method)
    if method == "HEAD" or len(body) == reply.size:
        await send(reply.finish if method != "HEAD" else reply.head_finish)
        return
    if body:
        await send({"type": "http.response.body", "body": body, "more_body": True})
    cut = (scope.get("extensions") or {}).get(CUT)
    if cut is not None:
        cut()


def unhurried(visit: Visit) -> int:
    """For callers inside the house, which are not kept waiting: notes the wait that others would have had, and returns
    it in nanoseconds."""
    pace = getattr(visit.reply, "pace", None)
    if pace is None or not (pace.before or pace.between):
        return 0
    wanted = pace.before + pace.between
    visit.stamps += ((UNWAITED, round(wanted * 1e6)),)
    visit.decisions = {**visit.decisions, "wait": f"{_seconds(wanted)}, counted but not waited for"}
    return round(wanted * 1e9)


def planned(visit: Visit) -> int:
    """For an answer whose record is written before it waits: notes the wait that is to come, and returns it in
    nanoseconds."""
    wanted = visit.reply.pace.before + visit.reply.pace.between
    if wanted <= 0:
        return 0
    visit.stamps += ((UNWAITED, round(wanted * 1e6)),)
    visit.decisions = {**visit.decisions, "wait": f"{_seconds(wanted)}, noted before it began"}
    return round(wanted * 1e9)


def _note(visit: Visit, how: str, waited: int, wanted: float, ahead: bool) -> None:
    """What became of a wait: in the log's timings and in words."""
    if wanted <= 0:
        return
    visit.stamps += (("wait", waited // 1000),)
    told = f"{_seconds(waited / 1e9)} of {_seconds(wanted)}"
    if how == GONE:
        visit.reply = _unsent(visit.reply, ahead)
        said = f"the caller hung up after {told}; {'only the head' if ahead else 'nothing'} was sent"
    elif how == STOPPING:
        said = f"the server stopped after {told}; the answer left at once"
    elif how == CROWDED:
        said = f"{told}; as many answers as may waited already, so this one left at once"
    else:
        said = _seconds(wanted)
    visit.decisions = {**visit.decisions, "wait": said}


def _unsent(reply: Prepared, ahead: bool) -> Prepared:
    """The answer as far as it went."""
    if ahead:
        return Prepared(reply.status, reply.headers, reply.body, reply.notes, reply.violations, Pace(cut=0))
    return Prepared(HUNG_UP, (), b"", reply.notes, reply.violations)


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}".rstrip("0").rstrip(".") + " s"


async def _hung_up(receive: Receive) -> None:
    """Returns when the caller has gone; what comes before that is the body, read already."""
    while (await receive())["type"] != "http.disconnect":
        await asyncio.sleep(0)


async def _end(task: asyncio.Task) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, Exception):
        await task
