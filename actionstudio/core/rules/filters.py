"""Filters of JSONPath (RFC 9535, section 2.3.5): ``?@.price < 10 && @.tags[0] == 'red'``, without functions.

What is compared are single values: ``@`` and a way of names and indexes, texts, numbers, true, false and null.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import Any

import orjson

from actionstudio.core.rules.equality import affordable, got_keys
from actionstudio.core.rules.facts import Facts

type JSON = Any
type Holds = Callable[[JSON, Facts], bool]
type Side = Callable[[JSON], JSON]

DEEPEST = 8  # brackets within brackets
_ABSENT: Any = object()
_WORD = re.compile(
    r"""\s*(?:(?P<sign>\|\||&&|==|!=|<=|>=|<|>|!|\(|\))|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<number>-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?)|(?P<word>true|false|null)\b"""
    r"""|@(?P<way>(?:\.[A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff-]*|\[\s*(?:-?\d{1,9}|"[^"\\]*"|'[^'\\]*')\s*\])*))\s*"""
)
_STEP = re.compile(
    r"""\.([A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff-]*)|\[\s*(?:(-?\d+)|"([^"]*)"|'([^']*)')\s*\]"""
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}
_ORDERS = {"<": lt, "<=": le, ">": gt, ">=": ge}


class Unreadable(ValueError):
    """A filter that is not understood; the argument is where."""


class Filter:
    """Whether a value passes. ``terms`` is how much there is to ask."""

    __slots__ = ("passes", "terms")

    def __init__(self, passes: Holds, terms: int) -> None:
        self.passes = passes
        self.terms = terms


def compile_filter(text: str) -> Filter:
    """The filter that ``text`` (what stands behind ``?``) writes. Raises Unreadable."""
    parser = _Parser(text)
    return Filter(parser.whole(), parser.terms)


class _Parser:
    """Weakest first: ``||``, ``&&``, ``!`` and brackets, comparison."""

    def __init__(self, text: str) -> None:
        self._words: list[tuple[str, Any, int]] = []
        self._at = self._depth = self.terms = 0
        at = 0
        while text[at:].strip():
            found = _WORD.match(text, at)
            if found is None or found.lastgroup is None:
                raise Unreadable(at)
            self._words.append((found.lastgroup, found[found.lastgroup], at))
            at = found.end()
        self._words.append(("end", "", at))

    def whole(self) -> Holds:
        made = self._either()
        if self._words[self._at][0] != "end":
            raise self._wrong()
        return made

    def _wrong(self) -> Unreadable:
        return Unreadable(self._words[self._at][2])

    def _take(self, *signs: str) -> str:
        kind, text, _ = self._words[self._at]
        if kind != "sign" or text not in signs:
            return ""
        self._at += 1
        return text

    def _either(self) -> Holds:
        some = [self._both()]
        while self._take("||"):
            some.append(self._both())
        return some[0] if len(some) == 1 else lambda value, facts: any(one(value, facts) for one in some)

    def _both(self) -> Holds:
        some = [self._one()]
        while self._take("&&"):
            some.append(self._one())
        return some[0] if len(some) == 1 else lambda value, facts: all(one(value, facts) for one in some)

    def _one(self) -> Holds:
        turned = bool(self._take("!"))
        if self._take("("):
            self._depth += 1
            made = self._either()
            self._depth -= 1
            if self._depth >= DEEPEST or not self._take(")"):
                raise self._wrong()
        else:
            made = self._compared()
        return (lambda value, facts: not made(value, facts)) if turned else made

    def _compared(self) -> Holds:
        self.terms += 1
        left, is_way = self._side()
        sign = self._take("==", "!=", *_ORDERS)
        if not sign:
            if not is_way:
                raise self._wrong()
            return lambda value, facts: left(value) is not _ABSENT
        right, _ = self._side()
        if sign in _ORDERS:
            order = _ORDERS[sign]
            return lambda value, facts: _ordered(order, left(value), right(value), facts)
        return lambda value, facts: _same(left(value), right(value), facts) is (sign == "==")

    def _side(self) -> tuple[Side, bool]:
        kind, text, _ = self._words[self._at]
        if kind == "way":
            made: tuple[Side, bool] = _way(text), True
        elif kind in ("text", "number", "word"):
            value = (
                _ESCAPE.sub(r"\1", text[1:-1])
                if kind == "text"
                else _WORDS[text]
                if kind == "word"
                else orjson.loads(text)
            )
            made = (lambda _: value), False
        else:
            raise self._wrong()
        self._at += 1
        return made


def _way(text: str) -> Side:
    steps: list[str | int] = []
    for name, index, double, single in _STEP.findall(text):
        steps.append(int(index) if index else name or double or single)

    def find(value: JSON) -> JSON:
        for step in steps:
            if isinstance(step, str):
                if not isinstance(value, dict) or step not in value:
                    return _ABSENT
            elif not isinstance(value, list) or not -len(value) <= step < len(value):
                return _ABSENT
            value = value[step]
        return value

    return find


def _same(left: JSON, right: JSON, facts: Facts) -> bool:
    """RFC 9535, section 2.3.5.2.2: what is not there equals only what is not there; a text is never a number."""
    if left is _ABSENT or right is _ABSENT:
        return left is right
    if isinstance(left, str) or isinstance(right, str):
        return type(left) is type(right) and left == right
    if isinstance(left, dict | list) and not (type(left) is type(right) and affordable(left, facts)):
        return False
    return got_keys(left)[:1] == got_keys(right)[:1] != ()


def _ordered(order: Callable[[Any, Any], bool], left: JSON, right: JSON, facts: Facts) -> bool:
    """Numbers with numbers and texts with texts; else only what is equal, where the sign allows that."""
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (left, right))
    if numbers or (isinstance(left, str) and isinstance(right, str)):
        return order(left, right)
    return order in (le, ge) and _same(left, right, facts)
