"""Entry: what the word index keeps of a call. Question: what it can be asked. Both name facts by letter and value."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from actionstudio.apps.traffic.words import texts
from actionstudio.apps.traffic.words.phrases import Phrase

COLUMNS = ("id", "project_id", "status", "kind", "source", *texts.COLUMNS)


class Entry(NamedTuple):
    """A call's facts as words of their own (no text can hold such a word), and its texts."""

    id: int
    facts: tuple[str, ...]
    texts: texts.Texts


@dataclass(frozen=True, slots=True)
class Question:
    """All facts and all phrases must be there. What is found is looked at again on the rows."""

    facts: tuple[str, ...]
    phrases: tuple[Phrase, ...]


def entry(row: Any) -> Entry:
    """The entry of a row that has ``COLUMNS``."""
    known = [("p", row.project_id), ("s", row.status), ("c", row.status // 100), ("k", row.kind), ("r", row.source)]
    named = [("o", row.operation_id), ("u", row.user_id), ("n", row.conversation_id)]
    return Entry(row.id, tuple(fact(*one) for one in (*known, *(one for one in named if one[1]))), texts.of(row))


def question(project_id: int, facets: Iterable[tuple[str, str]], phrases: Sequence[Phrase]) -> Question:
    """The question for calls of a project with these facets and phrases."""
    facts = [fact(*one) for one in facets if one[1]]
    return Question((fact("p", project_id), *facts), tuple(phrases))


def fact(letter: str, value: object) -> str:
    """One word for a fact: an underscore, a letter, a number."""
    number = value if letter in "psc" else format(zlib.crc32(str(value).encode()), "x")
    return f"_{letter}{number}"
