"""What an address serves beside its operations: the OpenAPI document, the manifest, logo, policies and the reference.

A project's own operation at one of these paths is not reached: documents win (docs/differences.md). Every body is made
when it is first asked for, with its ETag, and kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

import orjson

from actionstudio.core import policy
from actionstudio.core.call import Headers
from actionstudio.core.specs import manifest, openapi
from actionstudio.runtime import pages, replies
from actionstudio.runtime.ports import Hosted
from actionstudio.runtime.replies import Prepared
from actionstudio.runtime.visit import Visit

ORIGINS = frozenset({"https://chat.openai.com", "https://chatgpt.com"})
METHODS = "GET, HEAD, OPTIONS"
_COMMON: Headers = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("cache-control", "no-cache"),
)
_DATA: Headers = (("content-security-policy", "default-src 'none'; sandbox"),)
_CORS: Headers = (
    ("access-control-allow-methods", METHODS),
    ("access-control-allow-headers", "Content-Type, openai-conversation-id, openai-ephemeral-user-id"),
    ("access-control-max-age", "600"),
)
_KEPT = 24


class Body:
    """A document's bytes and what identifies them."""

    __slots__ = ("answers", "content_type", "csp", "data", "etag")

    def __init__(self, content_type: str, data: bytes, csp: Headers = _DATA) -> None:
        self.content_type = content_type
        self.data = data
        self.csp = csp
        self.etag = f'"{sha256(data).hexdigest()[:32]}"'
        self.answers: dict[tuple[str, bool], Prepared] = {}  # by origin, and whether the caller has it already


class Documents:
    """The documents of one address at one revision."""

    def __init__(self, hosted: Hosted) -> None:
        self._hosted = hosted
        self._made: dict[tuple[str, str, int], Body] = {}
        self._modified = formatdate(hosted.modified or time.time(), usegmt=True)

    def answer(self, visit: Visit) -> None:
        """Gives the visit the document of its path."""
        call = visit.call
        visit.kind, visit.auth = "document", "open"
        if call.method not in ("GET", "HEAD"):
            self._other_method(visit)
            return
        profile = _profile(visit)
        if profile not in openapi.PROFILES:
            reply = replies.problem(404, "No such profile", f"profile is gpt or full, not {profile}.")
            visit.refuse(reply, route=f"there is no profile {profile}")
            return
        body = self.body(call.path, profile, visit.base)
        origin = visit.headers.get("origin", "")
        origin = origin if origin in ORIGINS else ""
        known = _has(visit.headers.get("if-none-match", ""), body.etag)
        visit.reply = body.answers.get((origin, known)) or self._answer(body, origin, known)
        visit.decisions = {"route": f"document {call.path}", "response": "304, not changed" if known else "200"}

    def has(self, visit: Visit) -> bool:
        """Whether the document this visit asks for is made already."""
        return (visit.call.path, _profile(visit), visit.base) in self._made

    def body(self, path: str, profile: str = "gpt", base: int = -2) -> Body:
        """The document at ``path`` for callers of that base URL."""
        key = (path, profile, base)
        body = self._made.get(key)
        if body is None:
            if len(self._made) > _KEPT:
                self._made.clear()
            body = self._made[key] = PATHS[path](self._hosted, profile, base)
        return body

    def _answer(self, body: Body, origin: str, known: bool) -> Prepared:
        headers: Headers = (("etag", body.etag), ("last-modified", self._modified), ("vary", "Origin"), *_COMMON)
        if origin:
            headers = (*headers, ("access-control-allow-origin", origin))
        if not known:
            headers = (("content-type", body.content_type), *headers, *body.csp)
        made = Prepared(304 if known else 200, headers, b"" if known else body.data)
        body.answers[origin, known] = made
        return made

    def _other_method(self, visit: Visit) -> None:
        if visit.call.method == "OPTIONS":
            origin = visit.headers.get("origin", "")
            headers: Headers = (("allow", METHODS), ("vary", "Origin"), *_COMMON)
            if origin in ORIGINS:
                headers = (*headers, ("access-control-allow-origin", origin), *_CORS)
            visit.reply = Prepared(204, headers)
            visit.decisions = {"route": f"document {visit.call.path}", "response": f"204, {METHODS}"}
            return
        reply = replies.problem(405, "Method not allowed", f"Documents answer {METHODS}.", (("allow", METHODS),))
        visit.refuse(reply, route=f"documents answer {METHODS}, not {visit.call.method}")


def _profile(visit: Visit) -> str:
    query = visit.call.query
    return dict(parse_qsl(query)).get("profile", "gpt") if query else "gpt"


def _has(header: str, etag: str) -> bool:
    """Whether If-None-Match names this document (RFC 9110, section 13.1.2: weak comparison)."""
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return etag in tags or tags == ["*"]


def _servers(hosted: Hosted, base: int) -> list[str]:
    """The base URL that was called first, then the others."""
    urls = list(hosted.base_urls)
    return list(dict.fromkeys([urls[base], *urls])) if urls else []


def _document(hosted: Hosted, profile: str, base: int) -> dict[str, Any]:
    return openapi.render(hosted.contract, profile=profile, servers=_servers(hosted, base))


def _json(hosted: Hosted, profile: str, base: int) -> Body:
    return Body("application/json", openapi.to_json(_document(hosted, profile, base)))


def _yaml(hosted: Hosted, profile: str, base: int) -> Body:
    return Body("application/yaml", openapi.to_yaml(_document(hosted, profile, base)).encode())


def _manifest(hosted: Hosted, profile: str, base: int) -> Body:
    value = manifest.render(hosted.contract, base_url=_servers(hosted, base)[0])
    return Body("application/json", orjson.dumps(value, option=orjson.OPT_INDENT_2))


def _logo(hosted: Hosted, profile: str, base: int) -> Body:
    kind, data = hosted.logo or ("image/png", pages.logo(hosted.contract.title))
    return Body(kind, data)


def _privacy(hosted: Hosted, profile: str, base: int) -> Body:
    text = hosted.contract.privacy or policy.privacy(hosted.contract, days=hosted.extra.get("kept_days"))
    return _page(pages.policy(hosted.contract, "Privacy policy", text))


def _legal(hosted: Hosted, profile: str, base: int) -> Body:
    text = hosted.contract.legal or policy.legal(hosted.contract)
    return _page(pages.policy(hosted.contract, "Legal information", text))


def _docs(hosted: Hosted, profile: str, base: int) -> Body:
    return _page(pages.reference(hosted.contract, _servers(hosted, base)[0]))


def _page(text: str) -> Body:
    return Body("text/html; charset=utf-8", text.encode(), (("content-security-policy", pages.CSP),))


PATHS: dict[str, Callable[[Hosted, str, int], Body]] = {
    "/openapi.json": _json,
    "/openapi.yaml": _yaml,
    "/.well-known/ai-plugin.json": _manifest,
    "/logo.png": _logo,
    "/privacy": _privacy,
    "/legal": _legal,
    "/docs": _docs,
}
