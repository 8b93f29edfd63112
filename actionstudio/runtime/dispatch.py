"""Which plane answers: by host and path, before anything else is looked at. Starts and stops what runs beside."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

import orjson

from actionstudio.runtime import gate, signing
from actionstudio.runtime.app import BELOW_LIVE, DOMAIN, Frontdoor
from actionstudio.runtime.bridge import WsgiBridge

UPLOAD_LIMIT = 12 * 1024 * 1024
LIVE = "/live/"
WELL_KNOWN = "/.well-known/"
PAGE_POLICY = (
    b"default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; "
    b"form-action 'none'; frame-ancestors 'none'"
)
_KEPT = 2048
type TooLarge = Callable[[int, dict[str, str]], bytes]
log = logging.getLogger(__name__)


class Hosts:
    """Reads a Host header: whose host is it?"""

    def __init__(self, live_domain: str, own: Iterable[str]) -> None:
        self._suffix = "." + live_domain.rpartition(":")[0] if ":" in live_domain else "." + live_domain
        own = [name.lower().strip("[]") for name in own]
        self._own = {name for name in own if not name.startswith(".")}
        self._own_suffixes = tuple(name for name in own if name.startswith("."))
        self._known: OrderedDict[bytes, tuple[str, str]] = OrderedDict()

    def read(self, host: bytes) -> tuple[str, str]:
        """("live", address), ("own", "") for the dashboard, or ("other", host name): perhaps a bound domain."""
        known = self._known.get(host)
        if known is None:
            known = self._known[host] = self._read(host.decode("latin-1").lower())
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return known

    def _read(self, host: str) -> tuple[str, str]:
        name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
        name = name.rstrip(".")
        if name.endswith(self._suffix):
            address = name[: -len(self._suffix)]
            return ("live", address) if address and "." not in address else ("other", name)
        if name in self._own or name.endswith(self._own_suffixes) or "*" in self._own:
            return ("own", "")
        return ("other", name)


class RuntimeOnly:
    """The data plane alone: addresses by host, by bound domain and under ``/live/<address>/``."""

    def __init__(self, hosts: Hosts, frontdoor: Frontdoor) -> None:
        self.hosts = hosts
        self.front = frontdoor
        self._stopping = False
        self._too_large: TooLarge | None = None

    def __call__(self, scope: dict[str, Any], receive: Callable, send: Callable):
        if scope["type"] != "http":
            return self._beside(scope, receive, send)
        for name, value in scope["headers"]:
            if name == b"host":
                kind, address = self.hosts.read(value)
                if kind == "live":
                    return self.front.serve(address, scope, receive, send)
                break
        else:
            kind, address = "other", ""
        return self._other(kind, address, scope, receive, send)

    async def _other(self, kind: str, host: str, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        path = scope["path"]
        if path.startswith("/healthz"):
            await self._health(path, send)
            return
        if kind == "other" and host:
            address = await self.front.registry.address_of_domain(host)
            if address is not None:
                await self.front.serve(address, scope, receive, send, DOMAIN)
                return
        if path.startswith(LIVE):
            address = path[len(LIVE) :].partition("/")[0]
            if address:
                await self.front.serve(address.lower(), scope, receive, send, BELOW_LIVE)
                return
        if path.startswith(WELL_KNOWN) and await self._inserted(scope, receive, send):
            return
        try:
            await self._rest(scope, receive, send)
        except gate.Rejected as error:
            if error.status == 413 and kind == "own" and self._too_large and wants_page(scope):
                await self._refuse_form(self._too_large, scope, send)
            else:
                await refuse(scope, send, error)

    async def _inserted(self, scope: dict[str, Any], receive: Callable, send: Callable) -> bool:
        """Answers for the provider of an address below /live/ that the path ends with. False when there is none."""
        found = signing.inserted(gate.path_of(scope, False))
        if found is None:
            return False
        address, path = found
        program = await self.front.registry.program(address)
        if program is None or not signing.provides(program.hosted.contract, path):
            return False
        moved = f"{LIVE}{address}{path}"
        await self.front.serve(
            address, {**scope, "path": moved, "raw_path": moved.encode("latin-1")}, receive, send, BELOW_LIVE
        )
        return True

    async def _refuse_form(self, too_large: TooLarge, scope: dict[str, Any], send: Callable) -> None:
        """A browser without scripts sent a form that is too large: its answer is for a person."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        loop = asyncio.get_running_loop()
        body = await loop.run_in_executor(None, too_large, UPLOAD_LIMIT, headers)
        await answer(send, 413, body, b"text/html; charset=utf-8", ((b"content-security-policy", PAGE_POLICY),))

    async def _rest(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        raise gate.Rejected(404, "there is no address here")

    async def _beside(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        while True:
            message = await receive()
            deed = self.start if message["type"] == "lifespan.startup" else self.stop
            await deed()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def start(self) -> None:
        self.front.start(asyncio.get_running_loop())
        gc.collect()
        gc.freeze()  # what was imported stays: it need not be looked through again and again
        gc.set_threshold(20_000, 20, 20)

    async def stop(self) -> None:
        self._stopping = True
        await self.front.stop()

    async def _health(self, path: str, send: Callable) -> None:
        ready = path != "/healthz/ready" or (not self._stopping and await self.front.ready())
        await answer(send, 200 if ready else 503, b"ok\n" if ready else b"not ready\n", b"text/plain; charset=utf-8")


class Both(RuntimeOnly):
    """The data plane in front, Django behind it: pages through a WSGI bridge, streams through its ASGI handler."""

    def __init__(
        self,
        hosts: Hosts,
        frontdoor: Frontdoor,
        pages: WsgiBridge,
        streams: Callable,
        worker: Callable[[], Any] = lambda: None,
        too_large: TooLarge | None = None,
    ) -> None:
        super().__init__(hosts, frontdoor)
        self._too_large = too_large
        self._pages = pages
        self._streams = streams
        self._make_worker = worker
        self._worker: Any = None

    async def start(self) -> None:
        await super().start()
        self._worker = self._make_worker()
        if self._worker is not None:
            self._worker.start()

    async def stop(self) -> None:
        self._stopping = True
        loop = asyncio.get_running_loop()
        if self._worker is not None:
            await loop.run_in_executor(None, self._worker.stop)
        await loop.run_in_executor(None, self._pages.close)
        await super().stop()

    async def _rest(self, scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        headers = scope["headers"]
        gate.host_of(headers)
        if wants_stream(scope):
            await self._streams(scope, receive, send)
            return
        body = await gate.read_body(headers, receive, UPLOAD_LIMIT) if gate.has_body(headers) else b""
        await self._pages(scope, body, send)


def wants_stream(scope: dict[str, Any]) -> bool:
    """Whether this is a request for an endless answer (the log's live tail)."""
    if scope["method"] != "GET" or not scope["path"].endswith("/tail"):
        return False
    return any(name == b"accept" and b"text/event-stream" in value for name, value in scope["headers"])


def wants_page(scope: dict[str, Any]) -> bool:
    """Whether a browser waits for a page: it says so, and neither htmx nor a client of the API asks."""
    if scope["path"].startswith("/api/"):
        return False
    headers = dict(scope["headers"])
    return b"text/html" in headers.get(b"accept", b"") and b"hx-request" not in headers


async def refuse(scope: dict[str, Any], send: Callable, error: gate.Rejected) -> None:
    """The guard's answer to a request for a page or the API."""
    if scope["path"].startswith("/api/"):
        problem = {"type": "about:blank", "title": error.detail, "status": error.status, "errors": []}
        await answer(send, error.status, orjson.dumps(problem), b"application/problem+json")
    else:
        text = error.detail[:1].upper() + error.detail[1:] + ".\n"
        await answer(send, error.status, text.encode(), b"text/plain; charset=utf-8")


async def answer(
    send: Callable, status: int, body: bytes, content_type: bytes, more: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    headers = [
        (b"content-type", content_type),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
