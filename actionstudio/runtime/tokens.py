"""The tokens of providers as the data plane knows them: asked for once, then at hand for FRESH.

A token is looked at again a quarter of a second after it was looked at last, so that a revocation is obeyed everywhere
within that time; the house says at once what it has revoked in its own process (``forget``). One that is in use is
looked at beside the calls, so that none of them waits.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from actionstudio.runtime.answers import Unmade
from actionstudio.runtime.ports import Token, Tokens

FRESH = 0.25  # seconds, as an address's version (runtime/registry.py)
KEPT = 8192
_wallets: weakref.WeakSet[Wallet] = weakref.WeakSet()


def forget(project_id: int) -> None:
    """Something about this project's tokens has just changed in this process: look again before the next answer."""
    for wallet in list(_wallets):
        wallet.forget(project_id)


class Held:
    """A token (None: there is no such) and when it was looked at, by the wallet's clock."""

    __slots__ = ("asked", "at", "token")

    def __init__(self, token: Token | None, at: float) -> None:
        self.token = token
        self.at = at
        self.asked = False


class Wallet:
    """One per process. ``find`` is for threads and the event loop."""

    def __init__(self, tokens: Tokens | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._tokens = tokens
        self._clock = clock
        self._held: OrderedDict[tuple[int, bytes], Held] = OrderedDict()
        self._lock = threading.Lock()
        self._changes = 0
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="tokens")
        _wallets.add(self)

    def find(self, project_id: int, digest: bytes) -> Token | None:
        """The token as it was at most FRESH ago. Raises Unmade in the event loop when the database has to be asked."""
        held = self._held.get((project_id, digest))
        if held is not None:
            age = self._clock() - held.at
            if age < FRESH:
                if age > FRESH / 2 and not held.asked:
                    held.asked = True
                    with contextlib.suppress(RuntimeError):  # the process is about to end
                        self._pool.submit(self._look, project_id, digest)
                return held.token
        if self._tokens is None:
            return None
        if asyncio._get_running_loop() is not None:
            raise Unmade
        return self._look(project_id, digest)

    def forget(self, project_id: int) -> None:
        """What is held of a project is looked at again."""
        with self._lock:
            self._changes += 1
            for key in [key for key in self._held if key[0] == project_id]:
                del self._held[key]

    def close(self) -> None:
        """Nothing is looked at any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _look(self, project_id: int, digest: bytes) -> Token | None:
        at, changes = self._clock(), self._changes
        token = self._tokens.find(project_id, digest) if self._tokens is not None else None
        with self._lock:
            before = self._held.get((project_id, digest))
            if before is not None and before.token == token:
                token = before.token  # the same object: what was made of it is found by identity
            if changes == self._changes:  # nothing was revoked while the database was asked
                self._held[project_id, digest] = Held(token, at)
                self._held.move_to_end((project_id, digest))
                while len(self._held) > KEPT:
                    self._held.popitem(last=False)
        return token
