"""How the emulator's requests leave: to the project's own address through the front door, to others through the one
door to other servers. No redirect is followed, nothing is kept longer than its answer."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson

from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.reach import private_allowed
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core.call import Call, Headers
from actionstudio.runtime import outbound
from actionstudio.runtime.app import DOMAIN, frontdoor

SECONDS = 45.0  # what ChatGPT waits
LARGEST = 1024 * 1024
type Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back. ``refused`` is why nothing did (a reason of OutboundRefused, or gone), in words ``detail``."""

    status: int = 0
    headers: Headers = ()
    body: bytes = b""
    ms: int = 0
    refused: str = ""
    detail: str = ""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def kind(self) -> str:
        """The media type of the answer, in lower case, without parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def json(self) -> dict | None:
        """The answer as a JSON object, None when it is none."""
        try:
            value = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None
        return value if isinstance(value, dict) else None

    @property
    def page(self) -> bool:
        """Whether it is a page for people."""
        start = self.body[:300].lstrip().lower()
        return "html" in self.kind or start.startswith((b"<!doctype", b"<html"))


class Wire:
    """Sends for one project. Its own base URLs are answered in this process, so that they need not be reachable."""

    def __init__(self, project: Project) -> None:
        self._ours: dict[str, tuple[str, int]] = {}
        for row in project.addresses.all():
            urls = base_urls(row.name, row.domain)
            for at, url in enumerate(urls):
                self._ours[url] = (row.name, DOMAIN if at == 0 and len(urls) == 3 else at - len(urls))

    def base_of(self, url: str) -> str:
        """The base URL of the project under which ``url`` lies, "" when it is another server's."""
        found = [base for base in self._ours if url == base or url.startswith((f"{base}/", f"{base}?"))]
        return max(found, key=len, default="")

    def send(self, method: str, url: str, headers: Pairs = (), body: bytes = b"", seconds: float = SECONDS) -> Heard:
        """One request and what came of it; never raises for what the other side does."""
        url = url.partition("#")[0]
        base = self.base_of(url)
        return (
            self._inside(base, method, url, headers, body, seconds)
            if base
            else self._outside(method, url, headers, body, seconds)
        )

    def _inside(self, base: str, method: str, url: str, headers: Pairs, body: bytes, seconds: float) -> Heard:
        """An answer that is held back comes at once, with the time that it would have taken: so does giving up."""
        address, at = self._ours[base]
        path, _mark, query = url[len(base) :].partition("?")
        sent = [("host", urlsplit(base).netloc), *((name.lower(), value) for name, value in headers)]
        if body:
            sent.append(("content-length", str(len(body))))
        call = Call(method, path or "/", query, tuple(sent), body)
        try:
            answer = frontdoor().call_blocking(address, call, source="try", base=at)
        except LookupError:
            return Heard(refused="gone", detail=address)
        reply, ms = answer.reply, answer.record.duration_us // 1000
        if ms > seconds * 1000:
            return Heard(refused="time", ms=ms)
        return Heard(reply.status, reply.headers, reply.body[:LARGEST], ms)

    def _outside(self, method: str, url: str, headers: Pairs, body: bytes, seconds: float) -> Heard:
        began = time.monotonic()
        try:
            got = outbound.fetch(
                method,
                url,
                headers,
                body,
                timeout=seconds,
                max_bytes=LARGEST,
                allow_private=private_allowed(),
                redirects=0,
            )
        except outbound.OutboundRefused as refused:
            ms = int((time.monotonic() - began) * 1000)
            return Heard(refused=refused.reason or "failed", detail=str(refused)[:500], ms=ms)
        return Heard(got.status, got.headers, got.body, got.duration_us // 1000)
