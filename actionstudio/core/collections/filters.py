"""Conditions on rows as query strings state them: ``price_gte=10``, ``owner.name_like=^jo``.

Source: Mockoon's documentation of CRUD routes, "Filtering". A value is read as the type of what it is compared with:
numbers as numbers, ``true``, ``false`` and ``null`` as those, texts as texts. Patterns are RE2's: linear in time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import re2

from actionstudio.core.collections.fields import MISSING, at
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.schemas.wire import text_of
from actionstudio.core.words import said

type JSON = Any
type Test = Callable[[JSON], bool]
type Make = Callable[[str, str, Work], Test]

OPERATORS = ("eq", "ne", "gt", "gte", "lt", "lte", "like", "start", "end")
ORDERED = ("gt", "gte", "lt", "lte")
LONGEST = 1_000  # characters of a value
WORK = 20_000_000  # units that one call may cost
_TEST = 20  # units of one test of one row
_MEMORY = 1 << 19  # bytes that a pattern may take
_WORDS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: the field's path ("" the row itself), an operator, and values of which any will do.

    ``within`` names the field that stands for the value where that is an object, or a list of them (tags by name).
    """

    path: str
    operator: str
    values: tuple[str, ...]
    within: str = ""


class Work:
    """What the questions of one call may cost. A unit is 20 nanoseconds at worst."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = WORK

    def spend(self, units: int, name: str) -> None:
        """Raises Refused when nothing is left; ``name`` is the parameter's."""
        self.left -= units
        if self.left < 0:
            message = said("asks for more work than one call may cost; ask for less, or for fewer rows")
            raise Refused(Problem(f"/query/{name}", message, "work"))


def compile(filter: Filter, name: str, work: Work) -> Test:
    """The test of a row. Raises Refused when a value cannot be used; ``name`` is the parameter's, for the problem. So
    does the test when the call has cost too much."""
    if any(len(value) > LONGEST for value in filter.values):
        raise Refused(Problem(f"/query/{name}", said("must not be longer than %(n)s characters", n=LONGEST), "long"))
    tests = [_MAKERS[filter.operator](value, name, work) for value in filter.values]
    every = filter.operator == "ne"
    path, within, cost = filter.path, filter.within, _TEST * max(1, len(tests))

    def one(value: JSON) -> bool:
        return all(test(value) for test in tests) if every else any(test(value) for test in tests)

    def test(row: JSON) -> bool:
        work.spend(cost, name)
        value = at(row, path)
        if within and isinstance(value, dict):
            value = at(value, within)
        if value is MISSING:
            return every
        if isinstance(value, list):
            work.spend(cost * len(value), name)
            parts = [at(part, within) if within else part for part in value]
            return all(map(one, parts)) if every else any(map(one, parts))
        return one(value)

    return test


def _equal(text: str, name: str, work: Work) -> Test:
    number = number_of(text)
    word = _WORDS.get(text, MISSING)

    def test(value: JSON) -> bool:
        if isinstance(value, str):
            return value == text
        if value is None or isinstance(value, bool):
            return value is word
        if isinstance(value, int | float):
            return number is not None and value == number
        return False

    return test


def _unequal(text: str, name: str, work: Work) -> Test:
    equal = _equal(text, name, work)
    return lambda value: not equal(value)


def _ordered(better: Callable[[Any, Any], bool]) -> Make:
    def make(text: str, name: str, work: Work) -> Test:
        number = number_of(text)

        def test(value: JSON) -> bool:
            if isinstance(value, str):
                return better(value, text)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return number is not None and better(value, number)
            return False

        return test

    return make


def _pattern(form: str) -> Make:
    def make(text: str, name: str, work: Work) -> Test:
        pattern = _compiled(form % text, name)
        search, size = pattern.search, pattern.programsize

        def test(value: JSON) -> bool:
            if isinstance(value, dict | list):
                return False
            shown = text_of(value)
            work.spend(size * len(shown), name)
            return search(shown) is not None

        return test

    return make


def _compiled(pattern: str, name: str) -> Any:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.never_capture = True
    options.case_sensitive = False
    try:
        return re2._Regexp(pattern, options)  # compile() keeps what callers send
    except (re2.error, UnicodeError) as error:
        raw = error.args[0] if error.args else ""
        why = raw.decode(errors="replace") if isinstance(raw, bytes) else str(raw)
        message = said("is not a regular expression that can be used: %(why)s", why=why)
        raise Refused(Problem(f"/query/{name}", message, "pattern")) from None


_MAKERS: Mapping[str, Make] = {
    "eq": _equal,
    "ne": _unequal,
    "gt": _ordered(lambda one, two: one > two),
    "gte": _ordered(lambda one, two: one >= two),
    "lt": _ordered(lambda one, two: one < two),
    "lte": _ordered(lambda one, two: one <= two),
    "like": _pattern("%s"),
    "start": _pattern("^(?:%s)"),
    "end": _pattern("(?:%s)$"),
}


def number_of(text: str) -> int | float | None:
    """The number that a text is (``+18.00`` too), None when it is none."""
    text = text.strip()
    if not text or not text.isascii() or "_" in text or len(text) > 300:
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value - value == 0 else None


def searching(text: str, name: str, work: Work) -> Test:
    """Whether any value in a row, at any depth, contains ``text``; upper and lower case are the same."""
    wanted = text.casefold()

    def test(row: JSON) -> bool:
        stack = [row]
        while stack:
            value = stack.pop()
            if isinstance(value, dict):
                stack.extend(value.values())
            elif isinstance(value, list):
                stack.extend(value)
            else:
                shown = text_of(value)
                work.spend(_TEST + len(shown) // 4, name)
                if wanted in shown.casefold():
                    return True
        return False

    return test
