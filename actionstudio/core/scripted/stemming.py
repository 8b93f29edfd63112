"""The words of Latin scripts as stems: English and French endings off, accents off, camelCase taken apart."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PIECE = re.compile(r"[^\W\d_]+\d*|\d+")
_ENDINGS = (
    "ements", "ement", "ments", "ings", "ment", "ing", "ies", "ees", "ers", "ed", "ee", "er", "ez", "es", "ie", "e",
    "s", "x", "y",
)  # fmt: skip
SHORTEST = 3


def pieces(text: str) -> list[str]:
    """The words of a text or of a name, however it is written: camelCase, snake_case, with hyphens."""
    return _PIECE.findall(_CAMEL.sub(" ", text))


def folded(text: str) -> str:
    """Lower case, without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What is left of a word when its endings are off, at least three letters: orders, order -> ord."""
    found = folded(word).replace("œ", "oe").replace("æ", "ae")
    while True:
        ending = next((one for one in _ENDINGS if found.endswith(one) and len(found) - len(one) >= SHORTEST), "")
        if not ending:
            return found
        found = found[: -len(ending)]
        if len(found) > SHORTEST and found[-1] == found[-2]:
            found = found[:-1]
