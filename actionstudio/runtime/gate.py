"""The outer guard: refuses requests that no application should have to see, and reads bodies within bounds."""

from __future__ import annotations

import asyncio
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
    for name, value in headers:
        if name == b"content-length" and int(value) > limit:
            raise Rejected(413, _too_large(limit))
    try:
        async with asyncio.timeout(seconds):
            return await _gather(receive, limit)
    except TimeoutError:
        raise Rejected(408, f"the body did not arrive within {seconds:g} seconds") from None


async def _gather(receive: Any, limit: int) -> bytes:
    global _held
    chunks: list[bytes] = []
    size = 0
    try:
        while True:
            message = await _next(receive)
            chunk = message.get("body", b"")
            if not message.get("more_body", False) and not chunks:
                if len(chunk) > limit:
                    raise Rejected(413, _too_large(limit), len(chunk))
                return chunk
            size += len(chunk)
            _held += len(chunk)
            if size > limit:
                raise Rejected(413, _too_large(limit), size)
            if _held > HELD_LIMIT:
                raise Rejected(503, "too many large bodies at once; try again", size)
            chunks.append(chunk)
            if not message.get("more_body", False):
                return b"".join(chunks)
    finally:
        _held -= size


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
