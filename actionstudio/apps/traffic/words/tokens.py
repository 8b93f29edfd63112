"""Cuts text into words the same way for the index, for what is asked, and for deciding on a row.

A word is a run of letters and digits of any script, small letters, compatibility forms composed (Unicode NFKC). Chinese
and Japanese write no spaces: each of their characters is a word, and a phrase of them finds what was written together.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 64  # characters of a word that count: longer ones are keys, hashes and pictures
_SINGLE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"  # kana and Han characters
_ASCII = re.compile(r"[a-z0-9]+")
_ANY = re.compile(rf"[{_SINGLE}]|[^\W_{_SINGLE}]+")


def tokens(text: str) -> list[str]:
    """The words of a text, in order."""
    if text.isascii():
        found = _ASCII.findall(text.lower())
    else:
        found = _ANY.findall(unicodedata.normalize("NFKC", text.casefold()).casefold())
    return [word[:LONGEST] for word in found] if any(len(word) > LONGEST for word in found) else found
