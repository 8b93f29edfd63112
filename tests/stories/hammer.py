"""Many connections that call addresses as fast as they answer, and remember every call that was answered."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Sequence, Sized
from typing import Any


def under_way(done: Sized, enough: int, least: float, most: float = 15.0) -> None:
    """Waits until so much is done, ``least`` seconds in any case and ``most`` at most: a busy machine needs longer."""
    began = time.monotonic()
    time.sleep(least)
    while len(done) <= enough and time.monotonic() - began < most:
        time.sleep(0.05)


class Hammer:
    """``answered`` holds the numbers of the calls whose answer arrived whole."""

    def __init__(self, port: int, address: str, path: str = "/items", connections: int = 32) -> None:
        self._port = port
        self._host = f"{address}.live.localhost:{port}"
        self._path = path
        self._connections = connections
        self._numbers = itertools.count(1)
        self.answered: set[int] = set()
        self.statuses: set[int] = set()

    async def run(self, seconds: float, during=None) -> None:
        """Calls for that long, or until the server is gone. ``during`` is called in a thread beside it."""
        until = asyncio.get_running_loop().time() + seconds
        callers = [asyncio.create_task(self._call(until)) for _ in range(self._connections)]
        if during is not None:
            await asyncio.to_thread(during)
        await asyncio.gather(*callers)

    async def _call(self, until: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            while loop.time() < until:
                number = next(self._numbers)
                writer.write(f"GET {self._path}?n={number} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
                await reader.readexactly(length)
                self.statuses.add(int(head[9:12]))
                self.answered.add(number)
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            return


class Writer:
    """Connections to one address, through all ``ports`` in turn, that change what its mocks remember.

    ``script(number)`` is the method, the path and the JSON body of call ``number``; it is sent by connection
    ``number % connections``, one after the other. ``answers`` holds status and body of each call that was answered.
    """

    def __init__(self, ports: Sequence[int], address: str, script: Callable[[int], tuple[str, str, Any]]) -> None:
        self._ports = ports
        self._address = address
        self._script = script
        self.answers: dict[int, tuple[int, Any]] = {}

    async def run(self, calls: int, connections: int = 24, during=None) -> None:
        """Makes so many calls, or as many as there are until the server is gone."""
        callers = [asyncio.create_task(self._call(range(one, calls, connections), one)) for one in range(connections)]
        if during is not None:
            await asyncio.to_thread(during)
        await asyncio.gather(*callers)

    async def _call(self, numbers: Sequence[int], one: int) -> None:
        port = self._ports[one % len(self._ports)]
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for number in numbers:
                method, path, body = self._script(number)
                text = json.dumps(body).encode() if body is not None else b""
                lines = [f"{method} {path} HTTP/1.1", f"Host: {self._address}.live.localhost:{port}"]
                lines += ["Content-Type: application/json", f"Content-Length: {len(text)}"]
                writer.write("\r\n".join([*lines, "", ""]).encode() + text)
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
                answer = await reader.readexactly(length)
                self.answers[number] = int(head[9:12]), json.loads(answer) if answer else None
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            return
