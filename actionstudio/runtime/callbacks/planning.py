"""Which callbacks follow an answer, where they go, and what they carry: compiled per operation, planned per call.

Nothing of the caller's credentials goes along: values come from the same scope as templates' do (runtime/scope.py), and
of the headers only those that the callback itself declares are sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actionstudio.core import callbacks, templating
from actionstudio.core.behaviour import Callback
from actionstudio.core.contract import Header
from actionstudio.core.problem import Refused
from actionstudio.core.templating import Missing, OverBound
from actionstudio.core.templating.values import as_text
from actionstudio.runtime import encoding
from actionstudio.runtime.answers import Choice, header_maker
from actionstudio.runtime.negotiation import is_json
from actionstudio.runtime.replies import allowed
from actionstudio.runtime.responders.generated import seed_of
from actionstudio.runtime.scope import CREDENTIALS, CallScope, shown
from actionstudio.runtime.sides import schema_for

if TYPE_CHECKING:
    from actionstudio.core.call import Headers
    from actionstudio.core.contract import Parameter
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

VIA = "action-studio"  # what runtime/outbound.py calls itself
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Unsent(Exception):
    """A callback that cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a callback carries, and what its template read."""

    headers: Headers
    body: bytes
    trail: dict[str, Any]


class Sending:
    """One declared callback of an operation, compiled."""

    def __init__(self, served: Served, one: callbacks.Declared, said: Callback) -> None:
        self._served = served
        self.name, self.method, self.expression = one.name, one.operation.method, one.expression
        self.send, self.delay = said.send, max(0.0, said.delay)
        components = served.house.requests
        media = one.body.content[0] if one.body is not None and one.body.content else None
        schema = None if media is None or media.schema is None else schema_for("request", media.schema, components)
        self._choice = None if media is None else Choice(media, components, schema)
        self._template = said.body
        self._headers = tuple(_headers(served, one.operation.parameters))

    def message(self, scope: CallScope, seed: int) -> Message:
        """Headers and body. Raises Unsent. Only in a thread: schemas may have to be compiled."""
        if self.method in _BODILESS:
            return Message(self._headers, b"", {})
        if self._template:
            return self._rendered(scope)
        if self._choice is None:
            return Message(self._headers, b"", {})
        example = self._choice.example(None)
        value = self._choice.generated(seed) if example is None else self._choice.settled(example.value)
        kind = encoding.content_type(self._choice.media_type, value)
        return Message((*self._headers, ("content-type", kind)), self._choice.body(value), {})

    def _rendered(self, scope: CallScope) -> Message:
        media = "application/json" if self._choice is None else encoding.content_type(self._choice.media_type, {})
        try:
            made = templating.compile(self._template, json=is_json(media)).render(scope)
        except Refused as refused:
            raise Unsent(f"its template is wrong: {refused.problems[0].message}") from None
        except OverBound as over:
            raise Unsent(str(over)) from None
        trail = {"values": shown(self._served, made.values), "notes": list(made.notes)}
        return Message((*self._headers, ("content-type", media)), made.text.encode("utf-8", "replace"), trail)


class Planned:
    """A callback of one call: its URL, or why there is none."""

    __slots__ = ("_scope", "_seed", "error", "sending", "url")

    def __init__(self, sending: Sending, scope: CallScope, seed: int) -> None:
        self.sending, self._scope, self._seed = sending, scope, seed
        url = callbacks.expanded(sending.expression, scope.root)
        self.url = "" if isinstance(url, Missing) else url.strip()
        self.error = url.why if isinstance(url, Missing) else ""

    def message(self) -> Message:
        return self.sending.message(self._scope, self._seed)


class Caller:
    """The callbacks of one operation."""

    def __init__(self, sendings: list[Sending]) -> None:
        self._sendings = sendings

    def plan(self, served: Served, visit: Visit) -> tuple[Planned, ...]:
        """What follows a call that was answered well; callbacks that are switched off are left out."""
        reply = visit.reply
        if visit.kind != "mock" or reply.status >= 400 or _by_upstream(visit):
            return ()
        body = reply.body if reply.shown is None else reply.shown
        scope = CallScope(served, visit, answer=(reply.status, reply.headers, body))
        made = tuple(Planned(one, scope, seed_of(visit, 0)) for one in self._sendings if one.send)
        if VIA in visit.headers.get("via", "").lower():
            for one in made:
                one.error = "the call came from a studio itself, so that none goes round in circles"
        return made


def _by_upstream(visit: Visit) -> bool:
    """Whether another server answered: its callbacks are its own affair."""
    kinds = {entry.get("what") for entry in visit.decisions.get("trail", ())}
    return "upstream" in kinds and "fallback" not in kinds


def caller(served: Served) -> Caller | None:
    """The callbacks of an operation; None when it declares none that is sent."""
    if not isinstance(served.operation.extra.get("callbacks"), dict):
        return None
    said = {one.name: one for one in served.operation.around.callbacks}
    found = callbacks.declared(served.house.resolver, served.operation)
    sendings = [Sending(served, one, said.get(one.name) or Callback(one.name)) for one in found]
    return Caller(sendings) if any(one.send for one in sendings) else None


def _headers(served: Served, parameters: tuple[Parameter, ...]) -> list[tuple[str, str]]:
    """The header parameters that the callback declares, with their example's value, else one made where it must be."""
    found: list[tuple[str, Any]] = []
    for parameter in parameters:
        one = served.house.resolver.parameter(parameter)
        if one is None or one.in_ != "header" or one.name.lower() in CREDENTIALS | {"content-type"}:
            continue
        if one.examples:
            found.append((one.name, one.examples[0].value))
        elif one.required:
            schema = None if one.schema is None else schema_for("request", one.schema, served.house.requests)
            found.append((one.name, _made(one.name, schema, served)))
    return list(allowed((name, as_text(value)) for name, value in found if value is not None)[0])


def _made(name: str, schema: Any, served: Served) -> Any:
    return header_maker(Header(name, required=True, schema=schema), served.house.requests)()
