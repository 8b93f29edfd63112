"""Runs a WSGI application below an ASGI server, one thread of a small pool per request.

A page costs a fraction of what it costs under Django's own ASGI handler (docs/decisions/0004-two-planes.md). Bodies
have been read and bounded before; answers travel in few large pieces.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

PIECE = 256 * 1024


class WsgiBridge:
    """``await bridge(scope, body, send)`` answers one HTTP request with the WSGI application."""

    def __init__(self, application: Callable, threads: int = 8) -> None:
        self._application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: dict[str, Any], body: bytes, send: Callable) -> None:
        loop = asyncio.get_running_loop()
        answer = _Answer(loop, send)
        await loop.run_in_executor(self._pool, self._run, environ(scope, body), answer)
        await answer.finish()

    def _run(self, env: dict[str, Any], answer: _Answer) -> None:
        chunks = self._application(env, answer.start_response)
        try:
            for chunk in chunks:
                answer.write(chunk)
        finally:
            getattr(chunks, "close", lambda: None)()

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


class _Answer:
    """Gathers what the application writes; sends a piece ahead only when it is large."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Callable) -> None:
        self._loop = loop
        self._send = send
        self._chunks: list[bytes] = []
        self._size = 0
        self._head: dict[str, Any] | None = None

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable:
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._head = {"type": "http.response.start", "status": int(status[:3]), "headers": raw}
        return self.write

    def write(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > PIECE:
            asyncio.run_coroutine_threadsafe(self._piece(True), self._loop).result()

    async def _piece(self, more: bool) -> None:
        if self._head is not None:
            await self._send(self._head)
            self._head = None
        body = b"".join(self._chunks)
        self._chunks, self._size = [], 0
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def finish(self) -> None:
        await self._piece(False)


def environ(scope: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The WSGI environment of an ASGI scope (PEP 3333)."""
    server, port = scope.get("server") or ("localhost", 80)
    env = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server or "localhost",
        "SERVER_PORT": str(port or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        env["REMOTE_ADDR"], env["REMOTE_PORT"] = scope["client"][0], str(scope["client"][1])
    for name, value in scope["headers"]:
        if b"_" in name:
            continue  # "a_b" and "a-b" would be one name below
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        env[key] = f"{env[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}" if key in env else text
    env["CONTENT_LENGTH"] = str(len(body)) if body or "CONTENT_LENGTH" in env else ""
    return env
