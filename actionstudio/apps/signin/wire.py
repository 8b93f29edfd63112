"""How the emulator's requests leave: to addresses of this studio through the front door, to others through the one door
to other servers. No redirect is followed, nothing is kept longer than its answer."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

import orjson
from django.conf import settings

from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.publishing.reach import private_allowed
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core.call import Call, Headers
from actionstudio.runtime import outbound, signing
from actionstudio.runtime.app import BELOW_LIVE, DOMAIN, OWN_HOST, frontdoor

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


class Place(NamedTuple):
    """Where a URL leads inside the studio: to which address, under which of its base URLs, and to which path there.
    ``source`` is what the log says of the caller."""

    address: str
    base: int
    path: str
    source: str


class Wire:
    """Sends for one project. Addresses of this studio are answered in this process, so that they need not be reachable:
    its own ones, and those of its other projects, whose hosts a resolver need not know. ``source`` is what the log of
    the project itself calls the caller."""

    def __init__(self, project: Project, source: str = "try") -> None:
        self._project, self._source = project, source
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
        place = self.place(url)
        return (
            self._inside(place, method, url, headers, body, seconds)
            if place
            else self._outside(method, url, headers, body, seconds)
        )

    def place(self, url: str) -> Place | None:
        """Where a URL leads inside the studio, None when it leads out of it."""
        base = self.base_of(url)
        if base:
            address, at = self._ours[base]
            return Place(address, at, url[len(base) :].partition("?")[0] or "/", self._source)
        found = self._neighbour(url.partition("?")[0])
        known = found and Address.objects.filter(name=found.address).exists()
        return found if known else None

    def _neighbour(self, url: str) -> Place | None:
        """The address of another project that a URL names by its form. A bound domain counts where the same person owns
        both projects: what others only say to be theirs is asked where the world's name servers find it."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        host, path = parts.netloc.lower(), parts.path or "/"
        if url.startswith(f"{settings.STUDIO_PUBLIC_URL}/"):
            below = url[len(settings.STUDIO_PUBLIC_URL) :]
            if moved := signing.inserted(below):
                return Place(moved[0], BELOW_LIVE, moved[1], "client")
            name, slash, rest = below.removeprefix("/live/").partition("/")
            return Place(name.lower(), BELOW_LIVE, slash + rest or "/", "client") if below[:6] == "/live/" else None
        if parts.scheme != settings.STUDIO_LIVE_SCHEME:
            return None
        if host.endswith(f".{settings.STUDIO_LIVE_DOMAIN}"):
            return Place(host.removesuffix(f".{settings.STUDIO_LIVE_DOMAIN}"), OWN_HOST, path, "client")
        bound = Address.objects.filter(domain=host, project__owner=self._project.owner_id).first()
        return Place(bound.name, DOMAIN, path, "client") if bound else None

    def _inside(self, place: Place, method: str, url: str, headers: Pairs, body: bytes, seconds: float) -> Heard:
        """An answer that is held back comes at once, with the time that it would have taken: so does giving up."""
        query = url.partition("?")[2]
        sent = [("host", urlsplit(url).netloc), *((name.lower(), value) for name, value in headers)]
        if body:
            sent.append(("content-length", str(len(body))))
        call = Call(method, place.path, query, tuple(sent), body)
        caller = f"studio-{self._project.pk}"  # else all builders would wait for each other's tries
        try:
            answer = frontdoor().call_blocking(place.address, call, source=place.source, base=place.base, caller=caller)
        except LookupError:
            return Heard(refused="gone", detail=place.address)
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
