"""What rules decided about a call, as the log keeps it, and how that is told afterwards, rule by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actionstudio.core.behaviour import Behaviour, Condition, Proxy, Rules
from actionstudio.core.rules.compiled import MOST_ENDED, Compiled, Decision
from actionstudio.core.rules.facts import Facts, Got
from actionstudio.core.rules.operators import SHOWN, is_filled, written
from actionstudio.core.rules.targets import label_of
from actionstudio.core.rules.words import sentence

type JSON = Any

_MOST_VALUES = 50
_MOST_SEVERAL = 10


def trail_of(compiled: Compiled, decision: Decision, facts: Facts) -> dict[str, JSON]:
    """A decision as plain JSON for the log; ``explain`` reads it.

    ``values`` are the parts of the call that were read and are there ("query.id": "7"; several values as a list),
    ``call`` the number of the call when it was counted, ``filled`` what the templates of conditions stood for.
    """
    values: dict[str, JSON] = {}
    for slot, got in decision.got.items():
        target = compiled.targets[slot]
        if target.label == "body":
            got = _whole(facts)
        if got and target.label and len(values) < _MOST_VALUES:
            named = target.named is None or target.named(facts)
            values[target.label] = _value(got if named else [_unnamed(one) for one in got], target.single)
    trail: dict[str, JSON] = {
        "what": "rules",
        "mode": compiled.mode,
        "matched": decision.matched,
        "call": facts.number() if compiled.counts else None,
        "values": values,
        "otherwise": decision.matched is None,
    }
    if decision.ended:
        trail["ended"] = {str(index): number for index, number in decision.ended.items()}
    if compiled.mode != "first":
        trail["held"] = list(decision.held[:MOST_ENDED])
    if facts.filled:
        trail["filled"] = dict(list(facts.filled.items())[:_MOST_VALUES])
    if facts.stopped:
        trail["stopped"] = True
    return trail


def _value(got: Got, single: bool) -> JSON:
    if single or len(got) == 1:
        return _short(got[0])
    return [_short(one) for one in got[:_MOST_SEVERAL]] + (["…"] if len(got) > _MOST_SEVERAL else [])


def _whole(facts: Facts) -> Got:
    """The body as a value even where its text was asked about: the log hides secrets by the names they stand under.
    The parts of a form that could not be read have none."""
    form = facts.headers.get("content-type", "").lower().startswith("multipart/")
    return ["…" if form and isinstance(one, str) else one for one in facts.body()]


def _unnamed(value: JSON) -> JSON:
    """What may be told of a value that may stand under the name of a secret: nothing but what names its own parts."""
    return value if isinstance(value, dict | list | bool) or value is None else "…"


def _short(value: JSON) -> JSON:
    if isinstance(value, str | dict | list):
        text = written(value)
        if len(text) > SHOWN:
            return text[: SHOWN - 1] + "…"
        if not text and value:
            return "…"  # nested too deeply to be written
    return value


@dataclass(frozen=True, slots=True)
class Answered:
    """One condition and what became of it: ``held`` None when nobody had to ask it. ``got`` is what the call has there
    (shortened), when ``present``; ``words`` is the condition as a sentence."""

    condition: Condition
    words: str
    held: bool | None
    present: bool = False
    got: JSON = None


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule and what became of it: it ``answers``, it ``holds`` (and another answered), it ``fails``, it was
    ``not-reached`` because an earlier one answered, or that is ``unknown``."""

    index: int
    name: str
    match: str
    outcome: str
    conditions: tuple[Answered, ...]


def explain(rules: Rules, entry: Mapping[str, JSON]) -> list[Explained]:
    """Rule by rule, what a trail's entry (``trail_of``) says about the rules that made it."""
    compiled = Compiled(rules)
    return [_explained(index, rules, compiled.anchors[index], entry) for index in range(len(rules.rules))]


def explained(behaviour: Behaviour, trail: Sequence[Mapping[str, JSON]]) -> list[list[Explained]]:
    """The same for a whole trail: one list for each of its entries of rules, those within answers after the outer."""
    told = []
    for entry in trail:
        if entry.get("what") != "rules":
            continue
        while isinstance(behaviour, Proxy):
            behaviour = behaviour.otherwise
        if not isinstance(behaviour, Rules):
            break
        told.append(explain(behaviour, entry))
        matched = entry.get("matched")
        known = isinstance(matched, int) and 0 <= matched < len(behaviour.rules)
        behaviour = behaviour.rules[matched].answer if known and matched is not None else behaviour.otherwise
    return told


def _explained(index: int, rules: Rules, anchors: Sequence[int], entry: Mapping[str, JSON]) -> Explained:
    rule = rules.rules[index]
    outcome = _outcome(index, anchors, entry)
    number = (entry.get("ended") or {}).get(str(index))
    values = entry.get("values") or {}
    every, size = rule.match != "any", len(rule.conditions)
    held: list[bool | None] = [None] * size
    if outcome in ("answers", "holds"):
        if every:
            held = [True] * size
        elif number is not None and 0 <= number < size:
            held[: number + 1] = [False] * number + [True]
    elif outcome == "fails":
        held = _failed(size, every, anchors, number)
    told = tuple(
        Answered(
            one,
            _sentence(one, entry.get("filled") or {}),
            held[place],
            (label := label_of(one)) in values,
            values.get(label),
        )
        for place, one in enumerate(rule.conditions)
    )
    return Explained(index, rule.name, rule.match, outcome, told)


def _sentence(condition: Condition, filled: Mapping[str, JSON]) -> str:
    """A condition with what its template stood for."""
    if is_filled(condition) and condition.value in filled:
        condition = replace(condition, value=filled[condition.value])
    return sentence(condition)


def _outcome(index: int, anchors: Sequence[int], entry: Mapping[str, JSON]) -> str:
    matched, ended = entry.get("matched"), entry.get("ended") or {}
    if entry.get("stopped"):
        return "unknown"
    if matched == index:
        return "answers"
    if entry.get("mode") == "first":
        if matched is not None and index > matched:
            return "not-reached"
    elif index in (entry.get("held") or ()):
        return "holds"
    known = str(index) in ended or (anchors and len(ended) < MOST_ENDED)
    return "fails" if known else "unknown"


def _failed(size: int, every: bool, anchors: Sequence[int], number: int | None) -> list[bool | None]:
    """Which conditions of a rule that failed held: those before the one that ended it, and the one it was found by."""
    if not every:
        return [False] * size
    held: list[bool | None] = [None] * size
    if number is None:
        for anchor in anchors:
            held[anchor] = False
        return held
    for anchor in anchors:
        held[anchor] = True
    held[: number + 1] = [True] * number + [False]
    return held
