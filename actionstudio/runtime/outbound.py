"""The one door to other servers: checked addresses, one deadline for all of it, bounded answers, no private networks.

A name is resolved once and every address it has must be allowed; the connection then goes to the checked address, while
SNI, certificate and Host keep the name, so that a second, different answer of the resolver changes nothing.
"""

from __future__ import annotations

import errno
import ipaddress
import re
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import brotli
import httpcore2

from actionstudio.core.call import Headers
from actionstudio.runtime.dialing import Backend, Bounds, OutboundRefused, is_public, tls

__all__ = ["Arriving", "Fetched", "OutboundRefused", "arriving", "fetch", "is_public"]

MAX_BYTES = 10 * 1024 * 1024
REDIRECTS = 3
VIA = "action-studio"
_REDIRECTING = frozenset({301, 302, 303, 307, 308})
_OURS = frozenset({
    "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "via",
    "accept-encoding", "expect",
})  # fmt: skip
_CODINGS = ("gzip", "deflate", "br")
_CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization"})
_NUMBERED = re.compile(r"\[Errno -?\d+\] ")
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back. ``body`` is decoded; ``url`` is the last one after redirects."""

    status: int
    headers: Headers
    body: bytes
    url: str
    duration_us: int


@dataclass(frozen=True, slots=True)
class Arriving:
    """An answer that is still under way. ``pieces`` are its decoded bytes as they come, to be read once."""

    status: int
    headers: Headers
    pieces: Iterator[bytes]

    def rest(self, most: int) -> bytes:
        """What is still to come, cut after ``most`` bytes."""
        found = b""
        for piece in self.pieces:
            found += piece
            if len(found) >= most:
                break
        return found[:most]


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
    exact: bool = False,
) -> Fetched:
    """One HTTP exchange, from a thread. Raises OutboundRefused when it may not be made, fails, or grows too large.

    ``timeout`` bounds the whole of it. ``redirects`` 0 hands a redirect back instead of following it. ``exact`` adds
    nothing but Host and Content-Length, where a request is to look like another client's.
    """
    began = time.monotonic()
    deadline = began + timeout
    sent = _checked_headers(headers) if not exact else _exact(headers)
    for _ in range(redirects + 1):
        parts = checked_url(url)
        own = () if exact else (("Via", f"1.1 {VIA}"), ("Accept-Encoding", "gzip, deflate"))
        status, answered, data = _once(method, parts, (*own, *sent), body, deadline, max_bytes, allow_private, exact)
        location = next((value for name, value in answered if name == "location"), "")
        if not redirects or status not in _REDIRECTING or not location:
            return Fetched(status, answered, data, url, int((time.monotonic() - began) * 1_000_000))
        target = checked_url(urljoin(url, location))
        if (target.scheme, target.hostname, target.port) != (parts.scheme, parts.hostname, parts.port):
            sent = [pair for pair in sent if pair[0].lower() not in _CREDENTIALS]
        if status == 303 or (status in (301, 302) and method == "POST"):
            method, body = "GET" if method != "HEAD" else "HEAD", b""
            sent = [pair for pair in sent if pair[0].lower() not in ("content-type", "content-length")]
        url = target.geturl()
    raise OutboundRefused(f"more than {redirects} redirects")


@contextmanager
def arriving(
    method: str,
    url: str,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    *,
    timeout: float = 600,
    silence: float = 60,
    max_bytes: int = MAX_BYTES,
    allow_private: bool = False,
    stopped: Callable[[], bool] | None = None,
) -> Iterator[Arriving]:
    """One HTTP exchange whose answer is read while it comes, from a thread. Leaving the block closes the connection.

    ``timeout`` bounds the whole of it, ``silence`` every wait for more. ``stopped`` is asked several times a second,
    while nothing comes too. No redirect is followed. Raises OutboundRefused (reason stopped when it was stopped), also
    from inside the block, where ``pieces`` are read: the block is to let it pass.
    """
    bounds = Bounds(time.monotonic() + timeout, max_bytes, silence, stopped)
    sent = [("Via", f"1.1 {VIA}"), ("Accept-Encoding", "identity"), *_checked_headers(headers)]
    with told(), _asked(method, checked_url(url), sent, body, bounds, allow_private) as response:
        pieces = _decoded(response.headers, response.iter_stream(), max_bytes)
        yield Arriving(response.status, _as_decoded(answered(response)), pieces)


def checked_url(url: str) -> SplitResult:
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
        if not TOKEN.match(name) or re.search(r"[\r\n\0]", value):
            raise OutboundRefused(f"the header {name!r} cannot be sent")
        if name.lower() not in _OURS and not name.lower().startswith("proxy-"):
            kept.append((name, value))
    return kept


def _exact(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same with the caller's own codings, as far as they can be read here."""
    out = []
    for name, value in headers:
        if name.lower() == "accept-encoding":
            named = (one.strip() for one in value.split(","))
            out.append((name, ", ".join(one for one in named if one in _CODINGS)))
        else:
            out += _checked_headers([(name, value)])
    return out


def _once(
    method: str,
    parts: SplitResult,
    headers: Sequence[tuple[str, str]],
    body: bytes,
    deadline: float,
    max_bytes: int,
    allow_private: bool,
    exact: bool,
) -> tuple[int, Headers, bytes]:
    bounds = Bounds(deadline, max_bytes)
    asked = _CODINGS if exact else ()
    with told(), _asked(method, parts, headers, body, bounds, allow_private) as response:
        data = b"".join(_decoded(response.headers, response.iter_stream(), max_bytes, asked))
        return response.status, _as_decoded(answered(response)), data


@contextmanager
def _asked(
    method: str,
    parts: SplitResult,
    headers: Sequence[tuple[str, str]],
    body: bytes,
    bounds: Bounds,
    allow_private: bool,
) -> Iterator[Any]:
    """The response of one request on a connection of its own, its body unread."""
    host = ascii_host(parts.hostname or "")
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (f"?{_query(parts.query)}" if parts.query else "")
    own = [("Host", host_header(host, parts))]
    if body or method in ("POST", "PUT", "PATCH"):
        own.append(("Content-Length", str(len(body))))
    url = httpcore2.URL(
        scheme=parts.scheme.encode(),
        host=host.encode(),
        port=parts.port or (443 if parts.scheme == "https" else 80),
        target=target.encode(),
    )
    raw = [(name.encode(), value.encode("utf-8")) for name, value in (*own, *headers)]
    with (
        httpcore2.ConnectionPool(ssl_context=tls(), network_backend=Backend(bounds, allow_private)) as pool,
        pool.stream(method.encode(), url, headers=raw, content=body or None) as response,
    ):
        yield response


def answered(response: Any) -> Headers:
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers)


@contextmanager
def told() -> Iterator[None]:
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
        raise OutboundRefused(f"the call failed: {_unreached(error)}", "connect") from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError, ValueError) as error:
        words = str(error) or type(error).__name__
        early = isinstance(error, httpcore2.NetworkError | OSError) or "closed" in words or "disconnected" in words
        reason = "cut" if early else "protocol" if isinstance(error, httpcore2.ProtocolError) else ""
        raise OutboundRefused(f"the call failed: {words}", reason) from None


def _unreached(error: Exception) -> str:
    """Why there is no connection, without the system's number for it; with the cure where nobody listens."""
    words = _NUMBERED.sub("", str(error)) or type(error).__name__
    if f"[Errno {errno.ECONNREFUSED}]" in str(error):  # httpcore keeps no cause
        return f"nothing answers there ({words}). Is the server running, and is the port right?"
    return words


def ascii_host(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return host.encode("idna").decode().lower() if not host.isascii() else host.lower()
    except UnicodeError:
        raise OutboundRefused("the URL's host is no host name") from None


def host_header(host: str, parts: SplitResult) -> str:
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


def _decoded(
    headers: Sequence[tuple[bytes, bytes]], stream: Iterable[bytes], max_bytes: int, asked: Sequence[str] = ()
) -> Iterator[bytes]:
    """The body piece by piece, decompressed within bounds."""
    coding = next((value for name, value in headers if name.lower() == b"content-encoding"), b"").strip().lower()
    if coding == b"br" and "br" in asked:
        yield _unbrotlied(stream, max_bytes)
        return
    if coding not in (b"", b"identity", b"gzip", b"x-gzip", b"deflate"):
        raise OutboundRefused(
            f"the other server answered in the coding {coding.decode('latin-1')}, which was not asked for"
        )
    unpack = zlib.decompressobj(47) if coding in (b"gzip", b"x-gzip", b"deflate") else None
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
            if piece:
                yield piece


def _unbrotlied(stream: Iterable[bytes], max_bytes: int) -> bytes:
    """A body in Brotli (RFC 7932), decompressed within bounds."""
    unpack, out = brotli.Decompressor(), bytearray()
    try:
        for chunk in stream:
            while True:
                out += unpack.process(chunk, output_buffer_limit=max(1, max_bytes - len(out) + 1))
                if len(out) > max_bytes:
                    raise OutboundRefused(f"the answer is larger than {max_bytes // (1024 * 1024)} MB", "large")
                if unpack.can_accept_more_data() or unpack.is_finished():
                    break
                chunk = b""
    except brotli.error:
        raise OutboundRefused("the other server's compressed answer is damaged") from None
    if not unpack.is_finished() and out:
        raise OutboundRefused("the other server's compressed answer is damaged")
    return bytes(out)
