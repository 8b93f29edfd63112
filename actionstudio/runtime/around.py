"""What stands around an operation's answer: one-shot switches, rate limits, faults and latency, in this order.

All of them come after the guard: a call that is not let in costs nothing. A switch wins over everything else here. A
rate limit refuses before the call is read; a fault may replace the answer, and then nothing of the call is read either;
latency is added to whatever leaves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from actionstudio.core.behaviour import Latency, Limit
from actionstudio.runtime import replies
from actionstudio.runtime.guard import credentials
from actionstudio.runtime.pacing import draw, slower
from actionstudio.runtime.ports import Switch, Taken
from actionstudio.runtime.replies import Pace, Prepared
from actionstudio.runtime.responders.fault import Striking, counter, declared

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

type Inner = Callable[[], Prepared]


class Window(NamedTuple):
    """One rate limit of an operation: ``name`` is its policy's in the headers, ``counter`` its number in the store."""

    name: str
    counter: str
    limit: Limit


class Around:
    """Stands around the answers of one operation; compiled with it."""

    def __init__(self, served: Served) -> None:
        around = served.operation.around
        self._served = served
        self._windows = _windows(served)
        self._policy = ", ".join(f'"{one.name}";q={one.limit.calls};w={one.limit.seconds}' for one in self._windows)
        self._faults = [Striking(served, fault, str(place)) for place, fault in enumerate(around.faults)]
        self._latency = around.latency
        self._credentials = credentials(served.house.resolver)
        self._switches: dict[int, Striking] = {}

    @property
    def idle(self) -> bool:
        """Whether there is nothing to be asked."""
        return not (self._windows or self._faults or self._latency or self._served.switches)

    def answer(self, visit: Visit, inner: Inner) -> Prepared:
        """The answer to a call that was let in; ``inner`` reads the call and answers it."""
        switch = self._claimed()
        if switch is not None:
            return self._switched(switch).strike(visit, inner, when="once")
        took = [self._take(window, visit) for window in self._windows]
        refused = self._refused(visit, took)
        if refused is not None:
            return refused
        reply = self._struck(visit, inner)
        if self._latency is not None:
            reply = self._late(reply, self._latency)
        return self._counted(reply, took) if took else reply

    def _claimed(self) -> Switch | None:
        """The switch that this call is for. One that nothing is left of is not asked again."""
        for switch in self._served.switches:
            if self._served.house.store.claim(switch.id):
                return switch
            self._served.spent(switch)
        return None

    def _switched(self, switch: Switch) -> Striking:
        made = self._switches.get(switch.id)
        if made is None:
            made = self._switches[switch.id] = Striking(self._served, switch.fault, f"switch {switch.id}")
        return made

    def _struck(self, visit: Visit, inner: Inner) -> Prepared:
        """The answer, or what the first fault whose turn it is makes of it; all of them count the call."""
        due = [(striking, striking.due()) for striking in self._faults]
        for striking, now in due:
            if now.strikes:
                return striking.strike(visit, inner, now.number)
        return inner()

    def _late(self, reply: Prepared, latency: Latency) -> Prepared:
        ms = draw(latency, self._served.house.dice)
        return replies.told(reply, {"what": "latency", "ms": ms}, pace=slower(reply.pace, Pace(before=ms / 1000)))

    def _take(self, window: Window, visit: Visit) -> Taken:
        house, limit = self._served.house, window.limit
        name = window.counter if limit.per == "all" else f"{window.counter}:{self._who(visit)}"
        return house.store.take(house.hosted.project_id, name, limit.calls, limit.seconds)

    def _who(self, visit: Visit) -> str:
        """Whose window it is: the end user's, the issued key's, else that of whatever credential was sent. Nothing of
        it can be read back; all callers without one share a window."""
        if visit.user:
            return f"user {visit.user}"
        if visit.key_id is not None:
            return f"key{visit.key_id}"
        text = self._credentials(visit)
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24] if text else "nobody"

    def _refused(self, visit: Visit, took: list[Taken]) -> Prepared | None:
        """429 with the longest wait (RFC 6585, section 4), as the document declares it or as problem+json."""
        full = [(taken, window) for taken, window in zip(took, self._windows, strict=True) if not taken.allowed]
        if not full:
            return None
        visit.kind = "refused"
        seconds = str(max(1, *(math.ceil(taken.reset) for taken, _ in full)))
        rules = " and ".join(f"{window.limit.calls} calls in {window.limit.seconds} s" for _, window in full)
        detail = f"This mock allows {rules}; try again in {seconds} s."
        reply = declared(self._served, visit, 429, detail, ("retry-after", seconds))
        return self._counted(reply, took)

    def _counted(self, reply: Prepared, took: list[Taken]) -> Prepared:
        """With the fields RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10)."""
        pairs = list(zip(took, self._windows, strict=True))
        state = ", ".join(f'"{one.name}";r={taken.left};t={math.ceil(taken.reset)}' for taken, one in pairs)
        steps = [
            {"what": "limit", "name": one.name, "left": taken.left, "reset": math.ceil(taken.reset)}
            | ({} if taken.allowed else {"allowed": False})
            for taken, one in pairs
        ]
        headers = (("ratelimit-policy", self._policy), ("ratelimit", state))
        return replies.told(reply, *steps, headers=headers)


def _windows(served: Served) -> list[Window]:
    """The operation's own limit, then the project's. Without a store nothing can be counted."""
    if served.house.store is None:
        return []
    own, project = served.operation.around.limit, served.house.contract.limits
    windows = [Window("operation", counter("limit", served, _told(own)), own)] if own is not None else []
    for place, limit in enumerate(project):
        name = "project" if len(project) == 1 else f"project-{place + 1}"
        windows.append(Window(name, f"limit:{_told(limit)}", limit))
    return windows


def _told(limit: Limit) -> str:
    """A limit that is changed begins to count anew."""
    return f"{limit.calls}/{limit.seconds}/{limit.per}"
