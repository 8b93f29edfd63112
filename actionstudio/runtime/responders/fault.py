"""Answers as a server does on a bad day: late, broken, cut off, too long, or with an error.

A strike stands around an answer. Some replace it (the operation then does nothing at all), others send it badly. As a
behaviour of its own a fault stands around the declared examples; around any other behaviour runtime/around.py puts it.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import sha256
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from actionstudio.core.behaviour import Examples, Fault, inside
from actionstudio.runtime import padding, replies
from actionstudio.runtime.negotiation import is_json, media_key
from actionstudio.runtime.pacing import bounded, draw, slower
from actionstudio.runtime.replies import Pace, Prepared
from actionstudio.runtime.responders import examples

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

type Inner = Callable[[], Prepared]
type Strike = Callable[[Visit, Inner], Prepared]

RETRY_AFTER = 30  # seconds, when the fault does not say
OVER_LONG = 100_001  # characters, when the fault does not say: one more than ChatGPT takes and one to be sure
MOST_CHARACTERS = 1_000_000
_KEPT = 8
_EXPIRED = "The access token expired"
_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n"
    "<body><center><h1>{title}</h1></center><hr><center>gateway</center></body></html>\n"
)


class Due(NamedTuple):
    """Whether a fault strikes this time; ``number`` is the how-manieth call it was, where calls are counted."""

    strikes: bool
    number: int


class Striking:
    """One fault of one operation: when it strikes, what it does, and what it says of itself. ``name`` tells its count
    from those of the operation's other faults."""

    def __init__(self, served: Served, fault: Fault, name: str) -> None:
        self._house = served.house
        self._fault = fault
        self._counter = counter("fault", served, name)
        self._strike = MAKERS[fault.what](served, fault)

    def due(self) -> Due:
        """Asked once a call: counting is part of asking."""
        fault = self._fault
        if fault.when == "every":
            store = self._house.store
            number = store.count(self._house.hosted.project_id, self._counter) if store is not None else 1
            return Due(number % max(1, fault.number) == 0, number)
        if fault.when == "percent":
            return Due(self._house.dice.random() * 100 < fault.number, fault.number)
        return Due(True, 0)

    def strike(self, visit: Visit, inner: Inner, number: int = 0, when: str = "") -> Prepared:
        """The answer as the fault leaves it. ``when`` "once" is said of a switch."""
        reply = self._strike(visit, inner)
        step = {"what": "fault", "fault": self._fault.what, "when": when or self._fault.when, "n": number}
        return replies.told(reply, step)


def compile(served: Served, behaviour: Any) -> Any:
    """The responder of a fault as an operation's behaviour, or as the answer of a rule."""
    usual = examples.compile(served, Examples())
    within = inside(served.operation.behaviour)
    place = next((place for place, one in enumerate(within) if one is behaviour), -1)
    striking = Striking(served, behaviour, f"behaviour {place}")

    def respond(visit: Visit) -> Prepared:
        due = striking.due()
        return striking.strike(visit, lambda: usual(visit), due.number) if due.strikes else usual(visit)

    return respond


def counter(kind: str, served: Served, name: str) -> str:
    """The name of a number that calls of an operation count up; names of counters are short."""
    text = f"{served.method} {served.path}\n{name}"
    return f"{kind}:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def declared(served: Served, visit: Visit, code: int, detail: str, *headers: tuple[str, str]) -> Prepared:
    """An error as the document declares that status (its own, its range's or the default response), else as
    problem+json."""
    code = code if 200 <= code <= 599 else 500
    answer = served.answers.of(str(code))
    if answer is not None:
        index = answer.accepts(visit.headers.get("accept", "")) or 0
        made = answer.static(code, index, None, 0, served.extra)
        return made.with_headers(*headers) if headers else made
    notes = {"response": f"{code}, problem+json"}
    return replies.problem(code, phrase(code), detail, (*served.extra, *headers), notes)


def phrase(code: int) -> str:
    """The status in words (RFC 9110, section 15)."""
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return f"Status {code}"


def _status(served: Served, fault: Fault) -> Strike:
    code = fault.status or 500
    return lambda visit, inner: declared(served, visit, code, "A fault of this mock, as its builder asked for.")


def _too_many(served: Served, fault: Fault) -> Strike:
    """RFC 6585, section 4; RFC 9110, section 10.2.3."""
    seconds = str(math.ceil(bounded(fault.seconds)) or RETRY_AFTER)
    detail = f"Too many calls; try again in {seconds} seconds."
    return lambda visit, inner: declared(served, visit, fault.status or 429, detail, ("retry-after", seconds))


def _expired(served: Served, fault: Fault) -> Strike:
    """RFC 6750, section 3.1."""
    challenge = f'Bearer error="invalid_token", error_description="{_EXPIRED}"'
    return lambda visit, inner: declared(
        served, visit, fault.status or 401, f"{_EXPIRED}.", ("www-authenticate", challenge)
    )


def _redirect(served: Served, fault: Fault) -> Strike:
    """RFC 9110, section 15.4. Without a location: to the same path below ``/moved``."""
    code = fault.status if 300 <= fault.status <= 399 else 307

    def strike(visit: Visit, inner: Inner) -> Prepared:
        location = fault.location or f"/moved{visit.call.path}"
        pairs = (("location", location), *served.extra)
        return replies.mock(code, "", b"", pairs, {"response": f"{code}, to {location}"})

    return strike


def _html(served: Served, fault: Fault) -> Strike:
    code = fault.status if 200 <= fault.status <= 599 else 502
    page = _PAGE.format(title=escape(f"{code} {phrase(code)}")).encode()
    made = replies.mock(code, "text/html; charset=utf-8", page, served.extra, {"response": f"{code}, a page of HTML"})
    return lambda visit, inner: made


def _late(before: bool) -> Callable[[Served, Fault], Strike]:
    """Waits before the head, or between head and body."""

    def make(served: Served, fault: Fault) -> Strike:
        def strike(visit: Visit, inner: Inner) -> Prepared:
            varies = fault.latency
            seconds = bounded(fault.seconds if varies is None else draw(varies, served.house.dice) / 1000)
            reply = inner()
            pace = slower(reply.pace, Pace(seconds, 0) if before else Pace(0, seconds))
            step = {"what": "latency", "ms": round(seconds * 1000)}
            return replies.told(reply, step, pace=pace)

        return strike

    return make


def _truncated(served: Served, fault: Fault) -> Strike:
    """Half of the body under a Content-Length of all of it, then the connection ends (RFC 9112, section 8)."""

    def strike(visit: Visit, inner: Inner) -> Prepared:
        reply = inner()
        if not reply.body:
            return reply
        return replies.told(reply, pace=slower(reply.pace, Pace(cut=len(reply.body) // 2)))

    return strike


def _remade(remake: Callable[[Served, Fault, Prepared], dict[str, Any]]) -> Callable[[Served, Fault], Strike]:
    """A strike that gives an answer another body, type or status. What is sent often is made once."""

    def make(served: Served, fault: Fault) -> Strike:
        made: OrderedDict[tuple, dict[str, Any]] = OrderedDict()

        def strike(visit: Visit, inner: Inner) -> Prepared:
            reply = inner()
            key = (reply.status, _type(reply), reply.body)
            known = made.get(key)
            if known is None:
                known = made[key] = remake(served, fault, reply)
                while len(made) > _KEPT:
                    made.pop(next(iter(made)), None)
            return replies.told(reply, **known)

        return strike

    return make


def _no_json(served: Served, fault: Fault, reply: Prepared) -> dict[str, Any]:
    """What stands there loses its last character and gets a comma: no JSON ends so."""
    return {"body": reply.body.rstrip()[:-1] + b"," if reply.body.strip() else b"{"}


def _other_type(served: Served, fault: Fault, reply: Prepared) -> dict[str, Any]:
    """JSON that says it is HTML; HTML that says it is JSON."""
    html = media_key(_type(reply)) == "text/html"
    return {"content_type": "application/json" if html else "text/html; charset=utf-8"}


def _long(served: Served, fault: Fault, reply: Prepared) -> dict[str, Any]:
    """Exactly so many characters; the JSON stays valid, also against the schema of the declared response."""
    characters = min(fault.characters or OVER_LONG, MOST_CHARACTERS)
    media_type = _type(reply) or "application/json"
    try:
        if not reply.body or is_json(media_type):
            value = orjson.loads(reply.body or b"{}")
            body = padding.json(value, characters, _fits(served, reply.status, media_type))
        else:
            body = padding.text(reply.body.decode(), characters)
    except ValueError:  # no JSON although it says so, or no text at all
        body = padding.text(reply.body.decode("latin-1"), characters)
    status = 200 if reply.status in (204, 304) else reply.status
    return {"status": status, "body": body.encode(), "content_type": media_type}


def _fits(served: Served, status: int, media_type: str) -> padding.Fits:
    """Whether a value is valid against the schema of the declared response of that status and type."""
    answer = served.answers.of(str(status))
    choices = [] if answer is None else answer.choices
    same = [choice for choice in choices if media_key(choice.media_type) == media_key(media_type)] or choices[:1]
    checker = same[0].validator() if same else None
    return (lambda value: True) if checker is None else checker.ok


def _type(reply: Prepared) -> str:
    return next((value for name, value in reply.headers if name == "content-type"), "")


MAKERS: Mapping[str, Callable[[Any, Fault], Strike]] = {
    "status": _status,
    "delay": _late(before=True),
    "truncated": _truncated,
    "invalid-json": _remade(_no_json),
    "html": _html,
    "wrong-type": _remade(_other_type),
    "over-long": _remade(_long),
    "too-many-requests": _too_many,
    "expired-token": _expired,
    "redirect": _redirect,
    "slow-first-byte": _late(before=True),
    "slow-body": _late(before=False),
}
