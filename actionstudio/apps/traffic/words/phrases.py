"""Phrase: words in sequence that are asked for, the last one whole or, from two letters on, by its beginning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actionstudio.apps.traffic.words import texts
from actionstudio.apps.traffic.words.tokens import LONGEST, tokens

SHORTEST = 2  # letters of a beginning: a single one begins half of all words
PLACES = ("line", "request", "response")


@dataclass(frozen=True, slots=True)
class Phrase:
    """``beginning``: the last word may go on. ``places`` says where it may stand."""

    words: tuple[str, ...]
    beginning: bool = False
    places: tuple[str, ...] = PLACES

    def holds(self, row: Any) -> bool:
        """Whether the row has it in one of the places."""
        needle = f" {' '.join(self.words)}" + ("" if self.beginning else " ")
        found = texts.of(row)
        return any(needle in getattr(found, place) for place in self.places)


def phrase(text: str, whole: bool, places: tuple[str, ...] = PLACES) -> Phrase | None:
    """The phrase a text asks for; None when it holds no letter and no digit. ``whole``: of whole words only."""
    words = tuple(tokens(text))
    beginning = not whole and bool(words) and text[-1:].isalnum() and SHORTEST <= len(words[-1]) < LONGEST
    return Phrase(words, beginning, places) if words else None
