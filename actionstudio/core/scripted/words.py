"""A sentence as tokens that can be compared across languages: stems, concepts, and pairs of characters.

Chinese and Korean are cut by the longest entry of the dictionary; what it lacks becomes pairs of characters, so that it
still meets the same text in a description. Each token knows where it stood, for what is to be found around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from actionstudio.core.scripted.lexicon import LONGEST, key_of, lexicon
from actionstudio.core.scripted.stemming import folded, pieces, stem

_TOKEN = re.compile(
    r"(?P<latin>[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f0-9]*)|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<han>[\u3400-\u9fff\uf900-\ufaff]+)|(?P<hangul>(?:할 (?=일))?[\uac00-\ud7af]+)"
)
_SOFT = 1  # a lone character of Chinese that meets a lone unknown one is part of a name


@dataclass(frozen=True, slots=True)
class Token:
    """``kind``: known (the dictionary has it), unknown, number, stop. ``terms`` are what it is compared by, the nearest
    first; ``concepts`` those of the dictionary. ``start`` and ``end`` are its place in the text."""

    text: str
    start: int
    end: int
    kind: str
    terms: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()

    @property
    def meanings(self) -> frozenset[str]:
        """All that it may be met by: its terms, and its concepts as "=concept"."""
        return _meanings(self.terms, self.concepts) if self.kind != "number" else frozenset()

    @property
    def says(self) -> bool:
        """Whether it tells something of what is wanted."""
        return self.kind in ("known", "unknown")


@lru_cache(maxsize=20_000)
def _meanings(own: tuple[str, ...], concepts: tuple[str, ...]) -> frozenset[str]:
    return frozenset((*own, *(f"={one}" for one in concepts)))


def tokens(text: str) -> list[Token]:
    """The tokens of a sentence in any mixture of the four languages."""
    found: list[Token] = []
    latin: list[Token] = []
    for match in _TOKEN.finditer(text):
        if match["latin"]:
            if latin and text[latin[-1].end : match.start()].strip(" -_'’"):
                found += _phrases(latin)
                latin = []
            latin.append(Token(match[0], match.start(), match.end(), "latin"))
            continue
        found += _phrases(latin)
        latin = []
        if match["number"]:
            number = Token(match[0], match.start(), match.end(), "number", (match[0],))
            named = _numbered(found[-1], number, text) if found else None
            found[-1 if named else len(found) :] = [named or number]
        elif match["han"]:
            found += _han(match[0], match.start())
        else:
            found += _hangul(match[0], match.start())
    return [*found, *_phrases(latin)]


def terms(text: str) -> list[str]:
    """What a name or description is found by: every term of its tokens, stops left out."""
    found = []
    for token in tokens(" ".join(pieces(text)) if text.isascii() and " " not in text else text):
        if token.says:
            found += [*token.terms, *(f"={concept}" for concept in token.concepts)]
    return found


def _phrases(words: list[Token]) -> Iterator[Token]:
    """The dictionary's phrases among Latin words, the longest first; the rest one by one."""
    known = lexicon()
    stems = [stem(word.text) for word in words]
    keys = key_of([word.text for word in words])
    at = 0
    while at < len(words):
        for size in range(min(3, len(words) - at), 0, -1):
            concepts = known.phrases.get(keys[at : at + size])
            if concepts and (size > 1 or folded(words[at].text) not in known.stops or words[at].text.isupper()):
                yield _joined(words[at : at + size], stems[at : at + size], concepts)
                at += size
                break
        else:
            word = words[at]
            stopped = folded(word.text) in known.stops or len(word.text) == 1
            yield Token(word.text, word.start, word.end, "stop" if stopped else "unknown", (stems[at],))
            at += 1


def _numbered(word: Token, number: Token, text: str) -> Token | None:
    """A word and the number behind it where the dictionary has them as one: version 2, 版本2; None else."""
    if text[word.end : number.start].strip():
        return None
    phrases = lexicon().phrases
    found = next((phrases[key] for one in word.concepts if (key := key_of([one, number.text])) in phrases), None)
    if found is None:
        return None
    terms = (*word.terms, number.text)
    return Token(text[word.start : number.end], word.start, number.end, "known", terms, found)


def _joined(words: list[Token], stems: list[str], concepts: tuple[str, ...]) -> Token:
    text = " ".join(word.text for word in words)
    return Token(text, words[0].start, words[-1].end, "known", tuple(stems), concepts)


def _han(run: str, offset: int) -> list[Token]:
    """Cuts a run of Chinese characters: the longest entry first, what is between them as one unknown piece."""
    known = lexicon()
    cut: list[tuple[int, int, str]] = []  # from, to, kind
    at = 0
    while at < len(run):
        for size in range(min(LONGEST, len(run) - at), 0, -1):
            piece = run[at : at + size]
            if piece in known.places:
                cut.append((at, at + size, "name"))
            elif piece in known.han:
                cut.append((at, at + size, "known"))
            elif piece in known.han_stops:
                cut.append((at, at + size, "stop"))
            else:
                continue
            at += size
            break
        else:
            if cut and cut[-1][2] == "unknown":
                cut[-1] = (cut[-1][0], at + 1, "unknown")
            else:
                cut.append((at, at + 1, "unknown"))
            at += 1
    return [_cjk(run[a:b], offset + a, kind) for a, b, kind in _merged(cut, run)]


_NEVER = frozenset("的了吗呢吧请把是在给我你您他她和或与有对从到为查看找删改加退订买发这那哪开个不")


def _merged(cut: list[tuple[int, int, str]], run: str) -> list[tuple[int, int, str]]:
    """A lone unknown character and a lone soft one beside it are one name: 里 + 昂."""
    out: list[tuple[int, int, str]] = []
    for a, b, kind in cut:
        if out and kind == "unknown" and b - a == 1 and out[-1][2] in ("stop", "known"):
            c, d, _kind = out[-1]
            if d - c == _SOFT and run[c] not in _NEVER:
                out[-1] = (c, b, "unknown")
                continue
        out.append((a, b, kind))
    return out


def _hangul(run: str, offset: int) -> list[Token]:
    """Cuts a Korean word: the longest entries from its beginning, endings off; one that is unknown stays whole."""
    known = lexicon()
    out: list[Token] = []
    at = 0
    while at < len(run):
        rest = run[at:]
        if at and rest in known.endings:
            return out
        if rest in known.hangul_stops:
            return [*out, Token(rest, offset + at, offset + len(run), "stop")]
        size = _entry(rest)
        if not size:
            break
        kind = "name" if rest[:size] in known.places else "known"
        out.append(_cjk(rest[:size], offset + at, kind))
        at += size
    rest = run[at:]
    if not rest or (out and len(rest) <= 2):  # what is left of a known word is an ending, most likely
        return out
    bare = without_ending(rest)
    if bare in known.hangul_stops:
        return [*out, Token(bare, offset + at, offset + at + len(bare), "stop")]
    return [*out, _cjk(bare, offset + at, "unknown")]


def _entry(word: str) -> int:
    """How many characters of the beginning are an entry; a lone one counts only when an ending or nothing follows."""
    known = lexicon()
    for size in range(min(LONGEST + 2, len(word)), 0, -1):
        piece = word[:size]
        if piece not in known.hangul and piece not in known.places:
            continue
        if size > 1 or size == len(word) or word[size:] in known.endings:
            return size
    return 0


def without_ending(word: str) -> str:
    """A Korean word without the longest ending that the dictionary knows; two characters stay, if there are."""
    known = lexicon()
    least = 2 if len(word) > 2 else 1
    for at in range(least, len(word)):
        if word[at:] in known.endings:
            return word[:at]
    return word


def _cjk(text: str, start: int, kind: str) -> Token:
    known = lexicon()
    end = start + len(text)
    if kind == "stop":
        return Token(text, start, end, "stop")
    pairs = tuple(text[n : n + 2] for n in range(len(text) - 1)) or (text,)
    concepts = known.han.get(text) or known.hangul.get(text) or ()
    if kind != "known":
        return Token(text, start, end, "unknown", pairs)
    return Token(text, start, end, "known", pairs, concepts)
