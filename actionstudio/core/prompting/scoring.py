"""A model's calls against what a case expects: which operations, which arguments, and why it does not pass.

As in BFCL each expected call is met by one that was made: in order where the case says so, else those of one operation
where most arguments fit. Choosing (which operation) and filling in (which arguments) are judged apart.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actionstudio.core.prompting import matching
from actionstudio.core.prompting.case import Case, Wanted
from actionstudio.core.prompting.matching import ABSENT, Matcher

type JSON = Any

NO_CALL = ""  # what the matrix calls the row and the column of no call
_SHOWN = 300  # characters of an argument that is told


@dataclass(frozen=True, slots=True)
class Called:
    """A call that the model asked for. ``arguments`` is its text; ``unknown``: no operation of that name is there, so
    ChatGPT would refuse it. ``consent``: whether ChatGPT asks the user to confirm it. ``turn`` is the place in the
    case's turns of what it answers, from 0; None: the last."""

    operation: str
    arguments: str = "{}"
    consent: bool | None = None
    unknown: bool = False
    turn: int | None = None

    @property
    def values(self) -> Mapping[str, JSON] | None:
        """The arguments; None when they are no JSON object."""
        try:
            found = json.loads(self.arguments or "{}")
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a case does not pass. ``code``: missing (an expected call was not made), wrong (another operation instead),
    extra (a call too many), forbidden, unknown (no such operation), order, argument, undeclared (an argument nobody
    expects), syntax (no JSON), consent, gone (the tools have no such operation to call). ``expected`` and ``found``
    are texts to be shown."""

    code: str
    operation: str = ""
    argument: str = ""
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """``chosen``: the right operations were called. ``passed``: all is as expected. ``pairs`` are (expected, called)
    for the matrix, NO_CALL for none; there are none of what could not be called. ``arguments`` are
    (operation, argument, right?) of each matcher that counts."""

    passed: bool
    chosen: bool
    misses: tuple[Miss, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    arguments: tuple[tuple[str, str, bool], ...] = field(default=())


def score(case: Case, calls: Sequence[Called], operations: Collection[str] | None = None) -> Score:
    """Judges the calls of a whole conversation. ``operations`` are those that there were; None: nobody knows.

    What is expected is expected of the last turn. Where several calls are, they may be made in any turn. What was
    called before the last turn besides does no harm, unless it must not be called.
    """
    gone = [one for one in case.operations if operations is not None and one not in operations]
    if gone:
        return Score(False, False, tuple(Miss("gone", name, expected=name) for name in dict.fromkeys(gone)))
    met = _met(case, calls)
    others = [one for number, one in enumerate(calls) if number not in met.values()]
    left = [one for one in others if one.operation in case.never or not early(case, one)]
    missing = [number for number in range(len(case.calls)) if number not in met]
    pairs, misses = _chosen(case, calls, met, missing, left)
    filled: list[tuple[str, str, bool]] = []
    for number, other in met.items():
        right, wrong = _filled(case.calls[number], calls[other], case.closed)
        filled += right
        misses += wrong
    chosen = not any(miss.code in _OF_CHOICE for miss in misses)
    misses += _consent(case, calls)
    return Score(not misses, chosen, tuple(misses), tuple(pairs), tuple(filled))


_OF_CHOICE = frozenset({"missing", "wrong", "extra", "forbidden", "unknown", "order"})


def early(case: Case, one: Called) -> bool:
    """Whether a call answers another turn than the last."""
    return one.turn is not None and one.turn < len(case.turns) - 1


def _met(case: Case, calls: Sequence[Called]) -> dict[int, int]:
    """Which call meets which expected one, by their numbers: first the best fit of each operation."""
    fits = [
        (-_fit(wanted, one, case.closed), number, other)
        for number, wanted in enumerate(case.calls)
        for other, one in enumerate(calls)
        if wanted.operation == one.operation and (len(case.calls) > 1 or not early(case, one))
    ]
    met: dict[int, int] = {}
    for _worth, number, other in sorted(fits):
        if number not in met and other not in met.values():
            met[number] = other
    return dict(sorted(met.items()))


def _fit(wanted: Wanted, one: Called, closed: bool) -> float:
    right, wrong = _filled(wanted, one, closed)
    return sum(good for _op, _name, good in right) - len(wrong) / 1000


def _chosen(
    case: Case, calls: Sequence[Called], met: Mapping[int, int], missing: Sequence[int], left: Sequence[Called]
) -> tuple[list[tuple[str, str]], list[Miss]]:
    """The pairs of the matrix, and what is wrong with the choice."""
    pairs = [(case.calls[number].operation,) * 2 for number in met]
    misses: list[Miss] = []
    instead, spare = left[: len(missing)], left[len(missing) :]
    for place, number in enumerate(missing):
        wanted = case.calls[number].operation
        other = instead[place].operation if place < len(instead) else NO_CALL
        pairs.append((wanted, other))
        misses.append(Miss("wrong" if other else "missing", wanted, "", wanted, other))
    misses += [Miss("forbidden", one.operation, found=one.operation) for one in instead if one.operation in case.never]
    for one in spare:
        if one.operation in case.never or not case.others:
            pairs.append((NO_CALL, one.operation))
            code = "forbidden" if one.operation in case.never else "extra"
            misses.append(Miss(code, one.operation, found=_short(one.arguments)))
    misses += [Miss("unknown", one.operation, found=one.operation) for one in calls if one.unknown]
    places = [met[number] for number in sorted(met)]
    if case.ordered and places != sorted(places):
        made = ", ".join(calls[place].operation for place in sorted(places))
        misses.append(Miss("order", "", "", ", ".join(case.operations), made))
    return pairs or [(NO_CALL, NO_CALL)], misses


def _filled(wanted: Wanted, one: Called, closed: bool) -> tuple[list[tuple[str, str, bool]], list[Miss]]:
    """Each argument that counts with whether it is right, and what is wrong."""
    values = one.values
    counted = {name: matcher for name, matcher in wanted.arguments.items() if matcher.op != "ignore"}
    if values is None:
        rows = [(wanted.operation, name, False) for name in counted]
        return rows, [Miss("syntax", wanted.operation, "", "", _short(one.arguments))]
    rows, misses = [], []
    for name, matcher in counted.items():
        found = values.get(name, ABSENT)
        good = matching.matches(matcher, found)
        rows.append((wanted.operation, name, good))
        if not good:
            misses.append(_argument(wanted.operation, name, matcher, found))
    if closed:
        more = [name for name in values if name not in wanted.arguments]
        misses += [Miss("undeclared", wanted.operation, name, "", _short(_json(values[name]))) for name in more]
    return rows, misses


def _argument(operation: str, name: str, matcher: Matcher, found: JSON) -> Miss:
    shown = "" if found is ABSENT else _short(_json(found))
    return Miss("argument", operation, name, matching.told(matcher), shown)


def _consent(case: Case, calls: Sequence[Called]) -> Iterator[Miss]:
    """Whether somebody is asked, judged by the calls that were expected; of no call nothing is known."""
    asked = [one for one in calls if one.operation in case.operations and one.consent is not None]
    if case.consent is None or not asked:
        return
    found = any(one.consent for one in asked)
    if found is not case.consent:
        yield Miss("consent", asked[0].operation, "", _json(case.consent), _json(found))


def plain(made: Score) -> dict[str, JSON]:
    """A score as JSON."""
    return {
        "passed": made.passed,
        "chosen": made.chosen,
        "misses": [
            {name: text for name in Miss.__slots__ if (text := str(getattr(miss, name)))} for miss in made.misses
        ],
        "pairs": [list(pair) for pair in made.pairs],
        "arguments": [list(one) for one in made.arguments],
    }


def read(data: Mapping[str, JSON]) -> Score:
    """What :func:`plain` wrote."""
    return Score(
        data.get("passed") is True,
        data.get("chosen") is True,
        tuple(Miss(**one) for one in data.get("misses", ())),
        tuple((one, other) for one, other in data.get("pairs", ())),
        tuple((op, name, good) for op, name, good in data.get("arguments", ())),
    )


def operations(calls: Iterable[Called]) -> tuple[str, ...]:
    """The operations that were called."""
    return tuple(one.operation for one in calls)


def _json(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
