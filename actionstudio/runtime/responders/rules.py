"""Answers by rules: the first whose conditions hold, the next of those that hold, or one of them by weight."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

from actionstudio.core.behaviour import Behaviour, Rules, inside
from actionstudio.core.rules import Compiled, Decision, Facts, trail_of
from actionstudio.runtime.facts import facts_of
from actionstudio.runtime.replies import Prepared
from actionstudio.runtime.scope import shown

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served
    from actionstudio.runtime.visit import Visit

type _Known = tuple[int | None, Prepared, Prepared]  # the rule, its answer, and that with the reason

_REMEMBERED = 256
_SMALL = 4096  # bytes of a body by which an answer is remembered
_LONG = 512  # characters of any other part
_MOST_HEADERS = 4
_TURNS = 1024  # different counters of one operation's rules


def compile(served: Served, behaviour: Rules, chance: Callable[[], float] = random.random) -> Any:
    """The responder of one ``Rules`` of an operation. ``chance`` draws for the mode random."""
    from actionstudio.runtime import responders

    compiled = Compiled(behaviour, served.house.requests)
    inner = [responders.compile(served, rule.answer) for rule in behaviour.rules]
    otherwise = responders.compile(served, behaviour.otherwise)
    turn = _turn(served, behaviour)
    memo = _Memo(served, compiled)
    seen = _Seen(compiled)

    def respond(visit: Visit) -> Prepared:
        key = seen.key(visit)
        if key is not None:
            known = seen.known.get(key)
            if known is not None:
                matched, reply, noted = known
                made = otherwise(visit) if matched is None else inner[matched](visit)
                return noted if made is reply else _for_the_same(noted, made)
            return seen.remember(key, *decided(visit))
        return decided(visit)[2]

    def decided(visit: Visit) -> _Known:
        facts = facts_of(served, visit)
        if compiled.counts:
            facts.number()
        decision = compiled.decide(facts, turn, chance)
        matched = decision.matched
        reply = otherwise(visit) if matched is None else inner[matched](visit)
        return matched, reply, memo.noted(reply, decision, facts)

    return respond


def _for_the_same(noted: Prepared, reply: Prepared) -> Prepared:
    """Another answer of the same rule, with the reason why that rule answered."""
    return reply.with_notes({**reply.notes, "trail": [noted.notes["trail"][0], *reply.notes.get("trail", ())]})


class _Seen:
    """What calls were answered that looked the same in all that the rules look at: those need not be read again.

    ``key`` is None when that is too much, or when the answer depends on more than the call.
    """

    __slots__ = ("_body", "_headers", "_method", "_path", "_query", "_usable", "known")

    def __init__(self, compiled: Compiled) -> None:
        parts = {target.label.partition(".")[0] for target in compiled.targets}
        names = {target.label[7:] for target in compiled.targets if target.label.startswith("header.")}
        names |= {"cookie"} if "cookie" in parts else set()
        names |= {"content-type"} if "body" in parts else set()
        self.known: dict[Hashable, _Known] = {}
        self._headers = tuple(names)
        self._query, self._path, self._method, self._body = (
            one in parts for one in ("query", "path", "method", "body")
        )
        state = compiled.counts or compiled.filled or compiled.collections or compiled.mode != "first"
        state = state or "caller" in parts
        self._usable = not state and len(names) <= _MOST_HEADERS

    def key(self, visit: Visit) -> Hashable | None:
        call, headers = visit.call, visit.headers
        if not self._usable or len(headers) != len(call.headers):
            return None
        key: list[Any] = [headers.get(name) for name in self._headers] if self._headers else []
        if self._query:
            key.append(call.query)
        if self._path:
            key.append(call.path)
        if self._method:
            key.append(call.method)
        for text in key:
            if text is not None and len(text) > _LONG:
                return None
        if self._body:
            if len(call.body) > _SMALL:
                return None
            key.append(call.body)
        return tuple(key)

    def remember(self, key: Hashable, matched: int | None, reply: Prepared, noted: Prepared) -> Prepared:
        if len(self.known) >= _REMEMBERED:
            self.known.clear()
        self.known[key] = matched, reply, noted
        return noted


class _Memo:
    """Answers with the reason for them: the same object for the same reason, so that the log need not write it anew."""

    __slots__ = ("_compiled", "_known", "_never", "_of_body", "_of_call", "_served")

    def __init__(self, served: Served, compiled: Compiled) -> None:
        self._served = served
        self._compiled = compiled
        self._of_body = [target.label.startswith("body") for target in compiled.targets]
        self._of_call = not any(self._of_body)
        self._never = compiled.counts or compiled.filled or bool(compiled.collections)
        self._known: dict[Hashable, tuple[Prepared, Prepared]] = {}

    def noted(self, reply: Prepared, decision: Decision, facts: Facts) -> Prepared:
        key = self._key(decision, facts)
        if key is None:
            return self._made(reply, decision, facts)
        known = self._known.get(key)
        if known is None or known[0] is not reply:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[key] = (reply, self._made(reply, decision, facts))
        return known[1]

    def _key(self, decision: Decision, facts: Facts) -> Hashable | None:
        """What the trail depends on; None when that is too much, or new with every call."""
        if self._never:
            return None
        if self._of_call:
            return (decision.matched, *[(slot, *got) for slot, got in decision.got.items()])
        parts: list[Hashable] = [decision.matched]
        body = False
        for slot, got in decision.got.items():
            if self._of_body[slot]:
                body = True
            else:
                parts.append((slot, *got))
        if body:
            if len(facts.call.body) > _SMALL:
                return None
            parts += (facts.call.body, facts.headers.get("content-type"))
        return tuple(parts)

    def _made(self, reply: Prepared, decision: Decision, facts: Facts) -> Prepared:
        entry = trail_of(self._compiled, decision, facts)
        for told in ("values", "filled"):
            if told in entry:
                entry[told] = shown(self._served, entry[told])
        return reply.with_notes({**reply.notes, "trail": [entry, *reply.notes.get("trail", ())]})


def _turn(served: Served, behaviour: Rules) -> Callable[[tuple[int, ...]], int]:
    """Counts the calls in which the same rules held. Callers choose which those are: the counters stay few."""
    place = _place(served.operation.behaviour, behaviour)
    every = tuple(range(len(behaviour.rules)))

    def turn(held: tuple[int, ...]) -> int:
        some = "" if held == every else f".{zlib.crc32(repr(held).encode()) % _TURNS}"
        return served.behind.count(f" turn {place}{some}") - 1

    return turn


def _place(outer: Behaviour, behaviour: Behaviour) -> int:
    """Where a behaviour stands within the operation's."""
    return next((index for index, one in enumerate(inside(outer)) if one is behaviour), 0)
