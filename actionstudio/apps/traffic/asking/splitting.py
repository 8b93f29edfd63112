"""Splits what was typed into words: ``name:value``, ``name~value``, ``"quoted words"``, plain ones, with their places.

Never fails: an open quote ends with the text, and what is no term is a plain word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 1_000  # characters that a question may have
_KEPT = 4_000  # characters of a longer one that stay typed
_NAME = re.compile(r"([A-Za-z][A-Za-z-]*)([:~])")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)("|\\?$)', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')


@dataclass(frozen=True, slots=True)
class Word:
    """One word: from ``start`` to ``end``. ``name`` is "" for a plain one; ``sign`` is : or ~."""

    start: int
    end: int
    negated: bool
    name: str
    sign: str
    value: str
    quoted: bool


def split(text: str) -> list[Word]:
    """The words of a text, in order."""
    words, at = [], 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text):
            return words
        word = _word(text, at)
        words.append(word)
        at = word.end


def clean(text: str) -> str:
    """What can be kept and asked of a database: no NUL, no half of a pair, of bounded length."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:_KEPT]


def quote(value: str) -> str:
    """A value as one quoted word, as :func:`split` reads it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _word(text: str, start: int) -> Word:
    at = start
    negated = text[at] == "-" and at + 1 < len(text) and not text[at + 1].isspace()
    at += negated
    name = sign = ""
    found = _NAME.match(text, at)
    if found and not text.startswith("//", found.end()):  # an address is no term
        name, sign = found[1].lower(), found[2]
        at = found.end()
    if text.startswith('"', at):
        quoted = _QUOTED.match(text, at)
        if quoted:
            return Word(start, quoted.end(), negated, name, sign, _ESCAPE.sub(r"\1", quoted[1]), True)
    end = _end(text, at)
    return Word(start, end, negated, name, sign, text[at:end], False)


def _end(text: str, at: int) -> int:
    """Where the run of characters that are no white space ends."""
    while at < len(text) and not text[at].isspace():
        at += 1
    return at
