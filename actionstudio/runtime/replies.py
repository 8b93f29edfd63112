"""Answers ready to be sent: their bytes, their headers as the server wants them and as the log keeps them.

What a builder typed into a response header is checked here: names and values must be HTTP's (RFC 9110, 5.1 and 5.5),
framing belongs to the server, and nothing may reach beyond the address (cookies for a parent domain, service workers,
stored site data, transport policy).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any, NamedTuple

import orjson

from actionstudio.core.call import Headers

_STATUSES = frozenset(int(status) for status in HTTPStatus)
SANDBOX = "sandbox"
FORBIDDEN = frozenset((
    "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "date",
    "server", "content-security-policy", "content-security-policy-report-only", "strict-transport-security",
    "service-worker-allowed", "clear-site-data", "alt-svc", "nel", "report-to", "reporting-endpoints",
    "public-key-pins", "public-key-pins-report-only", "x-content-type-options", "referrer-policy",
    "cross-origin-resource-policy", "access-control-allow-credentials", "x-sendfile", "x-lighttpd-send-file",
    "x-reproxy-url",
))  # fmt: skip
OWN = ("proxy-", "sec-", "x-accel-")  # a web server in front of us would do what x-accel-redirect and its like say
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?\Z|\Z")
_MEDIA = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+\s*(?:;[\x20-\x7e\t]*)?\Z")
SAFETY: Headers = (
    ("x-content-type-options", "nosniff"),
    ("content-security-policy", SANDBOX),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "cross-origin"),
)
CORS: Headers = (("access-control-allow-origin", "*"),)


@lru_cache(4096)
def _raw(pair: tuple[str, str]) -> tuple[bytes, bytes]:
    """A header as the server wants it. Most of them are the same in every answer."""
    return pair[0].encode("latin-1"), pair[1].encode("latin-1")


@lru_cache(600)
def _status_line(status: int) -> bytes:
    phrase = HTTPStatus(status).phrase if status in _STATUSES else ""
    return f"HTTP/1.1 {status} {phrase}\r\n".encode()


class Pace(NamedTuple):
    """How an answer leaves: seconds before its head, seconds between head and body, and after how many bytes of the
    body the connection ends (None: not before the last)."""

    before: float = 0
    between: float = 0
    cut: int | None = None


class Prepared:
    """One answer: made once, sent often. ``notes`` say why: "response" in words, "trail" step by step.

    ``length`` is the Content-Length of an answer that has no body of its own (to HEAD): "" leaves the header out.
    ``shown`` is the body as the log keeps it where that is not the body sent (a compressed one is read there too).
    ``start`` and ``finish`` are the ASGI messages, ``head`` the bytes of status line and headers for the short way.
    """

    __slots__ = (
        "body",
        "finish",
        "head",
        "head_finish",
        "headers",
        "length",
        "notes",
        "pace",
        "shown",
        "size",
        "start",
        "status",
        "violations",
    )

    def __init__(
        self,
        status: int,
        headers: Headers,
        body: bytes = b"",
        notes: Mapping[str, Any] | None = None,
        violations: tuple[Mapping[str, Any], ...] = (),
        pace: Pace | None = None,
        length: str | None = None,
        shown: bytes | None = None,
    ) -> None:
        if status in (204, 304):
            body = b""
        elif length is None:
            headers = (*headers, ("content-length", str(len(body))))
        elif length:
            headers = (*headers, ("content-length", length))
        self.status = status
        self.headers = headers
        self.body = body
        self.size = len(body)
        self.notes = notes or {}
        self.violations = violations
        self.pace = pace
        self.length = length
        self.shown = shown
        raw = [_raw(pair) for pair in headers]
        self.head = _status_line(status) + b"".join([name + b": " + value + b"\r\n" for name, value in raw])
        self.start = {"type": "http.response.start", "status": status, "headers": raw}
        self.finish = {"type": "http.response.body", "body": body, "more_body": False}
        self.head_finish = {"type": "http.response.body", "body": b"", "more_body": False}

    def with_notes(self, notes: Mapping[str, Any]) -> Prepared:
        """The same answer for another reason: the same bytes, headers and body, which are remembered by identity."""
        made: Prepared = object.__new__(Prepared)
        made.status, made.headers, made.body, made.size = self.status, self.headers, self.body, self.size
        made.violations, made.pace, made.head = self.violations, self.pace, self.head
        made.start, made.finish, made.head_finish = self.start, self.finish, self.head_finish
        made.length, made.shown = self.length, self.shown
        made.notes = notes
        return made

    def with_headers(self, *extra: tuple[str, str]) -> Prepared:
        """The same answer with more headers."""
        headers = tuple(pair for pair in self.headers if pair[0] != "content-length")
        return self.again((*headers, *extra), self.notes, self.violations)

    def again(self, headers: Headers, notes: Mapping[str, Any], violations: tuple[Mapping[str, Any], ...]) -> Prepared:
        """The same answer with other headers (without Content-Length), notes and violations."""
        return Prepared(self.status, headers, self.body, notes, violations, self.pace, self.length, self.shown)


def told(
    reply: Prepared,
    *steps: Mapping[str, Any],
    said: str = "",
    status: int | None = None,
    content_type: str | None = None,
    headers: Headers = (),
    body: bytes | None = None,
    pace: Pace | None = None,
) -> Prepared:
    """The same answer with what is given here in place of its own; headers are added, ``steps`` go to the end of its
    trail, ``said`` behind its sentence."""
    kept = tuple(pair for pair in reply.headers if pair[0] != "content-length")
    if content_type is not None:
        kept = (("content-type", content_type), *(pair for pair in kept if pair[0] != "content-type"))
    notes = dict(reply.notes)
    if steps:
        notes["trail"] = [*notes.get("trail", ()), *steps]
    if said:
        notes["response"] = f"{notes.get('response', '')}; {said}".removeprefix("; ")
    return Prepared(
        reply.status if status is None else status,
        (*kept, *headers),
        reply.body if body is None else body,
        notes,
        reply.violations,
        reply.pace if pace is None else pace,
        reply.length if body is None else None,
        reply.shown if body is None else None,
    )


def mock(
    status: int,
    content_type: str,
    body: bytes,
    declared: Iterable[tuple[str, str]] = (),
    notes: Mapping[str, Any] | None = None,
    violations: tuple[Mapping[str, Any], ...] = (),
) -> Prepared:
    """An operation's answer: sandboxed, readable from any origin (never with cookies), the declared headers checked."""
    kept, dropped = allowed(declared)
    if content_type and not _MEDIA.match(content_type):
        dropped = (*dropped, _not_sent("Content-Type", "was not sent: this is no media type"))
        content_type = "application/octet-stream"
    head: Headers = (("content-type", content_type),) if content_type else ()
    names = {name for name, _ in kept}
    cors = () if "access-control-allow-origin" in names else CORS
    return Prepared(
        status if 200 <= status <= 599 else 500,
        (*head, *kept, *cors, *SAFETY),
        body,
        notes,
        (*violations, *dropped),
    )


def problem(
    status: int,
    title: str,
    detail: str = "",
    headers: Headers = (),
    notes: Mapping[str, Any] | None = None,
    **members: Any,
) -> Prepared:
    """An answer of our own making as problem+json (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail or title, **members}
    text = orjson.dumps(body, default=str)
    return Prepared(status, (("content-type", "application/problem+json"), *headers, *CORS, *SAFETY), text, notes)


def allowed(declared: Iterable[tuple[str, str]]) -> tuple[Headers, tuple[Mapping[str, Any], ...]]:
    """The headers of a declared response that may be sent, and a violation for each that may not."""
    kept: list[tuple[str, str]] = []
    dropped: list[Mapping[str, Any]] = []
    for name, value in declared:
        lower = name.lower()
        reason = _refusal(lower, value)
        if reason:
            dropped.append(_not_sent(name, reason))
        elif lower != "content-type":
            kept.append((lower, value))
    return tuple(kept), tuple(dropped)


def _not_sent(name: str, reason: str) -> Mapping[str, Any]:
    found = {"location": ["header", name], "severity": "warning", "code": "not-sent", "message": reason}
    return {**found, "side": "response"}


def without_cookies(reply: Prepared) -> Prepared:
    """The same answer for an address that shares its host with the pages: a cookie set there would be theirs."""
    kept = tuple(pair for pair in reply.headers if pair[0] not in ("set-cookie", "content-length"))
    told = _not_sent("Set-Cookie", "was not sent: this address shares its host with the pages")
    return reply.again(kept, reply.notes, (*reply.violations, told))


def _refusal(name: str, value: str) -> str:
    if not _NAME.match(name):
        return "was not sent: this is no header name"
    if not _VALUE.match(value):
        return "was not sent: a header's value must be visible ASCII on one line"
    if name in FORBIDDEN or name.startswith(OWN):
        return "was not sent: this header is the server's own"
    if name == "set-cookie" and re.search(r";\s*domain\s*=", value, re.IGNORECASE):
        return "was not sent: a cookie may not be set for another host"
    return ""
