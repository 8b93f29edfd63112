"""Address -> Program. A seat younger than FRESH answers from memory; an older one asks for the version first.

A seat older than half of FRESH is looked at beside the call that notices it, so that under load no call waits. The
house says at once what changed in its own process (``announce``); other workers find out within FRESH.
"""

from __future__ import annotations

import asyncio
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from actionstudio.runtime.ports import Source, Store, Tokens
from actionstudio.runtime.program import Program, compile
from actionstudio.runtime.tokens import Wallet

FRESH = 0.25  # seconds
SEATS = 2048
UNKNOWN = 4096
PAST = 4  # programs of other revisions that are kept: a run of replays asks one of them thousands of times
DOMAIN_SECONDS = 5.0
_registries: weakref.WeakSet[Registry] = weakref.WeakSet()


def announce(addresses: Iterable[str]) -> None:
    """What these addresses serve has just changed in this process: look again before the next answer."""
    names = list(addresses)
    for registry in list(_registries):
        registry.forget(names)


class Seat:
    """One address: its program (None when there is no such address) and since when that is known."""

    __slots__ = ("checked", "generation", "lock", "pending", "program")

    def __init__(self) -> None:
        self.program: Program | None = None
        self.checked = float("-inf")
        self.generation = 0
        self.lock = threading.Lock()
        self.pending: asyncio.Future | None = None


class Registry:
    """The seats of one process. ``fresh`` is for the event loop, ``current`` for threads."""

    def __init__(
        self,
        source: Source,
        clock: Callable[[], float] = time.monotonic,
        store: Store | None = None,
        tokens: Tokens | None = None,
    ) -> None:
        self._source = source
        self.wallet = Wallet(tokens, clock)
        self._store = store
        self._clock = clock
        self._seats: OrderedDict[str, Seat] = OrderedDict()
        self._absent: OrderedDict[str, Seat] = OrderedDict()
        self._domains: OrderedDict[str, tuple[float, str | None]] = OrderedDict()
        self._past: OrderedDict[tuple[str, int], Program] = OrderedDict()
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="source")
        self._table = threading.Lock()
        _registries.add(self)

    def fresh(self, address: str) -> Program | None:
        """The program, when it is known to be fresh; None means: await ``program``."""
        seat = self._seats.get(address)
        if seat is None:
            return None
        age = self._clock() - seat.checked
        if age < FRESH:
            if age > FRESH / 2 and seat.pending is None:
                self._look(address, seat)
            return seat.program
        return None

    async def program(self, address: str) -> Program | None:
        """The program of ``address``, looked up when needed; None when there is no such address."""
        seat = self._seat(address)
        while self._clock() - seat.checked >= FRESH:
            generation, pending = seat.generation, seat.pending
            if pending is None or pending.done():
                pending = self._look(address, seat)
            await asyncio.shield(pending)
            if seat.generation == generation:
                break
        return seat.program

    def current(self, address: str) -> Program | None:
        """The same for a thread that may do I/O; the version is always asked for."""
        seat = self._seat(address)
        self._check(address, seat)
        return seat.program

    def at(self, address: str, revision: int) -> Program | None:
        """The program of another revision of what ``address`` serves. For threads; the last few are kept."""
        kept, version = self._past.get((address, revision)), self._source.version(address)
        if kept is not None and kept.hosted.version == version:
            return kept
        hosted = self._source.load(address, revision)
        if hosted is None:
            return None
        made = compile(hosted, self._store, self.wallet)
        with self._table:
            self._past[address, revision] = made
            while len(self._past) > PAST:
                self._past.popitem(last=False)
        return made

    async def address_of_domain(self, host: str) -> str | None:
        """The address a custom domain is bound to, kept for a few seconds either way."""
        kept = self._domains.get(host)
        if kept is None or self._clock() - kept[0] > DOMAIN_SECONDS:
            loop = asyncio.get_running_loop()
            address = await loop.run_in_executor(self._pool, self._rested, self._source.address_of_domain, host)
            kept = self._domains[host] = (self._clock(), address)
            while len(self._domains) > UNKNOWN:
                self._domains.popitem(last=False)
        return kept[1]

    def forget(self, addresses: Iterable[str]) -> None:
        """These must be looked at again before they answer. Any thread may call this."""
        for address in addresses:
            for seats in (self._seats, self._absent):
                seat = seats.get(address)
                if seat is not None:
                    seat.generation += 1
                    seat.checked = float("-inf")

    def clear(self) -> None:
        """Forgets everything (tests begin with an empty house)."""
        with self._table:
            for seats in (self._seats, self._absent):
                seats.clear()
            self._domains.clear()
            self._past.clear()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        self.wallet.close()

    def _seat(self, address: str) -> Seat:
        seat = self._seats.get(address) or self._absent.get(address)
        if seat is None:
            with self._table:
                seat = self._seats.get(address) or self._absent.setdefault(address, Seat())
                while len(self._absent) > UNKNOWN:
                    self._absent.popitem(last=False)
        return seat

    def _look(self, address: str, seat: Seat) -> asyncio.Future:
        future = asyncio.get_running_loop().run_in_executor(self._pool, self._rested, self._check, address, seat)
        seat.pending = future
        future.add_done_callback(lambda done: self._looked(seat, done))
        return future

    def _rested[T](self, ask: Callable[..., T], *about: Any) -> T:
        """Asks in a thread of ours, which keeps no connection afterwards."""
        try:
            return ask(*about)
        finally:
            self._source.rest()

    def _looked(self, seat: Seat, done: asyncio.Future) -> None:
        if seat.pending is done:
            seat.pending = None
        if not done.cancelled():
            done.exception()  # a background look that failed is asked for again by the next call

    def _check(self, address: str, seat: Seat) -> None:
        """Makes the seat current. Runs in a thread; one at a time per address."""
        with seat.lock:
            generation, asked = seat.generation, self._clock()
            version = self._source.version(address)
            if version is None:
                program = None
            elif seat.program is not None and seat.program.hosted.version == version:
                program = seat.program
            else:
                hosted = self._source.load(address)
                program = None if hosted is None else compile(hosted, self._store, self.wallet)
            seat.program = program
            if seat.generation == generation:
                seat.checked = asked
        self._place(address, seat)

    def _place(self, address: str, seat: Seat) -> None:
        """Known addresses and unknown ones are kept apart, so that guesses cannot push out what is served."""
        with self._table:
            here, there = (self._absent, self._seats) if seat.program is None else (self._seats, self._absent)
            there.pop(address, None)
            here[address] = seat
            here.move_to_end(address)
            while len(here) > (UNKNOWN if here is self._absent else SEATS):
                here.popitem(last=False)
