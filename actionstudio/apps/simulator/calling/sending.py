"""How the simulator's requests leave: to addresses of this studio through the front door, to others through the one
door to other servers. The log says of the former that the simulator called."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from actionstudio.apps.projects.models import Project
from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.publishing.reach import private_allowed
from actionstudio.apps.signin.wire import Place, Wire
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.call import Call, Headers
from actionstudio.core.limits import SECONDS
from actionstudio.runtime import outbound
from actionstudio.runtime.app import frontdoor

LARGEST = 32 * 1024 * 1024  # bytes of an answer; files come in it as base64
REDIRECTING = frozenset((301, 302, 303, 307, 308))
type Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Got:
    """What came back from ``url``. ``error`` is why nothing did: time, gone, refused, or a reason of OutboundRefused;
    ``detail`` says it in words. ``exchange`` is the call's id in the log, "" when it left the studio."""

    url: str
    status: int = 0
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)
    ms: int = 0
    error: str = ""
    detail: str = ""
    exchange: str = ""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def location(self) -> str:
        """Where a redirect leads, as a whole URL; "" when this is none."""
        target = self.header("location")
        if self.status not in REDIRECTING or not target:
            return ""
        try:
            return urljoin(self.url, target)
        except ValueError:
            return ""


class Line:
    """Sends for one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._wire = Wire(project)

    def base_of(self, url: str) -> str:
        """The base URL of this studio under which ``url`` lies, "" when it is another server's."""
        place = self._wire.place(url)
        if place is None:
            return ""
        path = url.partition("#")[0].partition("?")[0]
        return path.removesuffix(place.path).rstrip("/")

    def send(
        self,
        method: str,
        url: str,
        headers: Pairs = (),
        body: bytes = b"",
        *,
        seconds: float = SECONDS,
        masks: frozenset[str] = frozenset(),
        redirects: int = 0,
    ) -> Got:
        """One request and what came of it; never raises for what the other side does. ``masks`` are more names that the
        log hides, and secrets that the call carries."""
        url = url.partition("#")[0]
        place = self._wire.place(url)
        if place is not None:
            return self._inside(place, method, url, tuple(headers), body, seconds, masks)
        return _outside(method, url, tuple(headers), body, seconds, redirects)

    def _inside(
        self, place: Place, method: str, url: str, headers: Headers, body: bytes, seconds: float, masks: frozenset[str]
    ) -> Got:
        """An answer that is held back comes at once, with the time that it would have taken: so does giving up."""
        sent = [("host", urlsplit(url).netloc), *((name.lower(), value) for name, value in headers)]
        if body:
            sent.append(("content-length", str(len(body))))
        call = Call(method, place.path, url.partition("?")[2], tuple(sent), body)
        caller = f"studio-{self._project.pk}"
        try:
            answer = frontdoor().call_blocking(
                place.address, call, source="simulator", base=place.base, caller=caller, masks=masks
            )
        except LookupError:
            return Got(url, error="gone", detail=place.address)
        reply, ms = answer.reply, answer.record.duration_us // 1000
        exchange = Exchange(id=answer.record.id).public_id
        if ms > seconds * 1000:
            return Got(url, ms=int(seconds * 1000), error="time", exchange=exchange)
        return Got(url, reply.status, reply.headers, reply.body, ms, exchange=exchange)


def _outside(method: str, url: str, headers: Headers, body: bytes, seconds: float, redirects: int) -> Got:
    give_back()  # whoever waits for another server needs no database meanwhile
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
            redirects=redirects,
            exact=True,
        )
    except outbound.OutboundRefused as refused:
        ms = int((time.monotonic() - began) * 1000)
        return Got(url, ms=ms, error=refused.reason or "failed", detail=str(refused)[:500])
    return Got(got.url, got.status, got.headers, got.body, got.duration_us // 1000)
