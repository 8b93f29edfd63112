"""An upstream of the tests' own, on bare sockets: it says the bytes it is told to, and keeps what it was sent."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

type Script = bytes | Iterable[bytes | float]


class Seen(NamedTuple):
    """One request as it came: the first line's parts, the headers as [(name, value)], the body."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return ", ".join(value for key, value in self.headers if key.lower() == name)

    @property
    def names(self) -> set[str]:
        return {name.lower() for name, _ in self.headers}


def answer(body: bytes = b"", status: str = "200 OK", *headers: str, length: bool = True) -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Upstream:
    """``with Upstream(reply) as upstream``: ``reply(seen)`` gives bytes, or bytes and pauses; None ends the connection
    without a word. A reply that is not wholly framed ends it afterwards."""

    def __init__(self, reply: Callable[[Seen], Script | None] | None = None) -> None:
        self.reply = reply or (lambda seen: answer(b"{}", "200 OK", "Content-Type: application/json"))
        self.seen: list[Seen] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._open: set[socket.socket] = set()
        self._ended = False

    def __enter__(self) -> Upstream:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exc: Any) -> None:
        self._ended = True
        self._listener.close()
        for one in list(self._open):  # shut: closed alone it lives on while its thread reads, for the next on this port
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    @property
    def last(self) -> Seen:
        return self.seen[-1]

    def _accept(self) -> None:
        while not self._ended:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as stream:
                while (seen := _read(stream)) is not None:
                    self.seen.append(seen)
                    script = self.reply(seen)
                    if script is None:
                        return
                    for piece in [script] if isinstance(script, bytes) else script:
                        if isinstance(piece, bytes):
                            connection.sendall(piece)
                        else:
                            time.sleep(piece)
                    if not isinstance(script, bytes):
                        return
        except OSError:
            pass
        finally:
            self._open.discard(connection)


def _read(stream: Any) -> Seen | None:
    first = stream.readline()
    if not first.strip():
        return None
    method, target, _version = first.decode("latin-1").split(" ", 2)
    headers = []
    while (line := stream.readline().decode("latin-1").rstrip("\r\n")) != "":
        name, _, value = line.partition(":")
        headers.append((name, value.strip()))
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return Seen(method, target, headers, stream.read(length) if length else b"")
