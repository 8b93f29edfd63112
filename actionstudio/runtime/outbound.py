"""The one door to other servers: checked addresses, one deadline for all of it, bounded answers, no private networks.

A name is resolved once and every address it has must be allowed; the connection then goes to the checked address, while
SNI, certificate and Host keep the name, so that a second, different answer of the resolver changes nothing.
"""

from __future__ import annotations

import functools
import ipaddress
import re
import socket
import ssl
import time
import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as ResolveTimeout
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import httpcore2

from actionstudio.core.call import Headers

MAX_BYTES = 10 * 1024 * 1024
CONNECT_SECONDS = 5.0
REDIRECTS = 3
VIA = "action-studio"
_REDIRECTING = frozenset({301, 302, 303, 307, 308})
_OURS = frozenset({
    "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "via",
    "accept-encoding", "expect",
})  # fmt: skip
_CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization"})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_REFUSED_V4 = [
    ipaddress.IPv4Network(text) for text in ("168.63.129.16/32", "192.88.99.0/24", "192.0.0.0/24", "100.64.0.0/10")
]
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = [ipaddress.IPv6Network(text) for text in ("2001::/23", "2002::/16", "2001:db8::/32", "3fff::/20")]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_resolver = ThreadPoolExecutor(8, thread_name_prefix="resolve")


class OutboundRefused(Exception):
    """The call was not made, or broken off: the message says why, for people; ``reason`` for programs.

    Reasons: private, name (there is none), time, tls, connect, large; "" for all else.
    """

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back. ``body`` is decoded; ``url`` is the last one after redirects."""

    status: int
    headers: Headers
    body: bytes
    url: str
    duration_us: int


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address belongs to the public internet. Stricter than ``ipaddress.is_global``, which lets multicast,
    NAT64 and site-local addresses through."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None)
        if inner is not None:
            return is_public(inner)
        return address in _GLOBAL_V6 and not any(address in network for network in _REFUSED_V6)
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in network for network in _REFUSED_V4)


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
    backend = _Backend(deadline, max_bytes, allow_private)
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=_tls(), network_backend=backend) as pool,
            pool.stream(method.encode(), url, headers=raw, content=body) as response,
        ):
            data = _decoded(response, max_bytes, method)
            answered = tuple(
                (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers
            )
            return response.status, _as_decoded(answered), data
    except OutboundRefused:
        raise
    except (httpcore2.TimeoutException, TimeoutError):
        raise OutboundRefused("the other server did not answer in time", "time") from None
    except ssl.SSLError as error:
        raise OutboundRefused(f"the call failed: {error}", "tls") from None
    except httpcore2.ConnectError as error:
        raise OutboundRefused(f"the call failed: {error}", "connect") from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise OutboundRefused(f"the call failed: {reason}") from None


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


@functools.cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()  # making one costs 50 ms


def _as_decoded(headers: Headers) -> Headers:
    """The headers as they belong to the decoded body."""
    if not any(name == "content-encoding" for name, _ in headers):
        return headers
    return tuple(pair for pair in headers if pair[0] not in ("content-encoding", "content-length"))


def _decoded(response: Any, max_bytes: int, method: str) -> bytes:
    """The body, decompressed within bounds."""
    coding = (
        next((value for name, value in response.headers if name.lower() == b"content-encoding"), b"").strip().lower()
    )
    if coding not in (b"", b"identity", b"gzip", b"x-gzip", b"deflate"):
        raise OutboundRefused(
            f"the other server answered in the coding {coding.decode('latin-1')}, which was not asked for"
        )
    unpack = zlib.decompressobj(47) if coding in (b"gzip", b"x-gzip", b"deflate") else None
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_stream():
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


class _Backend(httpcore2.NetworkBackend):
    """Connects to checked addresses only, and lets nothing outlive the deadline."""

    def __init__(self, deadline: float, max_bytes: int, allow_private: bool) -> None:
        self._deadline = deadline
        self._most = max_bytes + 1024 * 1024  # headers and framing on top
        self._private = allow_private

    def connect_tcp(
        self, host: str, port: int, timeout: Any = None, local_address: Any = None, socket_options: Any = None
    ) -> httpcore2.NetworkStream:
        """Tries the addresses of a name in turn; all of them have to be allowed."""
        addresses = self._addresses(host, port)
        last: Exception = OSError("no address")
        for address in addresses:
            try:
                left = min(CONNECT_SECONDS, _left(self._deadline))
                return _Stream(socket.create_connection((address, port), timeout=left), self._deadline, self._most)
            except OSError as error:
                last = error
        raise httpcore2.ConnectError(str(last)) from None

    def connect_unix_socket(
        self, path: str, timeout: Any = None, socket_options: Any = None
    ) -> httpcore2.NetworkStream:
        raise OutboundRefused("sockets of this machine are not called")

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            asked = _resolver.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
            found = asked.result(_left(self._deadline))
        except ResolveTimeout:
            raise OutboundRefused(f"the name {host} could not be looked up in time", "name") from None
        except (OSError, UnicodeError):
            raise OutboundRefused(f"there is no host named {host}", "name") from None
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not self._private:
            for text in addresses:
                if not is_public(ipaddress.ip_address(text.partition("%")[0])):
                    raise OutboundRefused(
                        f"{host} is an address of a private network, and calls to those are switched off", "private"
                    )
        return addresses


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Stream(httpcore2.NetworkStream):
    """A socket whose every wait ends at the deadline, and which hands out no more bytes than allowed."""

    def __init__(self, sock: socket.socket, deadline: float, most: int) -> None:
        self._sock = sock
        self._deadline = deadline
        self._most = most

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._sock.settimeout(_left(self._deadline))
        data = self._sock.recv(max_bytes)
        self._most -= len(data)
        if self._most < 0:
            raise OutboundRefused("the answer is too large", "large")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        view = memoryview(buffer)
        while view:
            self._sock.settimeout(_left(self._deadline))
            view = view[self._sock.send(view) :]

    def close(self) -> None:
        self._sock.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        self._sock.settimeout(_left(self._deadline))
        wrapped = ssl_context.wrap_socket(self._sock, server_hostname=server_hostname)
        return _Stream(wrapped, self._deadline, self._most)

    def get_extra_info(self, info: str) -> Any:
        return {"socket": self._sock, "ssl_object": self._sock if isinstance(self._sock, ssl.SSLSocket) else None}.get(
            info
        )
