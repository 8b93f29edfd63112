"""What tells the streams of this process that a chat has changed, so that they need not ask the database so often."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable

from asgiref.sync import sync_to_async

SIGN_OF_LIFE = 15.0  # seconds
LONGEST = 600.0
_KEPT = 1024
_rung: OrderedDict[int, int] = OrderedDict()
_lock = threading.Lock()


def ring(chat_id: int) -> None:
    """Something of the chat has changed, in this process."""
    with _lock:
        _rung[chat_id] = _rung.pop(chat_id, 0) + 1
        if len(_rung) > _KEPT:
            _rung.popitem(last=False)


def count(chat_id: int) -> int:
    """How often it has changed; another number than before: look."""
    return _rung.get(chat_id, 0)


async def listen(
    chat_id: int,
    look: Callable[[], str],
    over: Callable[[], bool],
    patience: Callable[[], float],
    *,
    tick: float,
    retry: int,
    sleep=asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> AsyncIterator[str]:
    """What ``look`` finds, whenever a bell has rung and after ``patience`` (other processes ring none here), until it
    is ``over`` or LONGEST has passed. ``tick``: seconds between two glances at the bell; ``retry``: milliseconds after
    which a reader that lost the stream asks again."""
    began = spoken = looked = clock()
    rung = -1
    yield f": hello\nretry: {retry}\n\n"
    while not over() and clock() - began < LONGEST:
        bell = count(chat_id)
        if bell != rung or clock() - looked >= patience():
            rung, looked = bell, clock()
            if text := await sync_to_async(look, thread_sensitive=False)():
                spoken = clock()
                yield text
        if clock() - spoken >= SIGN_OF_LIFE:
            spoken = clock()
            yield ": still here\n\n"
        if not over():
            await sleep(tick)
