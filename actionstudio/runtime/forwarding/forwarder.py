"""One operation's way to its upstream and back: who is asked, how often, what is kept, and what is told of it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from actionstudio.core.behaviour import Backend, Proxy, Upstream
from actionstudio.core.call import Headers
from actionstudio.core.templating import OverBound
from actionstudio.runtime.forwarding import cache, fleet, health, request
from actionstudio.runtime.forwarding.answer import Answer, answer_of
from actionstudio.runtime.forwarding.changing import Values, compiled, step
from actionstudio.runtime.forwarding.credentials import Secret, names_of
from actionstudio.runtime.forwarding.request import Outgoing, Refusal
from actionstudio.runtime.outbound import OutboundRefused
from actionstudio.runtime.relaying import IDEMPOTENT, relay
from actionstudio.runtime.router import base_paths
from actionstudio.runtime.scope import CallScope, shown

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

LONGEST = 120.0  # seconds
MOST_RETRIES = 5
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
_AGAIN = frozenset({502, 503, 504})
_UNSENT = frozenset({"connect", "name", "tls", "cut", "protocol"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer came: what the caller is told, and why in words for the builder. ``reason`` "" is not the upstream's
    doing: nothing stands in for it."""

    status: int
    title: str
    detail: str
    why: str
    reason: str = "unreachable"
    headers: Headers = ()


@dataclass(slots=True)
class Outcome:
    """An answer or a failure, with the trail of the attempts. ``asked`` is the URL that was asked, for a Location."""

    answer: Answer | None = None
    failure: Failure | None = None
    trail: list[dict[str, Any]] = field(default_factory=list)
    asked: str = ""


class Forwarder:
    """What one behaviour needs to forward calls. Compiled once; several threads use it."""

    def __init__(self, served: Served, behaviour: Proxy) -> None:
        house = served.house
        hosted = house.hosted
        schemes = [*house.resolver.schemes().values()]
        if served.accepted is not None:
            schemes += [served.accepted.asked, served.accepted.sent]
        self.behaviour = behaviour
        self.upstream = next((one for one in house.contract.upstreams if one.name == behaviour.upstream), None)
        self.names = names_of(schemes, house.contract.auth, self.upstream)
        self._served = served
        self.request, wrong = compiled(behaviour.request)
        self.response, also = compiled(behaviour.response)
        self._wrong = wrong or also
        self._template = served.path
        self._bases = tuple(sorted(set(base_paths(house.contract.servers)) - {"", "/"}, key=len, reverse=True))
        self._project = hosted.project_id if hosted is not None else 0
        self._private = bool(hosted is not None and hosted.extra.get("private"))
        secrets = hosted.secrets if hosted is not None else {}
        wanted = self.upstream.secret if self.upstream is not None else ""
        self._lacks = wanted if wanted and wanted not in secrets else ""
        self.secret = Secret(self.upstream or Upstream(""), secrets.get(wanted, ""))
        self._seconds = min(max(behaviour.timeout, 0.1), LONGEST)
        self._retries = min(max(behaviour.retries, 0), MOST_RETRIES)

    def forward(self, visit: Visit) -> Outcome:
        """Asks the upstream, or the cache."""
        upstream = self.upstream
        if upstream is None or not upstream.backends:
            return Outcome(failure=self._not_set())
        if self._lacks:
            why = f"the secret “{self._lacks}” of the upstream “{upstream.name}” has not been filled in"
            return Outcome(failure=Failure(502, "Bad gateway", "The upstream's secret is not set.", why))
        made = request.outgoing(visit, self.names, self._template, self._bases, visit.base != -1)
        told: list[dict[str, Any]] = []
        if isinstance(made, Outgoing):
            made = self._changed(made, visit, upstream, told)
        if isinstance(made, Refusal):
            return Outcome(failure=Failure(made.status, made.title, made.detail, made.detail, ""), trail=told)
        if not fleet.enter(self._project):
            detail = "Too many calls of this project wait for their upstreams. Try again in a moment."
            return Outcome(failure=Failure(503, "Busy", detail, detail, "", (("retry-after", "1"),)))
        try:
            outcome = self._ask(visit, made, upstream)
            outcome.trail[:0] = told
            return outcome
        finally:
            fleet.leave(self._project)

    def _not_set(self) -> Failure:
        name = self.behaviour.upstream
        why = f"the upstream “{name}” has no server yet" if self.upstream else f"there is no upstream named “{name}”"
        return Failure(502, "Bad gateway", "The upstream is not set.", why)

    def _changed(
        self, made: Outgoing, visit: Visit, upstream: Upstream, told: list[dict[str, Any]]
    ) -> Outgoing | Refusal:
        """With the upstream's own headers, the builder's changes and the secret."""
        if self._wrong:
            return _untransformed(self._wrong)
        made = made._replace(headers=_over(made.headers, [(name.lower(), value) for name, value in upstream.headers]))
        if not self.request.idle:
            values = Values(CallScope(self._served, visit))
            try:
                made = self.request.request(made, values)
            except OverBound as over:
                return _untransformed(str(over))
            told += step(self.request, values, lambda read: shown(self._served, read))
        if request.climbs(made.path):
            detail = "A path with “..” in it could leave what this operation offers."
            return Refusal(400, "Path not forwarded", detail)
        headers = _over(made.headers, self.secret.headers)
        return made._replace(headers=request.passed_on(headers, visit.call))

    def changed_back(self, answer: Answer, visit: Visit, outcome: Outcome) -> Answer | Failure:
        """The answer as the builder wants it."""
        if self.response.idle:
            return answer
        seen = (answer.status, answer.headers, answer.read or b"")
        values = Values(CallScope(self._served, visit, answer=seen))
        try:
            answer = self.response.response(answer, values)
        except OverBound as over:
            refusal = _untransformed(str(over))
            return Failure(refusal.status, refusal.title, refusal.detail, refusal.detail, "")
        outcome.trail += step(self.response, values, lambda read: shown(self._served, read))
        return answer

    def _ask(self, visit: Visit, made: Outgoing, upstream: Upstream) -> Outcome:
        servers = fleet.fleet(self._project, upstream)
        health.watch(self._project, servers, self.secret, self._private)
        if not self.behaviour.cache:
            return self._attempts(made, servers, None)
        key = cache.Key(self._project, made.target(upstream.name), self.secret.digest, self._caller(visit, made))
        if made.method not in _SAFE:
            outcome = self._attempts(made, servers, None)
            if outcome.answer is not None and outcome.answer.status < 400:
                cache.CACHE.invalidate(self._project, key.url)
            return outcome
        return self._through_cache(visit, made, servers, key)

    def _caller(self, visit: Visit, made: Outgoing) -> str:
        """For whom and for which question an answer is kept: the end user, the issued key, else what the caller sent as
        its credential; and what goes to the upstream beside the URL and may be one: cookies, headers that a template
        filled or whose name sounds like a secret, a body, another operation's changes."""
        sent: list[Any] = [visit.key_id, visit.user]
        if visit.key_id is None and not visit.user:
            sent += [value for name, value in visit.call.headers if name in self.names.headers]
            sent += [value for name, value in parse_qsl(visit.call.query) if name.lower() in self.names.query]
        set_here = {name.lower() for name, _ in self.behaviour.request.headers}
        sent += [pair for pair in made.headers if pair[0] in set_here or request.is_personal(pair[0])]
        told = (made.method.replace("HEAD", "GET"), self._served.path, self._served.method, made.body, *sent)
        return hashlib.sha256(repr(told).encode()).hexdigest()

    def _through_cache(self, visit: Visit, made: Outgoing, servers: fleet.Fleet, key: cache.Key) -> Outcome:
        asked = cache.directives(visit.call.headers)
        stored = None if "no-store" in asked or visit.headers.get("range") else cache.CACHE.find(key, made.headers)
        if stored is not None and cache.is_fresh(stored, asked):
            return self._given(stored, made, "hit")
        if "only-if-cached" in asked:
            why = "the caller takes a kept answer only, and there is none that is fresh"
            return Outcome(failure=Failure(504, "Gateway timeout", "There is no kept answer.", why, ""))
        checks = cache.conditions(stored) if stored is not None and made.method == "GET" else ()
        sent = made
        if checks:
            plain = (pair for pair in made.headers if pair[0] not in ("if-none-match", "if-modified-since"))
            sent = made._replace(headers=(*plain, *checks))
        began = cache.clock()
        outcome = self._attempts(sent, servers, "revalidate" if checks else "miss")
        answer = outcome.answer
        if answer is None:
            return outcome
        if stored is not None and checks and answer.status == 304:
            fresh = self._kept(made, cache.freshened(stored, answer.headers), key, asked, began, outcome)
            given = self._given(fresh or stored._replace(got=cache.clock(), age=0.0), made, "revalidated")
            given.trail = outcome.trail
            return given
        self._kept(made, answer, key, asked, began, outcome)
        return outcome

    def _kept(
        self, made: Outgoing, answer: Answer, key: cache.Key, asked: Any, began: float, outcome: Outcome
    ) -> cache.Stored | None:
        authorized = any(name == "authorization" for name, _ in made.headers)
        fresh, why = cache.storable(made.method, made.headers, answer, self.behaviour.keep, authorized, asked)
        step = outcome.trail[-1] if outcome.trail else {}
        if fresh < 0:
            step["cache"] = f"not kept: {why}"
            return None
        step["cache"] = f"{step.get('cache') or 'miss'}, kept for {int(fresh)} s"
        return cache.CACHE.put(key, made.headers, answer, fresh, began)

    def _given(self, stored: cache.Stored, made: Outgoing, how: str) -> Outcome:
        """A stored answer, with its age (RFC 9111, section 5.1); 304 when the caller has it already."""
        answer = stored.answer
        headers = (*(pair for pair in answer.headers if pair[0] != "age"), ("age", str(int(stored.now()))))
        answer = answer._replace(headers=headers)
        if cache.not_modified(answer, made.headers):
            answer = cache.bare(answer)
        url = request.shown(f"//{self.behaviour.upstream}", made.target(""), made.private).removeprefix("://")
        step = {"what": "upstream", "name": self.behaviour.upstream, "url": url, "status": answer.status, "cache": how}
        return Outcome(answer, trail=[step])

    def _attempts(self, made: Outgoing, servers: fleet.Fleet, cached: str | None) -> Outcome:
        """One attempt, and more of an idempotent call when a server fails, while there is time.

        A server that cannot be connected to was sent nothing: the next one is asked at once, and that is no retry
        (RFC 9110, section 9.2.2, would allow one of an idempotent call in any case).
        """
        outcome = Outcome()
        until = time.monotonic() + self._seconds
        tries = 1 + (self._retries if made.method in IDEMPOTENT else 0)
        tried: list[str] = []
        used = 0
        for attempt in count(1):
            backend = servers.take(tried)
            if backend is None:
                return Outcome(failure=self._not_set())
            tried.append(backend.url)
            self._attempt(made, servers, backend, attempt, until - time.monotonic(), outcome)
            if cached:
                outcome.trail[-1]["cache"] = cached
            if not self._failed(outcome):
                break
            if self._unconnected(outcome, made, servers, tried) and time.monotonic() < until:
                continue
            used += 1
            if used == tries:
                break
            pause = min(FIRST_PAUSE * 2 ** (used - 1), LONGEST_PAUSE)
            if until - time.monotonic() <= pause:
                break
            sleep(pause)
        return outcome

    def _unconnected(self, outcome: Outcome, made: Outgoing, servers: fleet.Fleet, tried: Sequence[str]) -> bool:
        """Whether nothing was sent, and there is a server that was not tried."""
        refused = outcome.trail[-1].get("reason") == "connect" and made.method in IDEMPOTENT
        return refused and any(one.url not in tried and one.weight > 0 for one in servers.upstream.backends)

    def _failed(self, outcome: Outcome) -> bool:
        """Whether another attempt may help."""
        if outcome.answer is not None:
            return outcome.answer.status in _AGAIN
        return outcome.failure is not None and outcome.trail[-1].get("reason") in _UNSENT

    def _attempt(
        self, made: Outgoing, servers: fleet.Fleet, backend: Backend, attempt: int, seconds: float, outcome: Outcome
    ) -> None:
        began = time.monotonic()
        target = made.target(backend.url, self.secret.query)
        step: dict[str, Any] = {
            "what": "upstream",
            "name": servers.upstream.name,
            "url": self.secret.hide_text(request.shown(backend.url, made.target(backend.url), made.private)),
            "attempt": attempt,
        }
        outcome.trail.append(step)
        outcome.answer, outcome.failure = None, None
        outcome.asked = backend.url.rstrip("/") + made.path
        good = False
        try:
            got = relay(
                made.method,
                backend.url,
                target,
                made.headers,
                made.body,
                timeout=max(seconds, 0.01),
                allow_private=self._private,
            )
            good = got.status not in _AGAIN
            if 200 <= got.status <= 599:
                outcome.answer = answer_of(got.status, got.headers, got.body)
                step["status"] = got.status
            else:
                why = f"the upstream answered {got.status}, which is no final status"
                outcome.failure, step["error"], step["reason"] = _failure(why, "protocol"), why, "protocol"
        except OutboundRefused as refused:
            why = self.secret.hide_text(str(refused))
            good = refused.reason in ("large", "private", "never", "")
            outcome.failure, step["error"], step["reason"] = _failure(why, refused.reason), why, refused.reason
        finally:
            servers.give_back(backend, good)
            step["us"] = int((time.monotonic() - began) * 1_000_000)


def _over(headers: Headers, own: Sequence[tuple[str, str]]) -> Headers:
    """The headers with others in place of those of the same name."""
    names = {name for name, _ in own}
    return (*(pair for pair in headers if pair[0] not in names), *own)


def _untransformed(why: str) -> Refusal:
    return Refusal(500, "The transformation failed", why)


_TOLD = {
    "time": (504, "Gateway timeout", "The upstream did not answer in time."),
    "private": (502, "Bad gateway", "The upstream is in a private network, which may not be called from here."),
    "never": (502, "Bad gateway", "The upstream is at a link-local address, which is never called."),
    "name": (502, "Bad gateway", "The upstream's host name is not known."),
    "connect": (502, "Bad gateway", "The upstream refused the connection."),
    "tls": (502, "Bad gateway", "The upstream's certificate or encryption is not accepted."),
    "cut": (502, "Bad gateway", "The upstream closed the connection before its answer was complete."),
    "protocol": (502, "Bad gateway", "The upstream's answer is no valid HTTP."),
    "large": (502, "Bad gateway", "The upstream's answer is too large."),
}


def _failure(why: str, reason: str) -> Failure:
    status, title, detail = _TOLD.get(reason, (502, "Bad gateway", "The upstream could not be called."))
    return Failure(status, title, detail, why)
