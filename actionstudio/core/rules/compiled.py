"""Rules compiled into one decision per call, whose cost hardly grows with the number of rules.

Every part of a call that some condition asks about is read at most once, and only when a rule comes to it. Rules that
ask for equality are found by the value (an index per part of the call); only those found are looked at further, in
their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from typing import Any, NamedTuple

from actionstudio.core.behaviour import Condition, Rule, Rules
from actionstudio.core.problem import Problem
from actionstudio.core.rules.facts import Facts, Got
from actionstudio.core.rules.operators import Test, compile_test, is_filled, keys_in, keys_of, reads_state
from actionstudio.core.rules.targets import Target, Unusable, collection_of, compile_target

type JSON = Any

MOST_ENDED = 100
_decision: Callable[..., Decision] = tuple.__new__  # a named tuple's own constructor takes three times as long


class _Asked(NamedTuple):
    """A compiled condition: which target, the test, whether its answer is turned round."""

    slot: int
    test: Test
    invert: bool


class _Compiled(NamedTuple):
    """A compiled rule. ``asked`` are all its conditions, ``left`` those that still have to be asked once an index has
    found it, each with its number."""

    every: bool
    asked: tuple[_Asked, ...]
    left: tuple[tuple[int, int, Test, bool], ...] = ()


class Decision(NamedTuple):
    """What was decided. ``matched`` is the index of the rule, None when no rule holds.

    ``held`` are all rules that hold (mode first: only the one). ``ended`` says of rules that were looked at which of
    their conditions settled it; -1: all of them were needed. ``got`` are the parts that were read, by slot.
    """

    matched: int | None
    held: tuple[int, ...]
    ended: dict[int, int]
    got: dict[int, Got]


@dataclass(slots=True)
class _Plan:
    """Being compiled: the targets by what tells them apart."""

    components: Mapping[str, JSON]
    targets: list[Target] = field(default_factory=list)
    places: dict[tuple[str, bool], int] = field(default_factory=dict)

    def place(self, condition: Condition, target: Target) -> int:
        key = (target.label, condition.operator == "regex" and target.label == "body")
        if key not in self.places:
            self.places[key] = len(self.targets)
            self.targets.append(target)
        return self.places[key]

    def asked(self, condition: Condition) -> _Asked:
        """A condition that cannot be asked never holds, inverted or not: the forms say so before it is saved."""
        try:
            target = compile_target(condition)
            test = compile_test(condition, target, self.components)
        except Unusable:
            return _Asked(self.place(condition, _NOTHING), _never, False)
        return _Asked(self.place(condition, target), test, condition.invert)


def _never(got: Got, facts: Facts) -> bool:
    return False


_NOTHING = Target("", lambda facts: ())


class Compiled:
    """One ``Rules``. ``counts`` says that the calls of the operation must be counted, ``filled`` that some condition
    compares with something that the call or the moment brings, ``collections`` which
    collections are asked about. Once a call has used up what it may cost no rule holds any more."""

    def __init__(self, rules: Rules, components: Mapping[str, JSON] | None = None) -> None:
        plan = _Plan(components or {})
        self.rules = rules
        self.mode = rules.mode
        made = [_Compiled(rule.match != "any", tuple(map(plan.asked, rule.conditions))) for rule in rules.rules]
        self.targets = tuple(plan.targets)
        self.anchors = _anchors(rules.rules, made)
        self._indexes, self._others = _indexed(rules.rules, made, self.anchors)
        self._rules = [_without(one, anchors) for one, anchors in zip(made, self.anchors, strict=True)]
        self._sure = [one.every and not one.left for one in self._rules]
        self._only = self._indexes[0] if len(self._indexes) == 1 and not self._others else None
        self._read_only = self.targets[self._only.slot].read if self._only is not None else _NOTHING.read
        self.weights = [max(rule.weight, 0) for rule in rules.rules]
        conditions = [condition for rule in rules.rules for condition in rule.conditions]
        self.counts = any(reads_state(condition) == "call" for condition in conditions)
        self.filled = any(map(is_filled, conditions))
        self.collections = tuple(dict.fromkeys(name for one in conditions if (name := collection_of(one))))

    def decide(self, facts: Facts, turn: Callable[[tuple[int, ...]], int], chance: Callable[[], float]) -> Decision:
        """Which rule answers. ``turn`` gives the number of this call (from 0) among those in which the same rules
        held; ``chance`` a number from 0 up to 1."""
        got: dict[int, Got] = {}
        ended: dict[int, int] = {}
        if self.mode == "first":
            for index in self._candidates(facts, got):
                answers = self._sure[index] or self._holds(index, facts, got, ended)
                if facts.stopped:
                    break
                if answers:
                    return _decision(Decision, (index, (index,), ended, got))
            return _decision(Decision, (None, (), ended, got))
        held = tuple(self._all(facts, got, ended))
        if not held or facts.stopped:
            return Decision(None, (), ended, got)
        if self.mode == "sequential":
            return Decision(held[turn(held) % len(held)] if len(held) > 1 else held[0], held, ended, got)
        return Decision(self._drawn(held, chance), held, ended, got)

    def _all(self, facts: Facts, got: dict[int, Got], ended: dict[int, int]) -> Iterator[int]:
        for index in self._candidates(facts, got):
            if self._holds(index, facts, got, ended):
                yield index
            if facts.stopped:
                return

    def _drawn(self, held: tuple[int, ...], chance: Callable[[], float]) -> int | None:
        """One of the rules by weight; None when all of them weigh nothing."""
        total = sum([self.weights[index] for index in held])
        left = chance() * total
        for index in held:
            left -= self.weights[index]
            if left < 0:
                return index
        return None

    def _candidates(self, facts: Facts, got: dict[int, Got]) -> Iterable[int]:
        """The rules that may hold, in their order."""
        if not self._indexes:
            return self._others
        only = self._only
        if only is not None:
            one = got[only.slot] = self._read_only(facts)
            if len(one) == 1 and only.plain and type(one[0]) is str:
                return only.by_key.get(one[0], ())
        found: list[Sequence[int]] = [self._others] if self._others else []
        for index in self._indexes:
            values = got.get(index.slot)
            if values is None:
                values = got[index.slot] = self.targets[index.slot].read(facts)
            index.find(values, facts, found)
        if len(found) < 2:
            return found[0] if found else ()
        return _in_order(found)

    def _holds(self, index: int, facts: Facts, got: dict[int, Got], ended: dict[int, int]) -> bool:
        every, asked, left = self._rules[index]
        for number, slot, test, invert in left:
            values = got.get(slot)
            if values is None:
                values = got[slot] = self.targets[slot].read(facts)
            if (test(values, facts) is not invert) is not every:  # one that fails of all, one that holds of any
                if len(ended) < MOST_ENDED:
                    ended[index] = number
                return not every
        if every or not asked:
            return True
        if len(ended) < MOST_ENDED:
            ended[index] = -1
        return False


def _in_order(found: list[Sequence[int]]) -> Iterable[int]:
    last = -1
    for index in merge(*found):
        if index != last:
            last = index
            yield index


def _anchors(rules: Sequence[Rule], compiled: Sequence[_Compiled]) -> list[tuple[int, ...]]:
    """For each rule the conditions by which an index finds it: one for a rule that asks for all of its conditions, all
    of them for one that asks for any; () for a rule that is always looked at."""
    able = [
        [number for number, condition in enumerate(rule.conditions) if not condition.invert and _indexable(condition)]
        for rule in rules
    ]
    popular: Counter[int] = Counter(
        compiled[index].asked[number].slot for index, numbers in enumerate(able) for number in set(numbers)
    )
    found: list[tuple[int, ...]] = []
    for rule, one, numbers in zip(rules, compiled, able, strict=True):
        if one.every:
            best = max(numbers, key=lambda number: (popular[one.asked[number].slot], -number), default=None)
            found.append(() if best is None else (best,))
        else:
            found.append(tuple(numbers) if len(numbers) == len(rule.conditions) else ())
    return found


def _indexable(condition: Condition) -> bool:
    """A condition that cannot be asked has no keys, and is not found by any."""
    return keys_of(condition) is not None


def _without(one: _Compiled, anchors: tuple[int, ...]) -> _Compiled:
    """A rule that asks for all of its conditions need not ask again for the one by which it was found."""
    known = anchors if one.every else ()
    return one._replace(left=tuple((number, *asked) for number, asked in enumerate(one.asked) if number not in known))


class _Index:
    """The rules that ask for equality with one part of a call, by the value they ask for."""

    __slots__ = ("by_key", "plain", "slot")

    def __init__(self, slot: int, by_key: Mapping[Any, Sequence[int]]) -> None:
        self.slot = slot
        self.by_key = {key: tuple(hit) for key, hit in by_key.items()}
        self.plain = all(isinstance(key, str) or (isinstance(key, tuple) and len(key) == 1) for key in by_key)

    def find(self, values: Got, facts: Facts, found: list[Sequence[int]]) -> None:
        """Adds what the values find. A text that only texts are compared with need not be read as a number."""
        by_key, plain = self.by_key, self.plain
        for value in values:
            if plain and type(value) is str:
                hit = by_key.get(value)
                if hit is not None:
                    found.append(hit)
                continue
            for key in keys_in((value,), facts):
                hit = by_key.get(key)
                if hit is not None:
                    found.append(hit)


def _indexed(
    rules: Sequence[Rule], compiled: Sequence[_Compiled], anchored: Sequence[tuple[int, ...]]
) -> tuple[list[_Index], tuple[int, ...]]:
    """The indexes, and the rules that none of them finds."""
    found: dict[int, dict[Any, list[int]]] = {}
    others = []
    for index, anchors in enumerate(anchored):
        if not anchors:
            others.append(index)
        for number in anchors:
            by_key = found.setdefault(compiled[index].asked[number].slot, {})
            for key in dict.fromkeys(keys_of(rules[index].conditions[number]) or ()):
                listed = by_key.setdefault(key, [])
                if not listed or listed[-1] != index:
                    listed.append(index)
    return [_Index(slot, by_key) for slot, by_key in found.items()], tuple(others)


def usable(condition: Condition, components: Mapping[str, JSON]) -> Problem | None:
    """What keeps a condition from being asked; the pointer is that of the field, below the condition."""
    try:
        compile_test(condition, compile_target(condition), components)
    except Unusable as error:
        return error.problem
    return None
