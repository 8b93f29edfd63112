"""Reads what was typed: an Asked (a value that writes itself again), or Problems: which word, where, and the cure."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.asking import splitting, terms, wordy
from actionstudio.apps.traffic.asking.splitting import Word
from actionstudio.apps.traffic.asking.term import TERMS, Test, Unreadable
from actionstudio.core.problem import Problem

MOST = 30  # words in one question
QUOTED = 40  # characters of a word that are quoted back
assert terms.HELP  # the table is filled by its files


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a question. ``name`` is "" for a plain one. Two are the same when they say the same."""

    name: str
    sign: str
    value: str
    quoted: bool = False
    negated: bool = False
    test: Test = field(default=Test(), compare=False, repr=False)
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        value = splitting.quote(self.value) if self.quoted else self.value
        return f"{'-' if self.negated else ''}{self.name}{self.sign}{value}"


@dataclass(frozen=True, slots=True)
class Asked:
    """All of the parts must hold. ``str`` gives the text that reads as the same."""

    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.parts))

    def __bool__(self) -> bool:
        return bool(self.parts)

    def without(self, name: str) -> Asked:
        """The same without the terms of that name."""
        return Asked(tuple(part for part in self.parts if part.name != name))

    def values(self, name: str) -> list[str]:
        """The values that are asked for under a name, negated ones left out."""
        return [part.value for part in self.parts if part.name == name and not part.negated]

    @property
    def tests(self) -> list[Test]:
        """What must hold of a row."""
        return [part.test for part in self.parts]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A word that cannot be read: where it stands in the text, and why, with the cure."""

    start: int
    end: int
    word: str
    message: str


@dataclass(frozen=True, slots=True)
class Problems:
    """What is wrong with a text, which stays as it was typed. Never empty."""

    text: str
    wrong: tuple[Wrong, ...]

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return self.text

    def of(self, pointer: str) -> list[Problem]:
        """The same as problems of a field or a parameter."""
        return [Problem(pointer, one.message, "invalid") for one in self.wrong]


def read(text: str) -> Asked | Problems:
    """The question that a text asks. Times such as 2h count from now. Never raises."""
    text = splitting.clean(text)
    if len(text) > splitting.LONGEST:
        message = _("A question may have %(most)s characters; leave out the rest.") % {"most": splitting.LONGEST}
        return Problems(text, (Wrong(splitting.LONGEST, len(text), text[splitting.LONGEST :], message),))
    words = splitting.split(text)
    parts, wrong = [], []
    for word in words[:MOST]:
        try:
            parts.append(_part(word))
        except Unreadable as error:
            said = text[word.start : word.end]
            wrong.append(Wrong(word.start, word.end, said, _told(said, word.start, str(error))))
    for word in words[MOST : MOST + 1]:
        message = _("A question may have %(most)s words; leave out the rest.") % {"most": MOST}
        wrong.append(Wrong(word.start, len(text), text[word.start :], message))
    return Problems(text, tuple(wrong)) if wrong else Asked(tuple(parts))


def doubts(asked: Asked, project: Any) -> list[str]:
    """Names in a question that the project does not have, a sentence each. For one that found nothing."""
    said = []
    for part in asked.parts:
        lacks = TERMS[part.name].lacks if part.name and not part.negated else None
        said.append(lacks(project, part.value) if lacks else "")
    return [*dict.fromkeys(filter(None, said))]


def notes(asked: Asked) -> list[str]:
    """What of a question could be meant otherwise, a sentence each."""
    unsure = [(TERMS[part.name].unsure, part.value) for part in asked.parts if part.name]
    return [*dict.fromkeys(filter(None, (says(value) for says, value in unsure if says)))]


def _part(word: Word) -> Part:
    if word.name:
        found = TERMS.get(word.name)
        if found is None:
            raise Unreadable(_unknown(word.name, word.sign))
        if word.sign not in found.signs:
            raise Unreadable(
                _("Write it with “%(sign)s”: %(example)s.") % {"sign": found.signs[0], "example": found.typed[0]}
            )
        test = found.read(word.sign, word.value, word.quoted)
    else:
        test = _plain(word)
    test = ~test if word.negated else test
    return Part(word.name, word.sign, word.value, word.quoted, word.negated, test, word.start, word.end)


def _plain(word: Word) -> Test:
    """A word by itself is searched for; an id finds its call."""
    if not word.value.strip():
        raise Unreadable(_("There is nothing in the quotes; write what to look for."))
    if not word.quoted and (wrong := _slip(word.value)):
        raise Unreadable(wrong)
    by_id = None if word.quoted else wordy.by_id(word.value)
    return by_id or wordy.words(word.value, word.quoted)


def _slip(text: str) -> str:
    """What is meant as a term but is none, so that it would quietly look for its letters; "" when nothing is."""
    if text in ("AND", "OR", "NOT"):
        return _("All words and terms have to hold: there is no %(word)s. To look for it, put it in quotes.") % {
            "word": text
        }
    found = _NEARLY.fullmatch(text)
    if found is None or found["name"].lower() not in TERMS:
        return ""
    name, rest = found["name"].lower(), found["rest"]
    if found["minus"]:
        return _("One minus is enough: %(example)s.") % {"example": f"-{name}{rest}"}
    bound = rest.removeprefix("=")
    return _("Write it with “%(sign)s”: %(example)s.") % {"sign": ":", "example": f"{name}:{bound}"}


_NEARLY = re.compile(r"(?P<minus>-+)?(?P<name>[A-Za-z-]+?)(?P<rest>(?(minus)[:~=<>]|[=<>]).*)")


def _unknown(name: str, sign: str) -> str:
    near = difflib.get_close_matches(name, TERMS, 1, 0.6)
    if near:
        return _("There is no “%(name)s”. Did you mean %(near)s? To look for these letters, put them in quotes.") % {
            "name": name + sign,
            "near": near[0] + TERMS[near[0]].signs[0],
        }
    return _("There is no “%(name)s”. To look for these letters, put them in quotes.") % {"name": name + sign}


def _told(word: str, start: int, message: str) -> str:
    short = word if len(word) <= QUOTED else word[: QUOTED - 1] + "…"
    words = _("“%(word)s” at character %(place)s: %(message)s")
    return words % {"word": short, "place": start + 1, "message": message}
