"""Makes a call: its headers, its tries, the redirects it follows, all of it within 45 seconds; keeps each attempt."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from actionstudio.apps.publishing.source import masks_of
from actionstudio.apps.replay.sending import secret as secret_of
from actionstudio.apps.simulator.calling import pacing
from actionstudio.apps.simulator.calling.acting import Acting
from actionstudio.apps.simulator.calling.performed import Attempt
from actionstudio.apps.simulator.calling.sending import Got, Line
from actionstudio.apps.traffic import redaction
from actionstudio.core.call import Call, Headers
from actionstudio.core.chatgpt import headers
from actionstudio.core.chatgpt import identity as identities
from actionstudio.core.chatgpt import pacing as paces
from actionstudio.core.chatgpt.arguments import Made
from actionstudio.core.chatgpt.credential import Credential
from actionstudio.core.chatgpt.identity import Identity
from actionstudio.core.hiding import Masks, keeps_bodies
from actionstudio.core.limits import SECONDS

type JSON = Any

GPT, PLUGIN = ERAS = ("gpt", "plugin")
HOPS = 3  # redirects of one call
SHOWN = 262_144  # bytes of a body that are kept of an attempt


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a call is made, besides what it says. ``paced``: its failures count for the calls after it."""

    identity: Identity
    credential: Credential | None = None
    era: str = GPT
    retries: int = 0
    paced: bool = True


class Making:
    """One call on its way. ``line`` sends, ``masks`` and ``hide`` keep its secret out of all that is kept."""

    def __init__(self, acting: Acting, made: Made, wishes: Wishes) -> None:
        self.acting = acting
        self.line = Line(acting.project)
        self._call, self._operation, self._wishes = made.call, made.operation.operation_id, wishes
        self._spent = 0.0
        self._attempts: list[Attempt] = []
        one = wishes.credential
        self._secret = secret_of((one.name, one.secret) if one else None)
        self._named = frozenset([one.name.lower()] if one else ())  # the log hides what stands there, as it always does
        carried = Masks.carrying(self._named, (one.secret,)) if one else self._named
        self.masks: frozenset[str] = masks_of(acting.project) | carried

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        return tuple(self._attempts)

    def hide(self, text: str) -> str:
        """A text without the call's own secret, which a server may hand back."""
        return self._secret.hide_text(text)

    def make(self) -> Got:
        """The answer that counts. A redirect is followed within its host (RT-11), a failure tried again as wished."""
        tries, hops = 1, 0
        url, call = self._url(self._call), self._call
        while True:
            got = self._attempt(url, call)
            if self._wishes.paced:
                pacing.count(self.acting.project, self.acting.domain, got.status)
            if got.location and hops < HOPS and _together(url, got.location):
                hops, call, url = hops + 1, _redirected(call, got.status), got.location
            elif paces.failing(got.status) and tries <= min(self._wishes.retries, paces.MOST_RETRIES):
                pause = paces.pause(tries, got.header("retry-after"))
                if self._spent + pause >= SECONDS:
                    return got
                time.sleep(pause)
                self._spent += pause
                tries += 1
            else:
                return got

    def _url(self, call: Call) -> str:
        return f"{self.acting.base}{call.path}{'?' if call.query else ''}{call.query}"

    def _attempt(self, url: str, call: Call) -> Got:
        sent = self._headers(url, call)
        left = max(0.001, SECONDS - self._spent)
        got = self.line.send(call.method, url, sent, call.body, seconds=left, masks=self._named)
        self._spent += got.ms / 1000
        self._attempts.append(self._kept(url, call, sent, got))
        return got

    def _headers(self, url: str, call: Call) -> Headers:
        """Inside the studio there is no proxy in front that would name the caller: it is named here."""
        wishes = self._wishes
        forwarded = headers.EGRESS if self.line.base_of(url) else ""
        if wishes.era == PLUGIN:
            return headers.of_plugin(
                wishes.identity, body=bool(call.body), credential=wishes.credential, forwarded=forwarded
            )
        trace = identities.trace(secrets.token_hex(8), time.time())
        return headers.written(
            wishes.identity, trace, body=bool(call.body), credential=wishes.credential, forwarded=forwarded
        )

    def _kept(self, url: str, call: Call, sent: Headers, got: Got) -> Attempt:
        where, mark, query = url.partition("?")
        request = {
            "method": call.method,
            "url": self.hide(where + mark + redaction.query(query, self.masks)),
            "headers": self._pairs((("host", urlsplit(url).netloc), *sent), "request"),
            **self._body(call.body, headers.JSON_BODY, "request"),
        }
        response = None
        if not got.error:
            kind = got.header("content-type")
            answered = self._pairs(got.headers, "response")
            response = {"status": got.status, "headers": answered, **self._body(got.body, kind, "response")}
        return Attempt(request, response, got.ms, got.exchange, got.error, self.hide(got.detail))

    def _pairs(self, pairs: Headers, side: str) -> list[list[str]]:
        plain = tuple((name, value) for name, value in pairs)
        return [[name, self.hide(value)] for name, value in redaction.headers(plain, self.masks, side)]

    def _body(self, body: bytes, kind: str, side: str) -> dict[str, JSON]:
        kept = self._secret.hide(body)[:SHOWN] if keeps_bodies(self.masks, self._operation) else b""
        shown = redaction.body(kept, kind, self.masks, side).decode("utf-8", "replace")
        return {"body": shown.replace("\0", "\ufffd"), "size": len(body), "cut": len(kept) < len(body)}


def _together(url: str, target: str) -> bool:
    """Whether a redirect stays where the call went. To another host it is an answer like any other."""
    one, other = urlsplit(url), urlsplit(target)
    return (one.scheme, one.netloc.lower()) == (other.scheme, other.netloc.lower())


def _redirected(call: Call, status: int) -> Call:
    """The call as it goes on (RFC 9110, section 15.4): as GET without its body after 303, and after 301 and 302 of a
    POST, which is what aiohttp does, too."""
    if status == 303 or (status in (301, 302) and call.method == "POST"):
        return Call("GET", call.path, call.query)
    return call
