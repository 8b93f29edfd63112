"""The durable log's writer: all records of one turn of the event loop are committed together, then all answers leave.

When the writer cannot keep up, calls wait; nothing is dropped. When it fails, mocks go on: the failure is logged and
counted (``lost``), and the pages say so. Only a call whose changes of the state were to be committed with its record
is answered otherwise then: they are lost too.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from actionstudio.runtime.ports import Record, Sink

log = logging.getLogger(__name__)
MOST = 2000  # records in one write
type Waiting = tuple[Callable[[Any], None], Any, Any]  # what to do, with what, and with what when it was not written


class Ids:
    """Row ids that hold the time and never repeat: milliseconds << 20 | worker << 14 | sequence."""

    __slots__ = ("_clock", "_last", "_lock", "worker")

    def __init__(self, worker: int = 0, clock: Callable[[], int] = time.time_ns) -> None:
        self.worker = worker & 63
        self._clock = clock
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        """The next id; ids of one process grow even when the clock is set back."""
        with self._lock:
            id_ = ((self._clock() // 1_000_000) << 20) | (self.worker << 14)
            if id_ <= self._last:
                id_ = self._last + 1
                if (id_ >> 14) & 63 != self.worker:  # 16,384 calls in one millisecond: borrow the next one
                    id_ = (((self._last >> 20) + 1) << 20) | (self.worker << 14)
            self._last = id_
            return id_


class Journal:
    """Give it records with ``add`` (in the loop) or ``write`` (from a thread)."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._batch: list[Record] = []
        self._waiting: list[Waiting] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pid = 0
        self._writing = False
        self._pool: ThreadPoolExecutor | None = None
        self.lost = 0

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._pid = loop, os.getpid()
        if not self._sink.inline:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="journal")

    async def stop(self) -> None:
        """Waits until everything that was added is written."""
        while self._waiting or self._writing:
            await asyncio.sleep(0.005)
        self._loop = None
        if self._pool is not None:
            self._pool.shutdown(wait=True)

    def add(self, record: Record, answer: Any = None, instead: Any = None) -> asyncio.Future:
        """Await what this returns before the answer leaves; it is the answer to send. Only in the event loop."""
        written = (self._loop or self._adopt()).create_future()
        resolve = partial(_resolve, written)
        self.then(record, resolve, answer, instead)
        return written

    def then(self, record: Record, deed: Callable[[Any], None], subject: Any, instead: Any = None) -> None:
        """Calls ``deed(subject)`` when the record is durable, or cannot be. Only in the event loop.

        ``instead`` takes the subject's place when the record, and what was to be committed with it, is lost.
        """
        loop = self._loop or self._adopt()
        if not self._waiting and not self._writing:
            loop.call_soon(self._flush)
        self._batch.append(record)
        self._waiting.append((deed, subject, subject if instead is None else instead))

    def join(self, record: Record) -> None:
        """Writes a record in the transaction that this thread has begun. Raises what the sink raises."""
        self._sink.write([record])

    def write(self, *records: Record) -> None:
        """Returns when the records are durable. For threads, and for processes that have no event loop."""
        loop = self._loop
        if loop is None or not loop.is_running() or self._pid != os.getpid() or not self._sink.inline:
            self._store(records)
            return
        done: concurrent.futures.Future = concurrent.futures.Future()
        loop.call_soon_threadsafe(self._add_for, records, done)
        done.result(60)

    def _adopt(self) -> asyncio.AbstractEventLoop:
        """A server without lifespan support starts the journal with the first call."""
        self.start(asyncio.get_running_loop())
        assert self._loop is not None
        return self._loop

    def _add_for(self, records: Sequence[Record], done: concurrent.futures.Future) -> None:
        written = [self.add(record) for record in records]
        written[-1].add_done_callback(lambda _: done.set_result(None))

    def _flush(self) -> None:
        """Writes what this turn gathered; in the loop, or in the writer's thread when the sink asks for that."""
        batch, waiting = self._batch, self._waiting
        self._batch, self._waiting = [], []
        if self._pool is None:
            _release(waiting, self._store(batch))
            return
        self._writing = True
        assert self._loop is not None
        future = self._loop.run_in_executor(self._pool, self._store, batch)
        future.add_done_callback(lambda done: self._stored(waiting, done.result()))

    def _stored(self, waiting: list[Waiting], kept: bool) -> None:
        self._writing = False
        _release(waiting, kept)
        if self._waiting and self._loop is not None:
            self._loop.call_soon(self._flush)

    def _store(self, batch: Sequence[Record]) -> bool:
        """Whether all of them were written. In the event loop always in one piece: it is one commit."""
        most = len(batch) if self._sink.inline else MOST
        try:
            for begin in range(0, len(batch), most):
                self._sink.write(batch[begin : begin + most])
        except Exception:
            self.lost += len(batch)
            log.exception("%d calls were answered but could not be logged", len(batch))
            return False
        return True


def _release(waiting: list[Waiting], kept: bool) -> None:
    for deed, subject, instead in waiting:
        try:
            deed(subject if kept else instead)
        except Exception:
            log.exception("an answer could not be sent")


def _resolve(written: asyncio.Future, answer: Any) -> None:
    if not written.done():  # its caller may have gone away
        written.set_result(answer)
