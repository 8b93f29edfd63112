"""Completes what is being typed: names of terms, their values, and values from the project's own log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from actionstudio.apps.traffic.asking import splitting
from actionstudio.apps.traffic.asking.splitting import Word
from actionstudio.apps.traffic.asking.term import TERMS, Term
from actionstudio.apps.traffic.asking.terms import HELP

MOST = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``label`` replaces the text from ``start`` to ``end``; ``text`` and ``caret`` are the whole text then.

    ``help`` says what it means; ``goes_on`` that a value is to follow.
    """

    label: str
    help: str
    start: int
    end: int
    text: str
    caret: int
    goes_on: bool = False


def complete(text: str, caret: int, project: Any) -> list[Suggestion]:
    """Suggestions for the word at the caret, the likeliest first. Looks at a bounded number of rows."""
    text = splitting.clean(text)
    caret = max(0, min(caret, len(text)))
    word = _at(text, caret)
    offers = _values(word, project) if word.name else _names(word)
    made: list[Suggestion] = []
    for label, help, goes_on in offers:
        if len(made) == MOST:
            break
        label = ("-" if word.negated else "") + label
        after = text[caret:] if goes_on or text[caret : caret + 1].isspace() else " " + text[caret:]
        whole = text[: word.start] + label + after
        at = word.start + len(label) + (not goes_on)
        made.append(Suggestion(label, help, word.start, caret, whole, at, goes_on))
    return made


def _at(text: str, caret: int) -> Word:
    """The word the caret stands in or behind, up to the caret."""
    words = splitting.split(text[:caret])
    if words and words[-1].end == caret and not _closed(text[:caret], words[-1]):
        return words[-1]
    return Word(caret, caret, False, "", "", "", False)


def _closed(text: str, word: Word) -> bool:
    """Whether quotes have been closed: the next letter begins another word."""
    opened = text[word.start : word.end].count('"')
    return word.quoted and opened > 1 and text[word.end - 1] == '"'


def _names(word: Word) -> Iterator[tuple[str, str, bool]]:
    beginning = word.value.lower()
    if word.quoted:
        return
    found = [term for term in HELP if term.name.startswith(beginning)]
    for term in found:
        yield f"{term.name}{term.signs[0]}", str(term.help), True


def _values(word: Word, project: Any) -> Iterator[tuple[str, str, bool]]:
    term = TERMS.get(word.name)
    if term is None or word.sign not in term.signs:
        return
    seen = set()
    for value, help in _offered(term, word.value, project) if word.sign == term.plain else ():
        if value.casefold().startswith(word.value.casefold()) and value not in seen:
            seen.add(value)
            goes_on = bool(term.inner) and value.endswith(term.inner)
            yield f"{term.name}{word.sign}{_written(value)}", str(help), goes_on
    if not seen and not word.value:
        for one in term.typed:
            if one.startswith(f"{term.name}{word.sign}"):
                yield one, str(term.help), False


def _offered(term: Term, beginning: str, project: Any) -> Iterator[tuple[str, Any]]:
    yield from term.values
    if term.found is not None:
        yield from term.found(project, beginning)


def _written(value: str) -> str:
    """A value as it is typed: in quotes where it has spaces."""
    plain = value and not any(letter.isspace() for letter in value) and not value.startswith('"')
    return value if plain else splitting.quote(value)
