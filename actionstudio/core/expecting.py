"""What an answer is expected to be, place by place: a status, a header, a time, a value of the JSON body."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from actionstudio.core import compare
from actionstudio.core.compare import ANY, ANY_INDEX, Answer
from actionstudio.core.judging.reasons import type_of
from actionstudio.core.problem import Problem
from actionstudio.core.rules.operators import compile_pattern
from actionstudio.core.rules.targets import Unusable
from actionstudio.core.words import said

type JSON = Any

TYPES = ("string", "number", "integer", "boolean", "array", "object", "null")
MOST = 10_000  # values that one path may name
_SHOWN = 120  # characters of a value that is told
_BREAKS = frozenset({"type", "exists"})  # what does not hold breaks whoever reads the answer
_NUMBER = re.compile(r"-?[\d.]+(?:[eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Check:
    """``on`` is ``$.items[*].total``, ``status``, ``header:name`` or ``time`` (milliseconds); ``op`` one of OPS.

    ``value`` is what is wanted: any JSON of "equals", a name of TYPES of "type", a pattern (RE2) of "matches",
    [least, most] of "range" (None: no bound); of "exists" and "absent" none.
    """

    on: str
    op: str
    value: JSON = None


@dataclass(frozen=True, slots=True)
class Miss:
    """A check that did not hold. ``found`` is what stood there, as JSON, "" for nothing; ``broken`` what it weighs."""

    check: Check
    found: str
    broken: bool


def missed(checks: Iterable[Check], answer: Answer, milliseconds: float) -> list[Miss]:
    """The checks that do not hold. A path with a star holds when all it names do, and there is one. Never raises."""
    document = compare.loads(answer.body)
    out = []
    for check in checks:
        found = values(check.on, answer, milliseconds, document)
        if not _holds(check, found):
            wrong = next((one for one in found if not _holds(check, [one])), None) if found else None
            broken = check.op in _BREAKS or (check.on == "status" and answer.status >= 400)
            out.append(Miss(check, _told(wrong) if found else "", broken))
    return out


def values(on: str, answer: Answer, milliseconds: float = 0.0, document: JSON = None) -> list[JSON]:
    """What stands at a place of an answer; nothing when there is none."""
    if on == "status":
        return [answer.status]
    if on == "time":
        return [round(milliseconds, 3)]
    if on.startswith("header:"):
        name = on[7:].strip().lower()
        return [value for key, value in answer.headers if key.lower() == name]
    document = compare.loads(answer.body) if document is None else document
    return [] if document is compare.ABSENT else _at(document, compare.pattern(on))


def read(on: str, op: str, text: str) -> Check:
    """A check from what a person typed: JSON or plain text, ``10..20`` for a range. Raises ValueError with the cure."""
    text = text.strip()
    if op in ("exists", "absent"):
        return Check(on.strip(), op)
    if op == "range":
        ends = _ends(text)
        if ends == [None, None]:
            raise ValueError(said("Write a range as 10..20, ..20 or 10.."))
        return Check(on.strip(), op, ends)
    if op == "equals":
        try:
            return Check(on.strip(), op, orjson.loads(text))
        except orjson.JSONDecodeError:
            return Check(on.strip(), op, text)
    return Check(on.strip(), op, text)


def _ends(text: str) -> list[float | None]:
    """The two ends of a range; of what is none, both are open."""
    least, dots, most = text.rpartition("..")
    parts = [least.strip(), most.strip()]
    if not dots or not all(not part or _NUMBER.fullmatch(part) for part in parts):
        return [None, None]
    try:
        return [float(part) if part else None for part in parts]
    except ValueError:
        return [None, None]


def written(check: Check) -> str:
    """What a person would type for the value of a check."""
    if check.op == "range":
        least, most = (f"{end:g}" if end is not None else "" for end in check.value)
        return f"{least}..{most}"
    if check.value is None and check.op != "equals":
        return ""
    if isinstance(check.value, str):  # a text that reads as JSON keeps its quotes
        return (
            check.value
            if check.op != "equals" or compare.loads(check.value.encode()) is compare.ABSENT
            else (orjson.dumps(check.value).decode())
        )
    return orjson.dumps(check.value).decode()


def problems(checks: Iterable[Check], pointer: str = "/checks") -> list[Problem]:
    """What is wrong with checks, each beside its field."""
    found = []
    for number, check in enumerate(checks):
        at = f"{pointer}/{number}"
        plain = check.on in ("status", "time") or re.fullmatch(r"header:\s*[!#$%&'*+.^_`|~0-9A-Za-z-]+", check.on)
        if not plain and not compare.readable(check.on):
            words = said("“%(on)s” is no place of an answer: write $.total, status, time or header:name.", on=check.on)
            found.append(Problem(f"{at}/on", words, "place"))
        if check.op not in OPS:
            words = said("There is no such check. Known: %(names)s", names=", ".join(OPS))
            found.append(Problem(f"{at}/op", words, "unknown"))
        elif why := _wrong(check):
            found.append(Problem(f"{at}/value", why, "value"))
    return found


def _wrong(check: Check) -> str:
    if check.op == "type" and check.value not in TYPES:
        return said("There is no such type. Known: %(names)s", names=", ".join(TYPES))
    if check.op == "matches":
        if not isinstance(check.value, str) or not check.value:
            return said("Give a pattern, such as %(example)s.", example="^ord_[0-9]+$")
        try:
            compile_pattern(check.value)
        except Unusable as error:
            return error.problem.message
    if check.op == "range" and not _is_range(check.value):
        return said("Write a range as 10..20, ..20 or 10..")
    return ""


def _is_range(value: JSON) -> bool:
    if not isinstance(value, list | tuple) or len(value) != 2 or value[0] is None is value[1]:
        return False
    return all(end is None or (isinstance(end, int | float) and not isinstance(end, bool)) for end in value)


def _holds(check: Check, found: list[JSON]) -> bool:
    if check.op == "absent":
        return not found
    return bool(found) and all(OPS[check.op](one, check.value) for one in found)


def _is(value: JSON, name: JSON) -> bool:
    if name == "integer":
        return isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
    return type_of(value) == name


def _matches(value: JSON, pattern: JSON) -> bool:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return compile_pattern(pattern).search(text) is not None


def _in_range(value: JSON, ends: JSON) -> bool:
    try:
        number = float(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError):
        number = None
    least, most = ends
    return number is not None and (least is None or number >= least) and (most is None or number <= most)


OPS: Mapping[str, Callable[[JSON, JSON], bool]] = {
    "equals": compare.same,
    "type": _is,
    "exists": lambda value, _wanted: True,
    "absent": lambda value, _wanted: False,
    "matches": _matches,
    "range": _in_range,
}


def _at(document: JSON, steps: tuple[Any, ...]) -> list[JSON]:
    found = [document]
    for step in steps:
        found = [below for one in found for below in _below(one, step)][:MOST]
    return found


def _below(value: JSON, step: Any) -> list[JSON]:
    if isinstance(value, dict):
        return list(value.values()) if step is ANY else [value[step]] if isinstance(step, str) and step in value else []
    if isinstance(value, list):
        if step is ANY or step is ANY_INDEX:
            return value
        return [value[step]] if isinstance(step, int) and step < len(value) else []
    return []


def _told(value: JSON) -> str:
    text = orjson.dumps(value, default=str).decode()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
