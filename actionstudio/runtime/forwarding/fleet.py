"""The servers behind one upstream: whose turn it is, who is busy, who failed and is left alone for a while.

What is known of a server outlives a change of the project: it is kept per process, by project, upstream and URL.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from actionstudio.core.behaviour import Backend, Upstream

FLEETS = 1024  # upstreams whose servers are remembered
CALLS = 48  # of one project at once: the others' calls need threads too
clock: Callable[[], float] = time.monotonic


class State:
    """What is known of one server. ``checked`` is None as long as no health check has told anything."""

    __slots__ = ("checked", "credit", "failed", "running")

    def __init__(self) -> None:
        self.running = 0
        self.credit = 0  # smooth weighted round robin: grows by the weight each turn, the winner pays the sum
        self.failed = float("-inf")  # when
        self.checked: bool | None = None


class Fleet:
    """The servers of one upstream, as several threads use them."""

    def __init__(self, upstream: Upstream) -> None:
        self._lock = threading.Lock()
        self.states: dict[str, State] = {}
        self._next = 0
        self.used = clock()
        self.set(upstream)

    def set(self, upstream: Upstream) -> None:
        """Takes the upstream as it is written now; servers that stay keep what is known of them."""
        with self._lock:
            self.upstream = upstream
            self.states = {one.url: self.states.get(one.url) or State() for one in upstream.backends}

    def take(self, tried: Sequence[str] = ()) -> Backend | None:
        """The server for the next call, which counts as running on it until ``give_back``. Those of ``tried`` come
        last, as do those that failed: when all did, the one that failed longest ago is asked again."""
        with self._lock:
            self.used = now = clock()
            known = [one for one in self.upstream.backends if one.url in self.states]
            if not known:
                return None
            fresh = [one for one in known if one.url not in tried] or known
            ready = [one for one in fresh if one.weight > 0 and self._ready(one, now)]
            if not ready:
                chosen = min(fresh, key=lambda one: self.states[one.url].failed)
            elif self.upstream.balance == "least-connections":
                chosen = min(ready, key=lambda one: self.states[one.url].running / max(one.weight, 1))
            elif self.upstream.balance == "weighted":
                chosen = self._weighted(ready)
            else:
                chosen = self._in_turn(known, ready)
            self.states[chosen.url].running += 1
            return chosen

    def _ready(self, one: Backend, now: float) -> bool:
        state = self.states[one.url]
        if self.upstream.health and state.checked is False:
            return False
        return now - state.failed >= self.upstream.health_seconds

    def _in_turn(self, known: list[Backend], ready: list[Backend]) -> Backend:
        for step in range(len(known)):
            one = known[(self._next + step) % len(known)]
            if one in ready:
                self._next = (self._next + step + 1) % len(known)
                return one
        return ready[0]

    def _weighted(self, ready: list[Backend]) -> Backend:
        for one in ready:
            self.states[one.url].credit += one.weight
        chosen = max(ready, key=lambda one: self.states[one.url].credit)
        self.states[chosen.url].credit -= sum(one.weight for one in ready)
        return chosen

    def give_back(self, one: Backend, good: bool) -> None:
        """The call on a server has ended. A server that did not answer, or only as a gateway without one, is left alone
        for a while."""
        with self._lock:
            state = self.states.get(one.url)
            if state is None:
                return
            state.running = max(0, state.running - 1)
            state.failed = float("-inf") if good else clock()

    def note(self, url: str, good: bool) -> None:
        """What a health check found."""
        with self._lock:
            state = self.states.get(url)
            if state is not None:
                state.checked = good
                if good:
                    state.failed = float("-inf")


_fleets: OrderedDict[tuple[int, str], Fleet] = OrderedDict()
_running: dict[int, int] = {}
_lock = threading.Lock()


def fleet(project_id: int, upstream: Upstream) -> Fleet:
    """The fleet of a project's upstream, as the upstream is written now."""
    with _lock:
        found = _fleets.get((project_id, upstream.name))
        if found is None:
            found = _fleets[project_id, upstream.name] = Fleet(upstream)
            while len(_fleets) > FLEETS:
                _fleets.popitem(last=False)
        _fleets.move_to_end((project_id, upstream.name))
    if found.upstream != upstream:
        found.set(upstream)
    return found


def fleets() -> list[tuple[int, Fleet]]:
    """All of them with their project."""
    with _lock:
        return [(project_id, one) for (project_id, _name), one in _fleets.items()]


def forget() -> None:
    """Everything: for tests."""
    with _lock:
        _fleets.clear()
        _running.clear()


def enter(project_id: int) -> bool:
    """Whether one more call of the project may wait for an upstream; ``leave`` must follow then."""
    with _lock:
        running = _running.get(project_id, 0)
        if running >= CALLS:
            return False
        _running[project_id] = running + 1
        return True


def leave(project_id: int) -> None:
    with _lock:
        left = _running.get(project_id, 1) - 1
        if left > 0:
            _running[project_id] = left
        else:
            _running.pop(project_id, None)
