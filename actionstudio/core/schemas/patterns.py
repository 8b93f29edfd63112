"""A regular expression becomes texts that match it: ECMA-262 patterns as JSON Schema uses them, by Python's parser."""

from __future__ import annotations

import re
import string
import warnings
from collections.abc import Callable, Sequence
from random import Random
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

type Grow = Callable[[Random, int], str]

LETTERS = string.ascii_lowercase
_PRINTABLE = string.ascii_letters + string.digits + " !#$%&'()*+,-./:;<=>?@[]^_`{|}~\"\\"
_CATEGORIES = {
    op.CATEGORY_DIGIT: string.digits,
    op.CATEGORY_WORD: string.ascii_letters + string.digits + "_",
    op.CATEGORY_SPACE: " \t\n",
}
_OPPOSITE = {
    op.CATEGORY_NOT_DIGIT: op.CATEGORY_DIGIT,
    op.CATEGORY_NOT_WORD: op.CATEGORY_WORD,
    op.CATEGORY_NOT_SPACE: op.CATEGORY_SPACE,
}
_CLASSES = {
    "L": "A-Za-zÀ-ÖØ-öø-ÿ",
    "Letter": "A-Za-zÀ-ÖØ-öø-ÿ",
    "Alphabetic": "A-Za-z",
    "Lu": "A-Z",
    "Uppercase_Letter": "A-Z",
    "Ll": "a-z",
    "Lowercase_Letter": "a-z",
    "N": "0-9",
    "Nd": "0-9",
    "Number": "0-9",
    "digit": "0-9",
    "P": "!-/:-@",
    "Punctuation": "!-/:-@",
    "S": "$+<=>^`|~",
    "Z": " ",
    "Zs": " ",
    "Script=Latin": "A-Za-z",
    "Cyrillic": "а-я",
    "Script=Cyrillic": "а-я",
    "Han": "一-十",
    "Script=Han": "一-十",
    "Greek": "α-ω",
    "Script=Greek": "α-ω",
}
_ESCAPES = re.compile(
    r"\\(?:p\{([^}]*)\}|P\{[^}]*\}|u\{([0-9a-fA-F]+)\}|c([A-Za-z])|(/)|([\s\S]))|(\[)|(\])|(\(\?<(?![=!]))"
)
_TRIES = 80
_SURROGATES = range(0xD800, 0xE000)  # halves of a character in UTF-16, as patterns for JavaScript have them
_BEYOND = "\U0001f600"  # what two of them make


def python_pattern(pattern: str) -> str:
    """An ECMA-262 pattern in Python's words: classes by Unicode property, named groups, code points, escapes."""
    inside = False

    def word(found: re.Match[str]) -> str:
        nonlocal inside
        prop, point, control, slash, _, opening, closing, named = found.groups()
        if prop is not None:
            inner = _CLASSES.get(prop.removeprefix("General_Category=").removeprefix("gc="), "A-Za-z")
            return inner if inside else f"[{inner}]"
        if found.group().startswith("\\P{"):
            return "-_" if inside else "[-_]"
        if point:
            return re.escape(chr(int(point, 16))) if int(point, 16) < 0x110000 else ""
        if control:
            return f"\\x{ord(control) % 32:02x}"
        if opening and not inside:
            inside = True
        elif closing:
            inside = False
        elif opening:
            return "\\["
        return "/" if slash else "(?P<" if named and not inside else found.group()

    return _ESCAPES.sub(word, pattern)


def compile_pattern(pattern: str) -> Grow:
    """A function of a random source and a size (how far open-ended repeats go) that makes texts meant to match.

    Look-arounds are only hinted at: the caller checks each text and asks again. Raises ValueError for a pattern that
    cannot be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = parser.parse(python_pattern(pattern))
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from None
    grown = _Grower(tree)
    return grown.text


def matching(
    patterns: Sequence[str], ok: Callable[[str], bool], shortest: int, longest: int | None
) -> Callable[..., str]:
    """A function that makes texts for which ``ok`` holds, from the first pattern that gives one, or "" with no luck."""
    growers: list[Grow] = []
    for pattern in patterns:
        try:
            growers.append(compile_pattern(pattern))
        except ValueError:
            continue

    def text(rng: Random, size: int = 3) -> str:
        for attempt in range(_TRIES):
            for grow in growers:
                wanted = size if attempt < 4 else rng.choice((0, 1, size, 8, 20, shortest, shortest + 5))
                if longest is not None:
                    wanted = min(wanted, longest + 1)
                found = _fitted(grow(rng, wanted), shortest, longest, attempt, rng)
                if ok(found):
                    return found
        raise LookupError("no text matches " + " and ".join(patterns))

    return text


def _fitted(text: str, shortest: int, longest: int | None, attempt: int, rng: Random) -> str:
    if len(text) < shortest:
        filler = "".join(rng.choice(LETTERS) for _ in range(shortest - len(text)))
        text = filler + text if attempt % 2 else text + filler
    if longest is not None and len(text) > longest and attempt % 2:
        text = text[:longest]
    return text


class _Grower:
    """Walks a parsed pattern; one instance a pattern, its notes (groups, look-ahead pieces) fresh for each text."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree

    def text(self, rng: Random, size: int) -> str:
        growing = _Growing(rng, size)
        text = growing.sequence(self._tree)
        for piece in growing.pieces:
            if piece and piece not in text:
                at = rng.randrange(max(1, len(text) - len(piece) + 1))
                text = text[:at] + piece + text[at + len(piece) :]
        return text


class _Growing:
    def __init__(self, rng: Random, size: int) -> None:
        self.rng = rng
        self.size = size
        self.groups: dict[int, str] = {}
        self.pieces: list[str] = []
        self.left = 20_000

    def sequence(self, tree: Any) -> str:
        return "".join(self.one(kind, argument) for kind, argument in tree)

    def one(self, kind: Any, argument: Any) -> str:
        if kind is op.LITERAL:
            return _char(argument)
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            return self.repeat(*argument)
        if kind is op.IN:
            return self.choose(argument)
        if kind is op.SUBPATTERN:
            text = self.sequence(argument[3])
            if argument[0] is not None:
                self.groups[argument[0]] = text
            return text
        return self.rare(kind, argument)

    def rare(self, kind: Any, argument: Any) -> str:
        if kind is op.BRANCH:
            return self.sequence(self.rng.choice(argument[1]))
        if kind is op.ANY:
            return self.rng.choice(LETTERS)
        if kind is op.NOT_LITERAL:
            return self.rng.choice([char for char in LETTERS if ord(char) != argument])
        if kind is op.GROUPREF:
            return self.groups.get(argument, "")
        if kind is op.GROUPREF_EXISTS:
            branch = argument[1] if argument[0] in self.groups else argument[2]
            return self.sequence(branch) if branch else ""
        if kind is op.ATOMIC_GROUP:
            return self.sequence(argument)
        if kind is op.ASSERT:
            size, self.size = self.size, 0
            self.pieces.append(self.sequence(argument[1]))
            self.size = size
        return ""

    def repeat(self, least: int, most: Any, tree: Any) -> str:
        top = least + self.size if most is op.MAXREPEAT else min(int(most), least + max(self.size, 1))
        count = self.rng.randint(least, max(least, top))
        parts = []
        for _ in range(count):
            parts.append(self.sequence(tree))
            self.left -= len(parts[-1]) + 1
            if self.left < 0:
                break
        return "".join(parts)

    def choose(self, members: Any) -> str:
        negated = members[0][0] is op.NEGATE
        if negated:
            allowed = [char for char in _PRINTABLE if not _is_in(char, members[1:])]
            pleasant = [char for char in allowed if char.isalnum()]
            if not allowed:
                allowed = [chr(code) for code in range(0x3B1, 0x2000) if not _is_in(chr(code), members[1:])][:50]
            return self.rng.choice(pleasant or allowed or ["?"])
        kind, argument = self.rng.choice(members)
        if kind is op.LITERAL:
            return _char(argument)
        if kind is op.RANGE:
            return _char(self.rng.randint(*argument))
        if argument in _OPPOSITE:
            others = _CATEGORIES[_OPPOSITE[argument]]
            return self.rng.choice([char for char in _PRINTABLE if char not in others])
        return self.rng.choice(_CATEGORIES.get(argument, LETTERS).strip("\t\n") or " ")


def _char(code: int) -> str:
    """The character of a code point; no text can hold one half of a surrogate pair."""
    return _BEYOND if code in _SURROGATES else chr(code)


def _is_in(char: str, members: Any) -> bool:
    code = ord(char)
    for kind, argument in members:
        if kind is op.LITERAL and code == argument:
            return True
        if kind is op.RANGE and argument[0] <= code <= argument[1]:
            return True
        if kind is op.CATEGORY:
            if argument in _CATEGORIES and char in _CATEGORIES[argument]:
                return True
            if argument in _OPPOSITE and char not in _CATEGORIES[_OPPOSITE[argument]]:
                return True
    return False
