"""One HTTP exchange for somebody else: the request target, headers and bodies go and come byte for byte.

Connections of idempotent calls (RFC 9110, section 9.2.2) are kept for a moment and used again by the next call to the
same scheme, host and port. Each of them went to a checked address when it was made; one on which anything came that
nobody had asked for is closed. A call that may not be repeated gets a connection of its own: a kept one may be closed
by the server at the very moment the call is sent.
"""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

import httpcore2

from actionstudio.core.call import Headers
from actionstudio.runtime.dialing import Backend, Bounds, OutboundRefused, Stream, tls
from actionstudio.runtime.outbound import (
    MAX_BYTES,
    TOKEN,
    answered,
    ascii_host,
    checked_url,
    host_header,
    told,
)

IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
KEPT = 64  # connections, of all servers together
KEPT_SECONDS = 4.0  # servers close theirs after five at the earliest
_UNSAFE = re.compile(r"[^\x21\x22\x24-\x7e]")  # what may not stand in a request's first line


@dataclass(frozen=True, slots=True)
class Relayed:
    """What came back: the body is not decoded, the headers are as they were sent (names lower case)."""

    status: int
    headers: Headers
    body: bytes


class _Place(NamedTuple):
    """Where a connection goes; ``private`` says whether its address was allowed to be a private one."""

    scheme: str
    host: str
    port: int
    private: bool


class _Kept(NamedTuple):
    connection: httpcore2.HTTP11Connection
    stream: Stream
    until: float


_waiting: OrderedDict[_Place, list[_Kept]] = OrderedDict()
_lock = threading.Lock()


def relay(
    method: str,
    base: str,
    target: str,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
    *,
    timeout: float = 30,
    max_bytes: int = MAX_BYTES,
    allow_private: bool = False,
) -> Relayed:
    """Sends a request and hands back what comes, redirects too. Raises OutboundRefused.

    ``base`` names the server (scheme, host, port), ``target`` is path and query as they are sent. ``headers`` have to
    be complete but for Host and Content-Length. ``timeout`` bounds the whole of it.
    """
    bounds = Bounds(time.monotonic() + timeout, max_bytes)
    place, request = _request(method, base, target, headers, body, allow_private)
    kept = _take(place) if method in IDEMPOTENT else None
    if kept is not None:
        kept.stream.bounds = bounds
        try:
            return _exchange(place, request, kept.connection, kept.stream, max_bytes)
        except OutboundRefused as refused:
            if refused.reason != "cut":
                raise
    with told():
        connection, stream = _connect(place, bounds)
    return _exchange(place, request, connection, stream, max_bytes)


def _request(
    method: str, base: str, target: str, headers: Sequence[tuple[str, str]], body: bytes, private: bool
) -> tuple[_Place, httpcore2.Request]:
    parts = checked_url(base)
    host = ascii_host(parts.hostname or "")
    for name, value in headers:
        if not TOKEN.match(name) or re.search(r"[\r\n\0]", value):
            raise OutboundRefused(f"the header {name!r} cannot be sent")
    own = [("Host", host_header(host, parts))]
    if body or method in ("POST", "PUT", "PATCH"):
        own.append(("Content-Length", str(len(body))))
    place = _Place(parts.scheme, host, parts.port or (443 if parts.scheme == "https" else 80), private)
    line = _UNSAFE.sub(lambda found: quote(found[0], encoding="latin-1"), target).encode("ascii")
    url = httpcore2.URL(scheme=place.scheme.encode(), host=host.encode(), port=place.port, target=line)
    raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in (*own, *headers)]
    with told():
        return place, httpcore2.Request(method.encode("ascii", "replace"), url, headers=raw, content=body)


def _connect(place: _Place, bounds: Bounds) -> tuple[httpcore2.HTTP11Connection, Stream]:
    stream: Any = Backend(bounds, place.private).connect_tcp(place.host, place.port)
    if place.scheme == "https":
        stream = stream.start_tls(tls(), place.host)
    origin = httpcore2.Origin(place.scheme.encode(), place.host.encode(), place.port)
    return httpcore2.HTTP11Connection(origin, stream), stream


def _exchange(place: _Place, request: httpcore2.Request, connection: Any, stream: Stream, max_bytes: int) -> Relayed:
    done = False
    try:
        with told():
            response = connection.handle_request(request)
            data, size = [], 0
            for chunk in response.iter_stream():
                size += len(chunk)
                if size > max_bytes:
                    raise OutboundRefused(f"the answer is larger than {max_bytes // (1024 * 1024)} MB", "large")
                data.append(chunk)
            response.close()
            done = True
            return Relayed(response.status, answered(response), b"".join(data))
    finally:
        if done and request.method.decode() in IDEMPOTENT and _is_clean(connection):
            _put(place, _Kept(connection, stream, time.monotonic() + KEPT_SECONDS))
        else:
            connection.close()


def _is_clean(connection: Any) -> bool:
    """Whether nothing came behind the answer: the next call would take it for its own."""
    return connection.is_idle() and connection._h11_state.trailing_data == (b"", False)


def _take(place: _Place) -> _Kept | None:
    """The connection used last, when it is still good."""
    while True:
        with _lock:
            waiting = _waiting.get(place)
            kept = waiting.pop() if waiting else None
        if kept is None:
            return None
        if time.monotonic() < kept.until and not kept.connection.has_expired():
            return kept
        kept.connection.close()


def _put(place: _Place, kept: _Kept) -> None:
    gone = []
    with _lock:
        _waiting.setdefault(place, []).append(kept)
        _waiting.move_to_end(place)
        while sum(map(len, _waiting.values())) > KEPT:
            oldest = next(iter(_waiting))
            gone += _waiting[oldest][:1]
            del _waiting[oldest][:1]
            if not _waiting[oldest]:
                del _waiting[oldest]
        for other in [one for one, waiting in _waiting.items() if waiting and waiting[-1].until < time.monotonic()]:
            gone += _waiting.pop(other)
    for one in gone:
        one.connection.close()
