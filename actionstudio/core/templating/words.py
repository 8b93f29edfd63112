"""The words of one tag: what stands between ``{{`` and ``}}``, cut into names, texts, numbers and signs."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from actionstudio.core.words import said

_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?![\w.])")
_NAME = re.compile(r"@?[^\W\d][\w-]*")
_STEP = re.compile(r"\.([\w@$:+*%-]+)")
_POINTER = re.compile(r"\./([^\s|()}]*)")
_SIGN = re.compile(r"==|!=|<=|>=|[<>|()]")
_PLACE = re.compile(r"\[([0-9]{1,9})\]")
_QUOTE = re.compile(r"\\\"|[\"']")
_PLAIN = re.compile(r"[^\"'\\]+|.", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_DIGITS = 15
LONGEST_TAG = 2_000


class Wrong(Exception):
    """What is wrong with a template, in words, and at which character of it."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


class Word(NamedTuple):
    """``kind`` is name, text, number, sign or end. ``steps`` are the way down from a name; ``text`` is as written."""

    kind: str
    value: Any
    at: int
    steps: tuple[str, ...] = ()
    text: str = ""


def closing(source: str, begin: int) -> int:
    """Where the ``}}`` of the tag is whose inside begins at ``begin``; texts in quotes may hold one. -1: nowhere."""
    at, limit = begin, min(len(source), begin + LONGEST_TAG)
    while True:
        end, quote = source.find("}}", at, limit), _QUOTE.search(source, at, limit)
        if end < 0 or quote is None or end < quote.start():
            return end
        try:
            at = read_text(source, quote.start(), limit)[1]
        except Wrong:
            return end


def words_of(source: str, begin: int, end: int) -> list[Word]:
    """The words between two places of a template. Raises Wrong."""
    found: list[Word] = []
    at = begin
    while at < end:
        space = _SPACE.match(source, at, end)
        if space:
            at = space.end()
            continue
        word, at = _word(source, at, end)
        found.append(word)
    return [*found, Word("end", "", end)]


def _word(source: str, at: int, end: int) -> tuple[Word, int]:
    if source[at] in "\"'" or source.startswith('\\"', at):
        text, after = read_text(source, at, end)
        return Word("text", text, at, text=source[at:after]), after
    number = _NUMBER.match(source, at, end)
    if number:
        return Word("number", _numeral(number[0], at), at, text=number[0]), number.end()
    sign = _SIGN.match(source, at, end)
    if sign:
        return Word("sign", sign[0], at, text=sign[0]), sign.end()
    name = _NAME.match(source, at, end)
    if name is None:
        raise Wrong(said("“%(sign)s” cannot stand here. Texts go in quotes.", sign=source[at]), at)
    steps, after = _steps(source, name.end(), end)
    return Word("name", name[0], at, steps, source[at:after]), after


def _numeral(text: str, at: int) -> int | float:
    if len(text) > _DIGITS + 1:
        raise Wrong(said("Numbers have up to %(n)s digits here.", n=_DIGITS), at)
    return float(text) if "." in text else int(text)


def _steps(source: str, at: int, end: int) -> tuple[tuple[str, ...], int]:
    """The steps behind a name: ``.items``, ``.0``, ``["odd key"]``, ``[0]``, ``./json/pointer`` (RFC 6901)."""
    steps: list[str] = []
    while at < end:
        pointer = _POINTER.match(source, at, end)
        if pointer:
            parts = pointer[1].split("/") if pointer[1] else []
            return (*steps, *(part.replace("~1", "/").replace("~0", "~") for part in parts)), pointer.end()
        step = _STEP.match(source, at, end)
        if step:
            steps.append(step[1])
            at = step.end()
        elif source[at] == "[":
            key, at = _bracket(source, at, end)
            steps.append(key)
        else:
            break
    return tuple(steps), at


def _bracket(source: str, at: int, end: int) -> tuple[str, int]:
    number = _PLACE.match(source, at, end)
    if number:
        return number[1], number.end()
    if source[at + 1 : at + 2] in ('"', "'", "\\"):
        key, after = read_text(source, at + 1, end)
        if source[after : after + 1] == "]":
            return key, after + 1
    raise Wrong(said('In brackets stands a number or a text in quotes, as in body["first name"].'), at)


def read_text(source: str, at: int, end: int) -> tuple[str, int]:
    """A text in quotes and where it ends: "…", '…', or \\"…\\" as quotes stand inside a JSON text. Raises Wrong."""
    mark = '\\"' if source.startswith('\\"', at) else source[at]
    begin = at
    at += len(mark)
    parts: list[str] = []
    while at < end:
        if source.startswith(mark, at):
            return "".join(parts), at + len(mark)
        if source[at] == "\\":
            parts.append(_ESCAPES.get(source[at + 1 : at + 2], source[at + 1 : at + 2]))
            at += 2
        else:
            after = _PLAIN.match(source, at, end)
            assert after is not None
            parts.append(after[0])
            at = after.end()
    raise Wrong(said("This text is not closed: its second quotation mark is missing."), begin)
