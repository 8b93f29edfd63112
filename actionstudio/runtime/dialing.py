"""Connections to other servers: to checked addresses only, and within the bounds of the call they serve."""

from __future__ import annotations

import functools
import ipaddress
import select
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as ResolveTimeout
from typing import Any

import httpcore2

CONNECT_SECONDS = 5.0
LOOK_SECONDS = 0.2  # how often a wait asks whether it is still wanted
_REFUSED_V4 = [
    ipaddress.IPv4Network(text) for text in ("168.63.129.16/32", "192.88.99.0/24", "192.0.0.0/24", "100.64.0.0/10")
]
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = [ipaddress.IPv6Network(text) for text in ("2001::/23", "2002::/16", "2001:db8::/32", "3fff::/20")]
_NEVER = [  # what a machine in the cloud is told of itself, keys too: nobody's API, and no private network either
    ipaddress.ip_network(text)
    for text in ("169.254.0.0/16", "fe80::/10", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")
]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_resolver = ThreadPoolExecutor(128, thread_name_prefix="resolve")  # as many as calls: a name server may not answer


class OutboundRefused(Exception):
    """The call was not made, or broken off: the message says why, for people; ``reason`` for programs.

    Reasons: private, never (not even where private ones are called), name (there is none), time, tls, connect, cut (the
    connection ended too early), protocol (no HTTP), large, stopped (by the caller); "" for all else.
    """

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address belongs to the public internet. Stricter than ``ipaddress.is_global``, which lets multicast,
    NAT64 and site-local addresses through."""
    address = _inner(address)
    if isinstance(address, ipaddress.IPv6Address):
        return address in _GLOBAL_V6 and not any(address in network for network in _REFUSED_V6)
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in network for network in _REFUSED_V4)


def is_never(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is called by nobody: link-local, and those at which clouds tell a machine its keys."""
    address = _inner(address)
    return any(address in network for network in _NEVER if network.version == address.version)


def _inner(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address that stands in one of IPv6, else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    return address.ipv4_mapped or (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else address)


@functools.cache
def tls() -> ssl.SSLContext:
    """Making one costs 50 ms."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


class Bounds:
    """What one call may take: until when, how many bytes, how long nothing may come (None: until the deadline), and
    who says that it is no longer wanted."""

    __slots__ = ("deadline", "left", "silence", "stopped")

    def __init__(
        self,
        deadline: float,
        max_bytes: int,
        silence: float | None = None,
        stopped: Callable[[], bool] | None = None,
    ) -> None:
        self.deadline = deadline
        self.left = max_bytes + 1024 * 1024  # headers and framing on top
        self.silence = silence
        self.stopped = stopped

    def wait(self) -> float:
        """How long a wait that cannot be interrupted may last."""
        left = left_until(self.deadline)
        return left if self.silence is None else min(left, self.silence)

    def turn(self, since: float) -> float:
        """How long a wait that began at ``since`` may go on before it asks again. Raises when it may not go on."""
        if self.stopped is not None and self.stopped():
            raise OutboundRefused("the call was stopped", "stopped")
        left = left_until(self.deadline)
        if self.silence is not None:
            left = min(left, left_until(since + self.silence))
        return left if self.stopped is None else min(left, LOOK_SECONDS)


class Backend(httpcore2.NetworkBackend):
    """Connects to checked addresses only, and lets nothing outlive the deadline."""

    def __init__(self, bounds: Bounds, allow_private: bool) -> None:
        self._bounds = bounds
        self._private = allow_private

    def connect_tcp(
        self, host: str, port: int, timeout: Any = None, local_address: Any = None, socket_options: Any = None
    ) -> httpcore2.NetworkStream:
        """Tries the addresses of a name in turn; all of them have to be allowed."""
        addresses = self._addresses(host, port)
        bounds = self._bounds
        last: Exception = OSError("no address")
        for address in addresses:
            try:
                left = min(CONNECT_SECONDS, left_until(bounds.deadline))
                return Stream(socket.create_connection((address, port), timeout=left), bounds)
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
            found = self._looked_up(asked)
        except ResolveTimeout:
            raise OutboundRefused(f"the name {host} could not be looked up in time", "name") from None
        except (OSError, UnicodeError):
            raise OutboundRefused(f"there is no host named {host}", "name") from None
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for text in addresses:
            address = ipaddress.ip_address(text.partition("%")[0])
            if is_never(address):
                raise OutboundRefused(
                    f"{host} is a link-local address or one of a cloud's own; none is called", "never"
                )
            if not self._private and not is_public(address):
                raise OutboundRefused(
                    f"{host} is an address of a private network, and calls to those are switched off", "private"
                )
        return addresses

    def _looked_up(self, asked: Future[Any]) -> Any:
        since = time.monotonic()
        while True:
            left = self._bounds.turn(since)
            try:
                return asked.result(left)
            except ResolveTimeout:
                if asked.done():
                    raise


def left_until(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class Stream(httpcore2.NetworkStream):
    """A socket whose every wait ends at the deadline, and which hands out no more bytes than allowed."""

    def __init__(self, sock: socket.socket, bounds: Bounds) -> None:
        self._sock = sock
        self.bounds = bounds  # of the call that the connection serves now

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        bounds = self.bounds
        data = self._waited(bounds, max_bytes)
        bounds.left -= len(data)
        if bounds.left < 0:
            raise OutboundRefused("the answer is too large", "large")
        return data

    def _waited(self, bounds: Bounds, max_bytes: int) -> bytes:
        since = time.monotonic()
        while True:
            self._sock.settimeout(bounds.turn(since))
            try:
                return self._sock.recv(max_bytes)
            except TimeoutError:
                continue  # the next turn says whether there is one

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        view = memoryview(buffer)
        bounds = self.bounds
        while view:
            self._sock.settimeout(bounds.wait())
            try:
                view = view[self._sock.send(view) :]
            except TimeoutError:
                raise
            except OSError as error:  # a server may answer and close before it has read all
                raise httpcore2.WriteError(str(error)) from None

    def close(self) -> None:
        self._sock.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        self._sock.settimeout(self.bounds.wait())
        return Stream(ssl_context.wrap_socket(self._sock, server_hostname=server_hostname), self.bounds)

    def get_extra_info(self, info: str) -> Any:
        """What the pool asks of an idle connection: whether the server has closed it (or sent what nobody wants)."""
        if info == "is_readable":
            return _is_readable(self._sock)
        return (
            self._sock if info == "socket" or (info == "ssl_object" and isinstance(self._sock, ssl.SSLSocket)) else None
        )


def _is_readable(sock: socket.socket) -> bool:
    if sock.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))
