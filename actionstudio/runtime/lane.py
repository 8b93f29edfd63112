"""The short way of a mock call through the server: parsed, answered, logged and sent without an ASGI task of its own.

An HTTP/1.1 protocol for uvicorn. A call to an address's own host whose body is small is answered in the parser's
callback; its bytes leave when the log has it, all answers of a turn of the event loop together. Whatever else comes
(pages, documents, large or chunked bodies, an address not looked up yet) goes uvicorn's ordinary way through ASGI.
Measured against the ordinary way in docs/decisions/0010-the-short-way.md.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from actionstudio.core.call import Call
from actionstudio.runtime import gate
from actionstudio.runtime.dispatch import wants_stream
from actionstudio.runtime.pacing import CUT
from actionstudio.runtime.replies import Prepared

SMALL = 64 * 1024  # a body as large as this is gathered here
HEAD_LIMIT = 64 * 1024
HEAD_SECONDS = 5.0
IDLE_SECONDS = 75.0
SWEEP_SECONDS = 1.0
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_IDLE, _HEAD, _REST = range(3)  # nothing under way; the head is coming; the body is coming or the answer is being made


class Lane(HttpToolsProtocol):
    """One connection."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._stage = _IDLE
        self._since = self.loop.time()
        self._head = 0
        self._direct = False
        self._address = ""
        self._chunks: list[bytes] = []
        self._peer = self.client[0] if self.client else ""
        self._turn = _Turn()
        _sweeper.watch(self.loop, self.connections)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._direct and self._stage == _REST:
            self._direct = False
            self._refuse(gate.Rejected(400, "the connection was closed before the body ended"))
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server stops: what is under way is finished, streams (which never are) are ended, and what waits on
        purpose leaves now."""
        super().shutdown()
        self.app.front.hurry()
        scope = getattr(self.cycle, "scope", None)
        if scope is not None and not self.cycle.response_complete and wants_stream(scope):
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        self._head += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._read_again(data[upgrade.args[0] :])
            return
        except httptools.HttpParserError:
            self._malformed()
            return
        if self._stage != _HEAD:
            self._head = 0
        elif self._head > HEAD_LIMIT:
            self._too_long()

    def _malformed(self) -> None:
        if not self.transport.is_closing():
            self.send_400_response("Invalid HTTP request received.")

    def _read_again(self, rest: bytes) -> None:
        """No other protocol is spoken here. The parser has taken the body for one, so the request is read once more
        without its wish (RFC 9110, section 7.8: a server may ignore it)."""
        if self.parser.get_method() == b"CONNECT":
            self._malformed()
            return
        lines = [self.parser.get_method() + b" " + self.url + b" HTTP/" + self.parser.get_http_version().encode()]
        for name, value in self.headers:
            if name == b"connection":
                value = b"close" if b"close" in value.lower() else b"keep-alive"
            if name not in (b"upgrade", b"http2-settings"):
                lines.append(name + b": " + value)
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.data_received(b"\r\n".join(lines) + b"\r\n\r\n" + rest)

    def _too_long(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_TOO_LONG)
            self.transport.close()

    def on_message_begin(self) -> None:
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._stage = _HEAD
        self._since = self.loop.time()

    def on_headers_complete(self) -> None:
        self._stage = _REST
        self._direct = False
        if self._head > HEAD_LIMIT and self._length() > HEAD_LIMIT:
            self._too_long()
            raise ValueError("the head is too long")
        if self.parser.should_upgrade():
            return
        if self.cycle is None or self.cycle.response_complete:
            kind, address = self._whose()
            if kind == "live":
                self._direct, self._address, self._chunks = True, address, []
                if self.expect_100_continue:
                    self.transport.write(_CONTINUE)
                return
        self._ordinary()

    def on_body(self, body: bytes) -> None:
        if self._direct:
            self._chunks.append(body)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade():
            return
        if not self._direct:
            super().on_message_complete()
            return
        self._direct = False
        call = self._call()
        turn = self._turn
        turn.keep_alive = self.parser.should_keep_alive()
        turn.head = call.method == "HEAD"
        turn.response_complete = False
        self.cycle = turn  # type: ignore[assignment]
        if not self.app.front.quick(self._address, call, self._peer, self._send):
            turn.response_complete = True
            self.expect_100_continue = False  # said already
            self._ordinary()
            self.cycle.body += call.body
            super().on_message_complete()

    def _call(self) -> Call:
        """The request as it stands."""
        path, _, query = self.url.partition(b"#")[0].partition(b"?")
        chunks = self._chunks
        return Call(
            self.parser.get_method().decode("ascii"),
            path.decode("latin-1"),
            query.decode("latin-1"),
            tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.headers]),
            b"" if not chunks else chunks[0] if len(chunks) == 1 else b"".join(chunks),
        )

    def _whose(self) -> tuple[str, str]:
        """Whose host is called, when the call may take the short way."""
        host = b""
        for name, value in self.headers:
            if name == b"host":
                if host:
                    return "other", ""
                host = value
            elif name == b"content-length":
                if not value.isdigit() or len(value) > 5 or int(value) > SMALL:
                    return "other", ""
            elif name == b"transfer-encoding":
                return "other", ""
        if len(self.headers) > gate.MOST_HEADERS or self.url[:1] != b"/":
            return "other", ""
        return self.app.hosts.read(host)

    def _length(self) -> int:
        """How long this request's head is; what came in one piece with it may be body."""
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _ordinary(self) -> None:
        """The way through ASGI: uvicorn's own, from the head on."""
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.headers, self.expect_100_continue = url, headers, expects
        self.scope["headers"] = headers
        super().on_headers_complete()
        extensions: Any = {CUT: partial(self._cut, self.cycle)}
        self.scope["extensions"] = extensions

    def _cut(self, cycle: Any) -> None:
        """Ends the connection before the answer is whole: what was sent arrives, nothing after it."""
        cycle.response_complete = True
        self.transport.close()

    def _send(self, reply: Prepared) -> None:
        """Called when the log has the call."""
        turn, transport = self._turn, self.transport
        turn.response_complete = True
        if transport.is_closing():
            return
        parts = [reply.head, _date(self.server_state.default_headers)]
        if not turn.keep_alive:
            parts.append(b"connection: close\r\n")
        parts.append(b"\r\n")
        if not turn.head:
            parts.append(reply.body)
        transport.write(b"".join(parts))
        self.on_response_complete()
        if not turn.keep_alive:
            transport.close()

    def _refuse(self, error: gate.Rejected) -> None:
        """A call that ended before its body did: it stands in the log all the same."""
        self._turn.keep_alive, self._turn.head = False, False
        if not self.app.front.quick(self._address, self._call(), self._peer, self._send, error):
            self.transport.close()

    def on_response_complete(self) -> None:
        """No timer for each connection: the sweeper closes what has been idle for too long."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        if self._stage == _REST:
            self._stage = _IDLE
        self._since = self.loop.time()
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)

    def sweep(self, now: float) -> None:
        """Ends this connection when it has kept the server waiting for too long."""
        waited = now - self._since
        if self._stage == _HEAD:
            if waited > HEAD_SECONDS:
                self.transport.close()
        elif self._direct:
            if waited > gate.BODY_SECONDS:
                self._direct = False
                self._refuse(gate.Rejected(408, f"the body did not arrive within {gate.BODY_SECONDS:g} seconds"))
        elif waited > IDLE_SECONDS and (self.cycle is None or self.cycle.response_complete):
            self.transport.close()


class _Turn:
    """Stands where uvicorn looks for the answer under way, while a call takes the short way."""

    __slots__ = ("body", "disconnected", "head", "keep_alive", "message_event", "more_body", "response_complete")

    def __init__(self) -> None:
        self.response_complete = True
        self.disconnected = False
        self.keep_alive = True
        self.head = False
        self.body = bytearray()
        self.more_body = False
        self.message_event = asyncio.Event()


_dated: tuple[Any, bytes] = (None, b"")


def _date(headers: list[tuple[bytes, bytes]]) -> bytes:
    """The Date line. Uvicorn makes a new list every second."""
    global _dated
    if _dated[0] is not headers:
        line = b"".join([b"date: " + value + b"\r\n" for name, value in headers if name == b"date"])
        _dated = (headers, line)
    return _dated[1]


class _Sweeper:
    """Looks after all connections of a loop with one timer."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connections: set[Any] = set()

    def watch(self, loop: asyncio.AbstractEventLoop, connections: set[Any]) -> None:
        if self._loop is not loop:
            self._loop, self._connections = loop, connections
            loop.call_later(SWEEP_SECONDS, self._sweep, loop)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        if loop is not self._loop:
            return
        now = loop.time()
        for connection in list(self._connections):
            connection.sweep(now)
        loop.call_later(SWEEP_SECONDS, self._sweep, loop)


_sweeper = _Sweeper()
