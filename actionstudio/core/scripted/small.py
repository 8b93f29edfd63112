"""What small words mean in four languages: yes, no, not, any, hello, thanks."""

from __future__ import annotations

import re
from functools import cache

from actionstudio.core.scripted.lexicon import fillers
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.stemming import folded


@cache
def words(table: str) -> tuple[str, ...]:
    """The words of a table of ``fillers``, phrases with spaces, the longest first."""
    found = [word.replace("_", " ") for word in table.replace("|", " ").split()]
    return tuple(sorted(found, key=len, reverse=True))


def says(text: str, table: str) -> bool:
    """Whether a text begins with one of these words, and says little else."""
    plain = folded_keep(text).strip(" .!?,。！？，~")
    return any(
        plain == word or (plain.startswith(word) and len(plain) <= len(word) + 12 and _ends(plain, word))
        for word in words(table)
    )


def has(text: str, table: str) -> bool:
    """Whether one of these words stands anywhere in a text."""
    plain = folded_keep(text)
    for word in words(table):
        if word.isascii():
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain):
                return True
        elif word in plain:
            return True
    return False


def negated(sentence: Sentence, n: int) -> bool:
    """Whether token ``n`` is denied: a "not", "sans", 不 shortly before it, or a Korean 지 말/않 after it."""
    token = sentence.tokens[n]
    before = sentence.text[max(0, token.start - 14) : token.start]
    after = sentence.text[token.end : token.end + 10]
    return has(before, fillers.NEGATION) or bool(
        re.search(r"지\s?(?:마|말|않)|없이|\bpas\b|: ?(?:no|false|non|否)", after)
    )


def folded_keep(text: str) -> str:
    """Lower case; accents off where letters are Latin, Korean syllables whole."""
    return text.lower() if not text.isascii() and re.search(r"[\uac00-\ud7af]", text) else folded(text)


def _ends(plain: str, word: str) -> bool:
    following = plain[len(word) : len(word) + 1]
    return not (word[-1].isascii() and following.isalnum())
