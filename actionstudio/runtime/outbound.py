"""The one door to other servers: checked addresses, one deadline for all of it, bounded answers, no private networks.

A name is resolved once and every address it has must be allowed; the connection then goes to the checked address, while
SNI, certificate and Host keep the name, so that a second, different answer of the resolver changes nothing.
"""

from __future__ import annotations

import functools
import ipaddress
import re
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import httpcore2

from actionstudio.core.call import Headers
from actionstudio.runtime.dialing import Backend, Bounds, OutboundRefused, is_public, tls

__all__ = ["Fetched", "OutboundRefused", "Passed", "fetch", "forward", "is_public"]

MAX_BYTES = 10 * 1024 * 1024
REDIRECTS = 3
VIA = "action-studio"
KEPT = 64  # connections
KEPT_SECONDS = 4.0  # servers close theirs after five at the earliest
IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
_UNSAFE = re.compile(r"[^\x21\x22\x24-\x7e]")  # what may not stand in a request's first line
_REDIRECTING = frozenset({301, 302, 303, 307, 308})
_OURS = frozenset({
    "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "via",
    "accept-encoding", "expect",
})  # fmt: skip
_CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization"})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back. ``body`` is decoded; ``url`` is the last one after redirects."""

    status: int
    headers: Headers
    body: bytes
    url: str
    duration_us: int


def fetch(
    method: str,
    url: str,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    *,
    timeout: float = 30,
    max_bytes: int = MAX_BYTES,
    allow_private: bool = False,
    redirects: int = REDIRECTS,
) -> Fetched:
    """One HTTP exchange, from a thread. Raises OutboundRefused when it may not be made, fails, or grows too large.

    ``timeout`` bounds the whole of it. ``redirects`` 0 hands a redirect back instead of following it.
    """
    began = time.monotonic()
    deadline = began + timeout
    sent = _checked_headers(headers)
    for _ in range(redirects + 1):
        parts = _checked_url(url)
        status, answered, data = _once(method, parts, sent, body, deadline, max_bytes, allow_private)
        location = next((value for name, value in answered if name == "location"), "")
        if not redirects or status not in _REDIRECTING or not location:
            return Fetched(status, answered, data, url, int((time.monotonic() - began) * 1_000_000))
        target = _checked_url(urljoin(url, location))
        if (target.scheme, target.hostname, target.port) != (parts.scheme, parts.hostname, parts.port):
            sent = [pair for pair in sent if pair[0].lower() not in _CREDENTIALS]
        if status == 303 or (status in (301, 302) and method == "POST"):
            method, body = "GET" if method != "HEAD" else "HEAD", b""
            sent = [pair for pair in sent if pair[0].lower() not in ("content-type", "content-length")]
        url = target.geturl()
    raise OutboundRefused(f"more than {redirects} redirects")


def _checked_url(url: str) -> SplitResult:
    """A URL that may be called as far as its text tells."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise OutboundRefused("this is not a usable URL") from None
    if parts.scheme not in ("http", "https"):
        raise OutboundRefused("only http:// and https:// URLs can be called")
    if parts.username is not None or parts.password is not None:
        raise OutboundRefused("a URL with a user name or password in it is not called; use a header")
    if not parts.hostname or re.search(r"[\s\\<>^`{|}]", parts.netloc):
        raise OutboundRefused("the URL names no host")
    if port == 0:
        raise OutboundRefused("port 0 cannot be called")
    return parts


def _checked_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What the caller wants to send, without what belongs to the connection."""
    kept = []
    for name, value in headers:
        if not _TOKEN.match(name) or re.search(r"[\r\n\0]", value):
            raise OutboundRefused(f"the header {name!r} cannot be sent")
        if name.lower() not in _OURS and not name.lower().startswith("proxy-"):
            kept.append((name, value))
    return kept


def _once(
    method: str,
    parts: SplitResult,
    headers: Sequence[tuple[str, str]],
    body: bytes,
    deadline: float,
    max_bytes: int,
    allow_private: bool,
) -> tuple[int, Headers, bytes]:
    host = _ascii_host(parts.hostname or "")
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (f"?{_query(parts.query)}" if parts.query else "")
    own = [("Host", _host_header(host, parts)), ("Via", f"1.1 {VIA}"), ("Accept-Encoding", "gzip, deflate")]
    if body or method in ("POST", "PUT", "PATCH"):
        own.append(("Content-Length", str(len(body))))
    url = httpcore2.URL(
        scheme=parts.scheme.encode(),
        host=host.encode(),
        port=parts.port or (443 if parts.scheme == "https" else 80),
        target=target.encode(),
    )
    raw = [(name.encode(), value.encode("utf-8")) for name, value in (*own, *headers)]
    bounds = Bounds(deadline, max_bytes)
    with (
        _told(),
        httpcore2.ConnectionPool(ssl_context=tls(), network_backend=Backend(lambda: bounds, allow_private)) as pool,
        pool.stream(method.encode(), url, headers=raw, content=body) as response,
    ):
        data = _decoded(response.headers, response.iter_stream(), max_bytes)
        return response.status, _as_decoded(_answered(response)), data


def _answered(response: Any) -> Headers:
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers)


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong on the way becomes OutboundRefused."""
    try:
        yield
    except OutboundRefused:
        raise
    except (httpcore2.TimeoutException, TimeoutError):
        raise OutboundRefused("the other server did not answer in time", "time") from None
    except ssl.SSLError as error:
        raise OutboundRefused(f"the call failed: {error}", "tls") from None
    except httpcore2.ConnectError as error:
        raise OutboundRefused(f"the call failed: {error}", "connect") from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError, ValueError) as error:
        words = str(error) or type(error).__name__
        early = isinstance(error, httpcore2.NetworkError | OSError) or "closed" in words or "disconnected" in words
        reason = "cut" if early else "protocol" if isinstance(error, httpcore2.ProtocolError) else ""
        raise OutboundRefused(f"the call failed: {words}", reason) from None


@dataclass(frozen=True, slots=True)
class Passed:
    """What came back, byte for byte: the body is not decoded, the headers are as they were sent (names lower case)."""

    status: int
    headers: Headers
    body: bytes
    duration_us: int


def forward(
    method: str,
    base: str,
    target: str,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
    *,
    timeout: float = 30,
    max_bytes: int = MAX_BYTES,
    allow_private: bool = False,
) -> Passed:
    """One HTTP exchange for somebody else: the request target, the headers and the body go and come as they are.

    ``base`` names the server (scheme, host, port), ``target`` is path and query as they are sent. Redirects are handed
    back. ``headers`` have to be complete but for Host and Content-Length. Idempotent calls (RFC 9110, section 9.2.2)
    reuse connections, each of which went to a checked address; one that the server had closed meanwhile is replaced
    once. Raises OutboundRefused.
    """
    began = time.monotonic()
    parts = _checked_url(base)
    host = _ascii_host(parts.hostname or "")
    for name, value in headers:
        if not _TOKEN.match(name) or re.search(r"[\r\n\0]", value):
            raise OutboundRefused(f"the header {name!r} cannot be sent")
    own = [("Host", _host_header(host, parts))]
    if body or method in ("POST", "PUT", "PATCH"):
        own.append(("Content-Length", str(len(body))))
    request = httpcore2.Request(
        method.encode("ascii", "replace"),
        httpcore2.URL(
            scheme=parts.scheme.encode(),
            host=host.encode(),
            port=parts.port or (443 if parts.scheme == "https" else 80),
            target=_UNSAFE.sub(lambda found: quote(found[0], encoding="latin-1"), target).encode("ascii"),
        ),
        headers=[(name.encode(), value.encode("latin-1", "replace")) for name, value in (*own, *headers)],
        content=body,
        extensions={"timeout": {"pool": timeout}},
    )
    bounds = Bounds(began + timeout, max_bytes)
    if method not in IDEMPOTENT:
        with httpcore2.ConnectionPool(ssl_context=tls(), network_backend=Backend(lambda: bounds, allow_private)) as new:
            return _passed(new, request, max_bytes, began)
    _now.bounds = bounds
    try:
        return _passed(_kept(allow_private), request, max_bytes, began)
    except OutboundRefused as refused:
        if refused.reason != "cut" or bounds.connected:
            raise
    with httpcore2.ConnectionPool(ssl_context=tls(), network_backend=Backend(lambda: bounds, allow_private)) as new:
        return _passed(new, request, max_bytes, began)


def _passed(pool: httpcore2.ConnectionPool, request: httpcore2.Request, max_bytes: int, began: float) -> Passed:
    with _told():
        response = pool.handle_request(request)
        try:
            data, size = [], 0
            for chunk in response.iter_stream():
                size += len(chunk)
                if size > max_bytes:
                    raise OutboundRefused(f"the answer is larger than {max_bytes // (1024 * 1024)} MB", "large")
                data.append(chunk)
        finally:
            response.close()
        took = int((time.monotonic() - began) * 1_000_000)
        return Passed(response.status, _answered(response), b"".join(data), took)


class _Now(threading.local):
    """The bounds of the call that this thread is making."""

    bounds = Bounds(0, 0)


_now = _Now()


@functools.cache
def _kept(allow_private: bool) -> httpcore2.ConnectionPool:
    """Connections that stay open for a moment. Whose call a connection serves says the thread."""
    return httpcore2.ConnectionPool(
        ssl_context=tls(),
        network_backend=Backend(lambda: _now.bounds, allow_private),
        max_connections=KEPT * 4,
        max_keepalive_connections=KEPT,
        keepalive_expiry=KEPT_SECONDS,
    )


def _ascii_host(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return host.encode("idna").decode().lower() if not host.isascii() else host.lower()
    except UnicodeError:
        raise OutboundRefused("the URL's host is no host name") from None


def _host_header(host: str, parts: SplitResult) -> str:
    shown = f"[{host}]" if ":" in host else host
    usual = 443 if parts.scheme == "https" else 80
    return shown if parts.port in (None, usual) else f"{shown}:{parts.port}"


def _query(query: str) -> str:
    return quote(query, safe="/%:@!$&'()*+,;=~-._?[]")


def _as_decoded(headers: Headers) -> Headers:
    """The headers as they belong to the decoded body."""
    if not any(name == "content-encoding" for name, _ in headers):
        return headers
    return tuple(pair for pair in headers if pair[0] not in ("content-encoding", "content-length"))


def _decoded(headers: Sequence[tuple[bytes, bytes]], stream: Iterable[bytes], max_bytes: int) -> bytes:
    """The body, decompressed within bounds."""
    coding = next((value for name, value in headers if name.lower() == b"content-encoding"), b"").strip().lower()
    if coding not in (b"", b"identity", b"gzip", b"x-gzip", b"deflate"):
        raise OutboundRefused(
            f"the other server answered in the coding {coding.decode('latin-1')}, which was not asked for"
        )
    unpack = zlib.decompressobj(47) if coding in (b"gzip", b"x-gzip", b"deflate") else None
    chunks: list[bytes] = []
    size = 0
    for chunk in stream:
        while chunk:
            if unpack is None:
                piece, chunk = chunk, b""
            else:
                try:
                    piece = unpack.decompress(chunk, max_bytes - size + 1)
                except zlib.error:
                    raise OutboundRefused("the other server's compressed answer is damaged") from None
                chunk = unpack.unconsumed_tail
            size += len(piece)
            if size > max_bytes:
                raise OutboundRefused(f"the answer is larger than {max_bytes // (1024 * 1024)} MB", "large")
            chunks.append(piece)
    return b"".join(chunks)
