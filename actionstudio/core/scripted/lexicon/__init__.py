"""A small dictionary of what people say to services, in English, French, Chinese and Korean, as concepts.

It is what lets a Korean sentence find an operation that is described in English. It holds everyday words, nothing of
any one document: a word that it lacks is compared as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from actionstudio.core.scripted.lexicon import deeds, fillers, places, things, values
from actionstudio.core.scripted.stemming import SHORTEST, folded, pieces, stem

LONGEST = 5  # characters of a Chinese or Korean entry, and words of a phrase


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``phrases``: stems of a Latin phrase -> concepts. ``han`` and ``hangul``: the text itself -> concepts. ``kinds``:
    concept -> kind, as the tables say. ``stops`` and the like are words that say nothing."""

    phrases: dict[tuple[str, ...], tuple[str, ...]]
    han: dict[str, tuple[str, ...]]
    hangul: dict[str, tuple[str, ...]]
    kinds: dict[str, str]
    stops: frozenset[str]
    han_stops: frozenset[str]
    hangul_stops: frozenset[str]
    endings: frozenset[str]
    places: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The tables, read once."""
    phrases: dict[tuple[str, ...], list[str]] = {}
    han: dict[str, list[str]] = {}
    hangul: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for table in (deeds.TABLE, things.TABLE, values.TABLE):
        for line in table.strip().splitlines():
            head, _, rest = line.partition(":")
            concept, kind = head.split()
            kinds.setdefault(concept, kind)
            english, french, chinese, korean = rest.split("|")
            for word in f"{concept} {english} {french}".split():
                _add(phrases, key_of(pieces(word.replace("_", " "))), concept)
            for word in chinese.split():
                _add(han, word, concept)
            for word in korean.split():
                _add(hangul, word.replace("_", " "), concept)
    return Lexicon(
        {key: tuple(found) for key, found in phrases.items()},
        {key: tuple(found) for key, found in han.items()},
        {key: tuple(found) for key, found in hangul.items()},
        kinds,
        frozenset(fillers.STOPS.split()),
        frozenset(fillers.CJK_STOPS.split()) | frozenset(fillers.DAYS),
        frozenset(fillers.KO_STOPS.split()),
        frozenset(fillers.KO_ENDS.split()),
        frozenset(places.HAN.split()) | frozenset(places.HANGUL.split()),
    )


def key_of(words: list[str]) -> tuple[str, ...]:
    """What a phrase is found by: its stems; a short word keeps its ending, or Ann would be a year."""
    return tuple(short if len(short := stem(word)) > SHORTEST else _single(word) for word in words)


def _single(word: str) -> str:
    plain = folded(word)
    return plain[:-1] if len(plain) > SHORTEST and plain.endswith("s") and not plain.endswith("ss") else plain


def _add[Key](table: dict[Key, list[str]], key: Key, concept: str) -> None:
    found = table.setdefault(key, [])
    if concept not in found:
        found.append(concept)
