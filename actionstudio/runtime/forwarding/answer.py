"""The upstream's answer as our caller gets it: as it came, but for the headers that are the server's own."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from actionstudio.core.call import Headers
from actionstudio.runtime import replies
from actionstudio.runtime.forwarding.credentials import Secret
from actionstudio.runtime.forwarding.request import base_path
from actionstudio.runtime.negotiation import ranges
from actionstudio.runtime.outbound import MAX_BYTES
from actionstudio.runtime.replies import Prepared

_UNPACKED = frozenset({"gzip", "x-gzip", "deflate"})
_QUIET = frozenset({
    "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "date", "server",
    "proxy-authenticate", "proxy-connection",
})  # fmt: skip
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*\Z")


class Answer(NamedTuple):
    """What came back from a server. ``read`` is the body without its coding, None where it cannot be read."""

    status: int
    headers: Headers
    body: bytes
    read: bytes | None

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def coding(self) -> str:
        return ", ".join(value for name, value in self.headers if name == "content-encoding").strip().lower()


def answer_of(status: int, headers: Headers, body: bytes) -> Answer:
    """The answer with its body read: gzip and deflate are (RFC 9110, section 8.4.1), others are not."""
    made = Answer(status, headers, body, body)
    if made.coding in ("", "identity") or not body:
        return made
    return made._replace(read=_unpacked(body) if made.coding in _UNPACKED else None)


def _unpacked(body: bytes) -> bytes | None:
    for bits in (47, -15):  # gzip or zlib by their head; some servers call bare deflate "deflate"
        unpack = zlib.decompressobj(bits)
        try:
            data = unpack.decompress(body, MAX_BYTES + 1)
            return data if len(data) <= MAX_BYTES and unpack.eof else None
        except zlib.error:
            continue
    return None


def plain(answer: Answer) -> Answer:
    """The answer without its coding; its validators fit the other bytes (RFC 9110, section 8.8.3.3)."""
    if answer.read is None or answer.coding in ("", "identity"):
        return answer
    gone = ("content-encoding", "content-length", "content-md5", "accept-ranges")
    headers = tuple((name, _weak(value) if name == "etag" else value) for name, value in answer.headers)
    return Answer(answer.status, tuple(pair for pair in headers if pair[0] not in gone), answer.read, answer.read)


def _weak(etag: str) -> str:
    return etag if etag.startswith("W/") else f"W/{etag}"


def with_body(answer: Answer, body: bytes) -> Answer:
    """The answer with another body, sent as it is."""
    if body is answer.read:
        return answer
    return plain(answer)._replace(body=body, read=body)


def accepts(accept_encoding: str, coding: str) -> bool:
    """Whether a caller can read a coding. One that says nothing is sent plain text (it may not know of codings)."""
    found = dict(_codings(accept_encoding))
    return found.get(coding, found.get("x-gzip" if coding == "gzip" else coding, found.get("*", 0.0))) > 0


def _codings(value: str) -> list[tuple[str, float]]:
    faked = ",".join(f"{part.partition(';')[0].strip()}/x;{part.partition(';')[2]}" for part in value.split(","))
    return [(main, quality) for main, _sub, _said, quality in ranges(faked)]


def without_secret(answer: Answer, secret: Secret) -> tuple[Answer, bool]:
    """The answer without the upstream's secret in it, and whether it stood there. Bytes in which it does not stand are
    left as they came, whatever their coding."""
    headers = tuple((name, secret.hide_text(value)) for name, value in answer.headers)
    hidden = headers != answer.headers
    if hidden:
        answer = answer._replace(headers=headers)
    if answer.read is None:
        return answer, hidden
    body = secret.hide(answer.read)
    return (answer, hidden) if body is answer.read else (with_body(answer, body), True)


def prepared(
    answer: Answer,
    method: str,
    notes: Mapping[str, Any],
    violations: tuple[Mapping[str, Any], ...] = (),
    extra: tuple[tuple[str, str], ...] = (),
) -> tuple[Prepared, list[str]]:
    """The answer ready to be sent, and the names of headers that were held back."""
    kept, held = [], []
    for name, value in answer.headers:
        if name in _QUIET:
            continue
        if not _NAME.match(name) or not _VALUE.match(value) or _is_servers_own(name, value):
            held.append(name)
        else:
            kept.append((name, value))
    if "set-cookie" in held:
        violations = (*violations, _cookie_held)
    cors = () if any(name == "access-control-allow-origin" for name, _ in kept) else replies.CORS
    length = (answer.header("content-length") or "") if method == "HEAD" else None
    made = Prepared(
        answer.status,
        (*kept, *extra, *cors, *replies.SAFETY),
        b"" if method == "HEAD" else answer.body,
        notes,
        violations,
        length=length,
        shown=answer.read if answer.read is not None and answer.read is not answer.body else None,
    )
    return made, sorted(set(held))


_cookie_held = {
    "location": ["header", "Set-Cookie"],
    "severity": "warning",
    "code": "not-sent",
    "message": "was not sent: a cookie may not be set for another host",
    "side": "response",
}


def _is_servers_own(name: str, value: str) -> bool:
    if name in replies.FORBIDDEN or name.startswith(replies.OWN):
        return True
    return name == "set-cookie" and re.search(r";\s*domain\s*=", value, re.IGNORECASE) is not None


def at_ours(answer: Answer, asked: str, bases: tuple[str, ...], ours: str) -> Answer:
    """The answer with a Location below one of the upstream's base URLs pointing to the same place at our address."""
    headers = []
    for name, value in answer.headers:
        if name in ("location", "content-location") and value:
            value = _moved(value, asked, bases, ours)
        headers.append((name, value))
    return answer._replace(headers=tuple(headers))


def _moved(value: str, asked: str, bases: tuple[str, ...], ours: str) -> str:
    try:
        target = urljoin(asked, value)
        there = urlsplit(target)
        for base in bases:
            parts, below = urlsplit(base), base_path(base)
            same = (parts.scheme, parts.netloc.lower()) == (there.scheme, there.netloc.lower())
            if not same or not (there.path or "/").startswith(f"{below}/"):
                continue
            rest = target.split(there.netloc, 1)[1][len(below) :]
            if value.startswith("/") and not value.startswith("//") and not below and not base_path(ours):
                return value
            return ours + (rest if rest.startswith("/") else f"/{rest}")
    except ValueError:
        pass
    return value
