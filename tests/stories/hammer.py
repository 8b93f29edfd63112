"""Many connections that call one address as fast as it answers, and remember every call that was answered."""

from __future__ import annotations

import asyncio
import itertools


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
