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

_REMEMBERED = 256
_SMALL = 4096  # bytes of a body by which an answer is remembered
_TURNS = 1024  # different counters of one operation's rules


def compile(served: Served, behaviour: Rules, chance: Callable[[], float] = random.random) -> Any:
    """The responder of one ``Rules`` of an operation. ``chance`` draws for the mode random."""
    from actionstudio.runtime import responders

    compiled = Compiled(behaviour, served.house.requests)
    inner = [responders.compile(served, rule.answer) for rule in behaviour.rules]
    otherwise = responders.compile(served, behaviour.otherwise)
    turn = _turn(served, behaviour)
    memo = _Memo(served, compiled)

    def respond(visit: Visit) -> Prepared:
        facts = facts_of(served, visit)
        if compiled.counts:
            facts.number()
        decision = compiled.decide(facts, turn, chance)
        matched = decision.matched
        return memo.noted(otherwise(visit) if matched is None else inner[matched](visit), decision, facts)

    return respond


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
