"""A sentence that asks for one thing after another, in its parts."""

from __future__ import annotations

import re
from dataclasses import replace

from actionstudio.core.scripted.denying import wanted
from actionstudio.core.scripted.said import Sentence

_THEN = re.compile(
    r"[,;.，。；]?(?:(?<!\s)\s++)?(?:\b(?:and then|then|and after that|after that|afterwards)\b"
    r"|\b(?:et puis|puis|et ensuite|ensuite|et après)\b"
    r"|然后|接着|随后|再把|그리고 나서|그런 다음|그 다음에?|그다음에?)\s*,?\s*",
    re.I,
)
MOST = 4


def parts(sentence: Sentence) -> list[Sentence]:
    """What is to be done one after the other; the sentence itself when it is one thing. What is
    not to be done is left out."""
    if '"' in sentence.text or "“" in sentence.text or "«" in sentence.text:
        return [sentence]  # what is quoted may hold any word
    pieces = [piece.strip() for piece in _THEN.split(sentence.text) if piece and piece.strip(" .!?。！？")]
    if len(pieces) < 2 or min(len(piece) for piece in pieces) < 4:
        return [sentence]
    found = [replace(sentence, text=piece, reader=sentence.language) for piece in pieces[:MOST]]
    return [one for one in found if wanted(one) is not None] or found[:1]
