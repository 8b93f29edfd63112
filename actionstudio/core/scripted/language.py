"""Which of the four languages a sentence is in, by its script and its small words."""

from __future__ import annotations

import re

from actionstudio.core.scripted.lexicon.fillers import ENGLISH, FRENCH

_WORD = re.compile(r"[a-z\u00e0-\u00ff]+")
LANGUAGES = ("en", "fr", "zh-hans", "ko")


def language_of(text: str, otherwise: str = "en") -> str:
    """en, fr, zh-hans or ko; ``otherwise`` where the text does not tell (a number, a name)."""
    if re.search(r"[\uac00-\ud7af]", text):
        return "ko"
    if re.search(r"[\u3400-\u9fff]", text):
        return "zh-hans"
    words = _WORD.findall(text.lower())
    french = sum(1 for word in words if word in FRENCH) + len(re.findall(r"[éèêàçùîôœ]", text.lower()))
    english = sum(1 for word in words if word in ENGLISH)
    if french == english:
        return otherwise if otherwise in LANGUAGES else "en"
    return "fr" if french > english else "en"
