"""The outer guard: refuses requests that no application should have to see, and reads bodies within bounds."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

MOST_HEADERS = 100
BODY_LIMIT = 10 * 1024 * 1024
BODY_SECONDS = 30.0
HELD_LIMIT = 256 * 1024 * 1024  # all bodies held in memory at one time
_held = 0


class Rejected(Exception):
    """A request that is answered ``status`` with the plain sentence ``detail`` and nothing else."""

    def __init__(self, status: int, detail: str, received: int = 0) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.received = received


def host_of(headers: list[tuple[bytes, bytes]]) -> bytes:
    """The Host header of a request whose framing can be trusted. Raises Rejected otherwise (RFC 9112, 3.2 and 6.1)."""
    if len(headers) > MOST_HEADERS:
        raise Rejected(400, f"more than {MOST_HEADERS} headers")
    host = length = coding = None
    for name, value in headers:
        if name == b"host":
            if host is not None:
                raise Rejected(400, "more than one Host header")
            host = value
        elif name == b"content-length":
            if length is not None and length != value:
                raise Rejected(400, "two different Content-Length headers")
            length = value
        elif name == b"transfer-encoding":
            coding = value
    if length is not None:
        if coding is not None:
            raise Rejected(400, "both Content-Length and Transfer-Encoding")
        if not length.isdigit():
            raise Rejected(400, "a Content-Length that is no number")
    return host or b""


def has_body(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether the request announces a body."""
    for name, value in headers:
        if name == b"content-length":
            return value != b"0"
        if name == b"transfer-encoding":
            return True
    return False


async def read_body(
    headers: list[tuple[bytes, bytes]], receive: Any, limit: int = BODY_LIMIT, seconds: float = BODY_SECONDS
) -> bytes:
    """The whole body. Raises Rejected when it is longer than ``limit``, slower than ``seconds``, or broken off."""
    length = -1
    for name, value in headers:
        if name == b"content-length":
            length = int(value)
            if length > limit:
                raise Rejected(413, _too_large(limit))
    task = asyncio.current_task()
    assert task is not None
    _sweeper.begin(task, seconds)
    try:
        message = await _next(receive)
        chunk = message.get("body", b"")
        if len(chunk) == length or not message.get("more_body", False):
            return _whole(chunk, length, limit)
        return await _gather(receive, chunk, length, limit)
    except asyncio.CancelledError:
        if not _sweeper.cancelled(task):
            raise
        raise Rejected(408, f"the body did not arrive within {seconds:g} seconds") from None
    finally:
        _sweeper.end(task)


class _Sweeper:
    """Ends readings that take too long: one timer for all, since a timer for each costs more than reading the body."""

    def __init__(self) -> None:
        self._until: dict[asyncio.Task, float] = {}
        self._swept: set[asyncio.Task] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def begin(self, task: asyncio.Task, seconds: float) -> None:
        self._until[task] = monotonic() + seconds
        loop = task.get_loop()
        if self._loop is not loop:
            self._loop = loop
            self._loop.call_later(min(1.0, seconds), self._sweep)

    def end(self, task: asyncio.Task) -> None:
        del self._until[task]

    def cancelled(self, task: asyncio.Task) -> bool:
        """Whether the cancellation that reached ``task`` was ours; it is then taken back."""
        if task not in self._swept:
            return False
        self._swept.discard(task)
        task.uncancel()
        return True

    def _sweep(self) -> None:
        loop, self._loop = self._loop, None
        now = monotonic()
        for task, until in list(self._until.items()):
            if until < now and task not in self._swept:
                self._swept.add(task)
                task.cancel()
        if self._until and loop is not None:
            self._loop = loop
            loop.call_later(min(1.0, max(0.01, min(self._until.values()) - now)), self._sweep)


_sweeper = _Sweeper()


async def _gather(receive: Any, first: bytes, length: int, limit: int) -> bytes:
    """The rest of a body that comes in several pieces."""
    global _held
    chunks, size = [first], len(first)
    _held += size
    try:
        while size != length:
            if size > limit:
                raise Rejected(413, _too_large(limit), size)
            if _held > HELD_LIMIT:
                raise Rejected(503, "too many large bodies at once; try again", size)
            message = await _next(receive)
            chunk = message.get("body", b"")
            size += len(chunk)
            _held += len(chunk)
            chunks.append(chunk)
            if not message.get("more_body", False):
                break
        return _whole(b"".join(chunks), length, limit)
    finally:
        _held -= size


def _whole(body: bytes, length: int, limit: int) -> bytes:
    """A body that has ended, if it is what was announced."""
    if len(body) > limit:
        raise Rejected(413, _too_large(limit), len(body))
    if length >= 0 and len(body) != length:
        raise Rejected(400, "the body ended before its Content-Length")
    return body


async def _next(receive: Any) -> dict[str, Any]:
    try:
        message = await receive()
    except (OSError, RuntimeError, ValueError):
        raise Rejected(400, "the body could not be read") from None
    if message["type"] == "http.disconnect":
        raise Rejected(400, "the connection was closed before the body ended")
    return message


def _too_large(limit: int) -> str:
    return f"the body is larger than {limit // (1024 * 1024)} MB"


def replay(body: bytes, receive: Any) -> Any:
    """A ``receive`` that hands out ``body`` once, then what the server says (its disconnect)."""
    sent = False

    async def again() -> dict[str, Any]:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def path_of(scope: dict[str, Any], below_live: bool) -> str:
    """The path as it was sent, percent-encoded; without its first two segments for ``/live/<address>/…``."""
    raw = scope.get("raw_path") or scope["path"].encode()
    path = raw.decode("latin-1").partition("?")[0]
    if not below_live:
        return path
    parts = path.split("/", 3)
    return "/" + parts[3] if len(parts) > 3 else "/"
