"""What a sentence says is not to be done, taken out of it: "don't delete anything, just show the list of ann".

A sentence is looked at clause by clause. A clause whose first deed is denied goes, and with it what only goes on with
it ("…, not even the first"). What is quoted, and what stands behind a colon, is a value, whatever it denies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from actionstudio.core.scripted.choosing import asks
from actionstudio.core.scripted.clauses import COLON, SAYING
from actionstudio.core.scripted.lexicon import lexicon
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.words import Token

_ANY = re.compile(
    r"not\b|n['’]t\b|dont|never|without|instead|rather|avoid|stop|no need|\bne\b|n['’]"
    r"|\b(?:pas|rien|jamais|sans)\b|inutile"
    r"|au lieu|plutôt|évite|[不别勿]|无需|禁止|지|없|면 안",
    re.I,
)
_MIND = re.compile(
    r"\b(?:please )?(?:do not|don['’]?t|never) (?:forget|hesitate) to\s+|[,;]? ?\b(?:do not|don['’]?t) forget[.!]*$"
    r"|\bn['’](?:oublie[zs]?|hésite[zs]?) (?:surtout )?pas (?:de\s+|d['’]|à\s+)|[,;]? ?\bn['’]oublie[zs]? pas[.!]*$"
    r"|(?:别|不要)忘(?:了|记)|잊지\s?(?:말고|마시고|마세요|마)\s*",
    re.I,
)
_START = re.compile(
    r"(?:(?:please|just|but|and|so|ok|okay|now|you|also|really|kindly|whatever you do"
    r"|mais|et|surtout|alors|bon|svp|tu|vous|il|on|s['’]il (?:te|vous) pla[iî]t)\b[\s,]*)*"
    r"(?:(?:do not|don['’]?t|never|not|without|instead of|rather than|avoid|stop|no need to)\b"
    r"|(?:must|should|shall|may|need)(?: not|n['’]t)\b|i['’]d rather not\b"
    r"|(?:can|could|would|will) you (?:please )?not\b"
    r"|(?:i|we) (?:do not|don['’]?t) (?:want|need|wish|like)\b|pas besoin\b|pas (?=de |du |des |la |le |les |l['’])"
    r"|surtout pas\b|inutile d|jamais\b|sans\b|au lieu d|plutôt que\b|évite[zr]?\b|ne\b|n['’](?!importe)"
    r"|je (?:ne |n['’])(?:veu|voud|souhait|désir|ai pas besoin))",
    re.I,
)
_PASSIVE = re.compile(r"(?:\b(?:must|should|may|shall)(?: not|n['’]t)(?: be)?|\b(?:doit|faut|peut) pas)\s+$", re.I)
_PAS = re.compile(r"(?:[- ](?:moi|lui|le|la|les))?\s+(?:pas|rien|jamais)\b", re.I)
_HAN = re.compile(
    r"(?<![要能可会])不(?:要|用|必|需要|许|准|想|得|应该?|再)|(?<!特)别(?![的人处名])|勿|无需|禁止|而不是|不是|(?<![要能可会])不$"
)
_HAN_START = re.compile(r"(?:请|也|但|并|而)?(?:不要|别(?![的人处名])|请勿|不是|而不是)")
_BOUNDARY = re.compile(
    r"[,;!?，。；！？\n]+(?!\d)|\.(?=\s|$)|(?=\s(?:without|instead of|rather than|sans|au lieu d|plutôt que)\b)"
    r"|(?=而不是)|\s(?=(?:but|and|mais|et)\s+(?:do not|don['’]?t|never|not|ne|n['’]|surtout|pas)\b)"
    r"|\s(?=(?:but|mais)\s)"
    r"|\s(?=and (?:just |only |please )?(?:show|list|tell|get|give)\b|et (?:montre|affiche|liste|donne|dis))",
    re.I,
)
_ENDS = ".!?。！？\n"
_OR = re.compile(r"\b(?:or|nor|ou|ni)\b|[或也]", re.I)
_LEAD = re.compile(
    r"^[\s,;，；.。]*(?:(?:but|and|just|only|instead|rather|so|mais|et|plutôt|seulement)\b[\s,]*|[但只就])*", re.I
)
_WISH = re.compile(
    r"(?:please |just |only |but |and |instead |rather )*(?:i(?:['’]d like| want| need)|je (?:veux|voudrais))\b", re.I
)
_HANGUL = re.compile(
    r"지(?:는|도)?\s?(?:마(?![가-힣]*침)|말|않(?![은는다을]))|면 안 (?:돼|되|됩)"
    r"|(?:할|하실|될|울) 필요(?:가|는|도)? ?없"
)
_CLOSES = re.compile(r"(?:[.!?,]|[가-힣]고(?= ))\s*")
_STAYS = ("에", "에서", "에게", "한테", "의", "께")


def wanted(sentence: Sentence) -> Sentence | None:
    """A sentence without what it says is not to be done, itself where it denies nothing; None where nothing is left."""
    if not _ANY.search(sentence.text):
        return sentence
    text = _reminded(sentence)
    sentence = replace(sentence, text=text, reader=sentence.language) if text != sentence.text else sentence
    if sentence.language == "ko":
        rest = _korean(sentence)
    else:
        rest = _clauses(sentence)
    if rest == sentence.text:
        return sentence
    rest = _LEAD.sub("", rest.strip())
    left = replace(sentence, text=rest, reader=sentence.language)
    return left if any(token.says for token in left.tokens) or left.spans else None


def _reminded(sentence: Sentence) -> str:
    """The text without "don't forget to", which denies nothing."""
    text, values = sentence.text, _values(sentence)
    found = [match for match in _MIND.finditer(text) if not _within(match.start(), values)]
    for match in reversed(found):
        text = text[: match.start()] + text[match.end() :]
    return text if text.strip() else sentence.text


def _values(sentence: Sentence) -> list[tuple[int, int]]:
    """The places that belong to values: what is quoted, and what stands behind a colon or "saying"."""
    starts = [match.end() for one in (COLON, SAYING) if (match := one.search(sentence.text))]
    quoted = [(span.start, span.end) for span in sentence.spans if span.kind == "quoted"]
    return [*quoted, *((start, len(sentence.text)) for start in starts)]


def _within(at: int, places: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in places)


def _clauses(sentence: Sentence) -> str:
    text, fresh = sentence.text, True
    kept: list[tuple[int, int]] = []
    denied: list[tuple[int, int]] = []
    pieces, values = list(_pieces(sentence)), _values(sentence)
    series = _series(sentence, pieces)
    for n, (start, end) in enumerate(pieces):
        inside = sentence.tokens[sentence.index(start) : sentence.index(end)]
        if _denies(text[start:end], inside, sentence, values) or (denied and not fresh and n <= series):
            gone = True
        else:
            gone = bool(denied) and not fresh and not _begins(text[start:end], inside, sentence)
        (denied if gone else kept).append((start, end))
        fresh = not gone or text[end - 1 : end] in _ENDS
    if not denied:
        return text
    rest = "".join(text[start:end] for start, end in kept).strip()
    left = [one for one in sentence.tokens if any(start <= one.start < end for start, end in kept)]
    bare = bool(rest) and not any(one.says and not _deed(one) for one in left)
    bare = bare and not any(start <= span.start < end for span in sentence.spans for start, end in kept)
    return f"{rest.rstrip(_ENDS)} {_object(sentence, denied[0])}" if bare else rest


def _pieces(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """From where to where the clauses of a sentence go."""
    start, values = 0, _values(sentence)
    for match in _BOUNDARY.finditer(sentence.text):
        if match.end() > start and not _within(match.start(), values):
            yield start, match.end()
            start = match.end()
    if start < len(sentence.text):
        yield start, len(sentence.text)


def _series(sentence: Sentence, pieces: list[tuple[int, int]]) -> int:
    """The last clause that an "or" joins to those before: "don't add, change or delete anything"; -1 for none."""
    return max((n for n, (start, end) in enumerate(pieces) if n and _OR.search(sentence.text, start, end)), default=-1)


def _deed(token: Token) -> bool:
    kinds = lexicon().kinds
    return any(kinds[one] in "rcudx" for one in token.concepts)


def _denies(text: str, inside: list[Token], sentence: Sentence, values: list[tuple[int, int]]) -> bool:
    """Whether a clause says that something is not to be done."""
    first = next((one for one in inside if _deed(one)), None)
    if sentence.language == "zh-hans":
        lead = sentence.text[inside[0].start : first.start] if first else ""
        return _HAN_START.match(text.strip()) is not None or _HAN.search(lead) is not None
    if _START.match(text.strip()):
        return True
    if first is None or _within(first.start, values):
        return False
    begins = first is next((one for one in inside if one.says), None)
    return _PASSIVE.search(sentence.text[: first.start]) is not None or (
        begins and _PAS.match(sentence.text, first.end) is not None
    )


def _begins(text: str, inside: list[Token], sentence: Sentence) -> bool:
    """Whether a clause after one that is denied says something of its own."""
    if sentence.language == "zh-hans":
        return any(_deed(one) for one in inside)
    first = next((one for one in inside if one.says), None)
    bare = _LEAD.sub("", text)
    return (first is not None and _deed(first)) or _WISH.match(text.strip()) is not None or asks(bare.rstrip("?"))


def _object(sentence: Sentence, place: tuple[int, int]) -> str:
    """What a denied clause speaks of, for "… show it instead"."""
    inside = [one for one in sentence.tokens if place[0] <= one.start < place[1]]
    first = next((one for one in inside if _deed(one)), None)
    if first is None:
        return ""
    behind = re.sub(r"^\s*(?:pas|rien|jamais)\b", "", sentence.text[first.end : place[1]], flags=re.I)
    found = behind if re.search(r"\w", behind) else _HAN.sub(" ", sentence.text[place[0] : first.start])
    return found.strip(" ,;.!，。；！把")


def _korean(sentence: Sentence) -> str:
    """Verbs stand last: what is denied ends with 지 마 or goes on with 지 말고."""
    text, values = sentence.text, _values(sentence)
    match = next((one for one in _HANGUL.finditer(text) if not _within(one.start(), values)), None)
    if match is None:
        return text
    start = text.rfind(" ", 0, match.start()) + 1
    end = next((n for n in range(match.end(), len(text)) if text[n] in " .,!?"), len(text))
    closed = [one.end() for one in _CLOSES.finditer(text, 0, start)]
    before = closed[-1] if closed else 0
    behind = [one for one in sentence.tokens if one.start >= end]
    if not any(_deed(one) for one in behind):
        return text[:before]
    if any(one.says and not _deed(one) for one in behind) or any(one.start >= end for one in sentence.spans):
        words = text[before:start].split()
        while words and not words[-1].endswith(_STAYS):
            words.pop()
        return " ".join((text[:before].strip(), *words, text[end:].strip(" ,.")))
    return text[:start] + text[end:].strip(" ,.")
