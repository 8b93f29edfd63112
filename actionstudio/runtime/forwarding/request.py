"""The request as the upstream gets it: our caller's, without what belongs to the connection or proves who calls us."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, unquote_plus, urlsplit

from actionstudio.core.call import Call, Headers
from actionstudio.runtime.forwarding.credentials import Names, without_cookies, without_query

if TYPE_CHECKING:
    from actionstudio.runtime.visit import Visit

PSEUDONYM = "action-studio"
MOST_HOPS = 3
SHORTEST = 4  # characters of a value that is worth hiding wherever it stands
CODINGS = frozenset({"gzip", "x-gzip", "deflate", "identity"})
_HOP = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade", "host", "content-length", "expect", "http2-settings",
})  # fmt: skip
_FORWARDED = frozenset({"forwarded", "x-real-ip", "via"})
_SECRET_NAME = re.compile(r"(?i)token|secret|passw|key|sig|code|auth|session|credential")


class Outgoing(NamedTuple):
    """A request for any of the servers of an upstream: ``path`` and ``query`` as they are sent. ``private`` are texts
    in it that the log does not tell."""

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes
    private: tuple[str, ...] = ()

    def target(self, base: str, more: str = "") -> str:
        """The request target at a server whose base URL may have a path. ``more`` is a further part of the query."""
        query = "&".join(part for part in (self.query, more) if part)
        return base_path(base) + self.path + (f"?{query}" if query else "")


class Refusal(NamedTuple):
    """Why a call is not forwarded at all."""

    status: int
    title: str
    detail: str


def base_path(base: str) -> str:
    return urlsplit(base).path.rstrip("/")


def outgoing(visit: Visit, names: Names, template: str, bases: tuple[str, ...], own_host: bool) -> Outgoing | Refusal:
    """What of a call is forwarded. ``own_host`` False: the address shares its host with the studio's pages."""
    call = visit.call
    if hops(call) >= MOST_HOPS:
        return Refusal(508, "Loop detected", "This call has come through the studio several times already.")
    path = _path(call.path, template, bases)
    query = without_query(call.query, names.query)
    return Outgoing(call.method, path, query, _headers(call.headers, names, own_host), call.body, _private(call.query))


def hops(call: Call) -> int:
    """How often the call has come through a studio (RFC 9110, section 7.6.3: loops show in Via)."""
    return sum(value.lower().count(PSEUDONYM) for name, value in call.headers if name == "via")


def _path(path: str, template: str, bases: tuple[str, ...]) -> str:
    """The path without the base path under which the document's own server stands."""
    segments = template.count("/")
    if path.count("/") == segments:
        return path
    for base in bases:
        rest = path[len(base) :]
        if path.startswith(base) and rest[:1] == "/" and rest.count("/") == segments:
            return rest
    return path


def climbs(path: str) -> bool:
    """Whether a path has a step that a server may take as "one up": it could leave what the operation offers. Some
    servers cut off what stands behind a semicolon first (``..;x``)."""
    steps = {step.partition(";")[0] for step in re.split(r"[/\\]", unquote(path))}
    return ".." in steps or "." in steps


def _headers(headers: Headers, names: Names, own_host: bool) -> Headers:
    """End-to-end headers (RFC 9110, section 7.6.1) but for Via, and only codings that we can read."""
    listed = {part.strip().lower() for name, value in headers if name == "connection" for part in value.split(",")}
    out: list[tuple[str, str]] = []
    for name, value in headers:
        if name in _HOP or name in listed or name in names.headers:
            continue
        if name in _FORWARDED or name.startswith(("x-forwarded-", "proxy-")):
            continue
        if name == "cookie":
            value = without_cookies(value, names) if own_host else ""
            if not value:
                continue
        if name == "accept-encoding":
            value = _codings(value)
        out.append((name, value))
    return tuple(out)


def passed_on(headers: Headers, call: Call) -> Headers:
    """The headers with Via, after everything that was changed: whoever could leave it out could go round in circles."""
    via = [value for name, value in call.headers if name == "via"]
    kept = (pair for pair in headers if pair[0] != "via")
    return (*kept, ("via", ", ".join([*via, f"1.1 {PSEUDONYM}"])))


def _codings(value: str) -> str:
    """Of an Accept-Encoding what can be read here, so that answers can be checked and kept in the log."""
    kept = []
    for part in value.split(","):
        name, _, weight = part.partition(";")
        if name.strip() == "*" and not re.search(r"q\s*=\s*0(\.0*)?\s*$", weight):
            name, part = "gzip", f"gzip;{weight}" if weight else "gzip"
        if name.strip().lower() in CODINGS:
            kept.append(part.strip())
    return ", ".join(dict.fromkeys(kept)) or "identity"


def _private(query: str) -> tuple[str, ...]:
    """The values of query parts whose names sound like secrets, as a URL has them."""
    pairs = [pair.partition("=") for pair in query.split("&")] if query else []
    values = [unquote_plus(value) for name, _, value in pairs if _SECRET_NAME.search(unquote(name))]
    return tuple(quote(value, safe="") for value in values if len(value) >= SHORTEST)


def is_personal(header: str) -> bool:
    """Whether a header's value may tell who asks."""
    return header == "cookie" or _SECRET_NAME.search(header) is not None


def shown(base: str, target: str, private: tuple[str, ...] = ()) -> str:
    """A URL for the log: without the values of query parts whose names sound like secrets, and without ``private``."""
    for text in private:
        target = target.replace(text, "••••")
    parts = urlsplit(base)
    path, mark, query = target.partition("?")
    pairs = []
    for pair in query.split("&") if mark else ():
        name, equals, _value = pair.partition("=")
        pairs.append(f"{name}=••••" if equals and _SECRET_NAME.search(unquote(name)) else pair)
    return f"{parts.scheme}://{parts.netloc}{path}{mark}{'&'.join(pairs)}"
