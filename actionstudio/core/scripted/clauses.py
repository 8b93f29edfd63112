"""The part of a sentence that is a text for a service: what stands behind a colon, or between a verb and its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actionstudio.core.scripted.lexicon import lexicon
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.spans import Span
from actionstudio.core.scripted.tool import Known, Parameter
from actionstudio.core.scripted.words import Token

COLON = re.compile(r"(?<!https)(?<!http)(?<!\d)[:：]\s*(?=\S)")
SAYING = re.compile(
    r"(?:\b(?:saying|that says|with the text|with text|titled?|called|named|about|disant|intitul[ée]e?|à propos de"
    r"|au sujet de|qui dit)|内容[是为]|说)\s+",
    re.I,
)
_PREPOSITION = re.compile(
    r"\s(?:to|in|into|on|onto|for|from|off|à|au|aux|dans|sur|pour|de|du|chez|d['’])(?:\s|(?<=['’]))", re.I
)
_LEADING = re.compile(
    r"^(?:(?:a|an|the|me|us|new|another|some|un|une|le|la|les|du|des|de|moi|nous|nouveau|nouvelle|to|that|for|one)\s+"
    r"|[ld]['’](?=\w))",
    re.I,
)
_ABOUT = re.compile(r"\s(?:for|about|on|regarding|sur|concernant|à propos de)\s+", re.I)
_END = " \t\n.!?。！？,，;；~"
_POSSESSIVE = re.compile(
    r"^(?:이?라[는고]|['’]s?\s|\s*的|의\s|[이가]\s|\s*(?:님|씨)|(?:今天|明天|现在)?(?:还|要|该|有))"
)
_FOR = re.compile(
    r"(?:\b(?:for|of|by|from|to|user|named|called|remind|has|does|must|should|de|pour|chez|à|utilisateur)\s|\bd['’]"
    r"|\bI(?: am|['’]m)\s|\bje suis\s|[给为把]|提醒|我[是叫]|저는\s?|나는\s?)\s*$",
    re.I,
)
_REMIND = re.compile(r"\b(?:remind\s+\S+\s+(?:to|that|about)|rappelle\s+à\s+\S+\s+(?:de|que))\s+", re.I)
_ABOUT_KO = re.compile(r"(?:^.*에서\s+)?(?P<what>\S.{0,80}?)\s?(?:에|와|과)?\s?(?:대해|대한|관해|관한|관련)")
_ABOUT_ZH = re.compile(r"(?:关于|有关|提到)(?P<what>.{1,80}?)(?=的[^的]{1,6}$|$)")
_MADE = re.compile(
    r"\s+(?:(?:please|me|us|a|an|the|new|another|un|une|le|la|les|du|des|nouveau|nouvelle)\s+|l['’])*"
    r"(?P<what>[^\d,;:.!?\"“«()]+?)(?<!\s)"  # so that a run of spaces is looked through once
    r"(?=\s+(?:for|at|to|in|with|costing|named|called|priced|please|into|as|à|pour|dans|avec|au|en|sur|nomm|appel|s'il|svp)|\s*+(?:[,;:.!?€$£\"“«()]|\d|$))",
    re.I,
)
_MADE_ZH = re.compile(r"(?:一?[个件只张本台把条支份部辆种])?(?P<what>[^，,。；：:！!？?\d“「（(]+)")
_MADE_KO = re.compile(r"(?<![^\s,])(?P<what>[^\s,]+(?: [^\s,\d]+)?)[을를]\s")

type Clause = tuple[str, int, int, float]


def clause(sentence: Sentence, tool: Known, question: bool = False, label: Parameter | None = None) -> Clause | None:
    """A text, from where to where, and how sure it is; None for none. ``question``: a whole question will do."""
    text = sentence.text
    colon = None if sentence.given else COLON.search(text)
    if colon:
        return _cut(text, colon.end(), len(text), 5.0)
    saying = SAYING.search(text)
    if saying and not question and label is not None and not label.names & {"=todo", "=name"}:
        return _cut(text, saying.end(), len(text), 4.0)
    reminded = _REMIND.search(text)
    if reminded:
        return _cut(text, reminded.end(), len(text), 4.0)
    verb = _verb(sentence)
    about = _about(sentence) if question and _commands(verb) else None
    if about is not None:
        return about
    if sentence.language == "ko":
        found = _korean(sentence, tool, verb) if verb else None
    elif sentence.language == "zh-hans":
        found = _chinese(sentence, tool, verb) if verb else None
    else:
        found = _latin(sentence, tool, verb) if verb and (not question or verb.start < 25) else None
    if question and (found is None or not _commands(verb)):
        return _cut(text, 0, len(text), 2.5)
    return found


def _about(sentence: Sentence) -> Clause | None:
    """What a command asks to find something about."""
    text, verb = sentence.text, _verb(sentence)
    if sentence.language == "ko" or sentence.language == "zh-hans":
        found = (_ABOUT_KO if sentence.language == "ko" else _ABOUT_ZH).search(text.rstrip(_END))
        return _cut(text, *found.span("what"), 3.0) if found else None
    latin = _ABOUT.search(text, verb.end) if verb is not None else None
    return _cut(text, latin.end(), len(text), 3.0) if latin else None


def without(sentence: Sentence, place: tuple[int, int], taken: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """A clause without what became a value of its own at its edge: "buy milk for ann" where ann is whose list it is.
    In front one is left out in Chinese alone, which needs no word between the two."""
    (start, end), text = place, sentence.text
    for a, b in taken:
        tail = _FOR.search(text[start:a]) if start < a else None
        if tail and b <= end and not text[b:end].strip(_END):
            end = start + tail.start()
        elif a == start and b < end and sentence.language == "zh-hans":
            start = b
    return start, end


def made(sentence: Sentence, tool: Known) -> Clause | None:
    """What is to be made, named by its kind alone: "add a notebook for 7.25"; None for the tool's own thing."""
    verb = _verb(sentence)
    if verb is None or "create" not in verb.concepts:
        return None
    text = sentence.text
    if sentence.language == "ko":
        found = _MADE_KO.search(text, 0, verb.start)
    else:
        found = (_MADE_ZH if sentence.language == "zh-hans" else _MADE).match(text, verb.end)
    if found is None or len(found["what"].split()) > 4:
        return None
    start, end = found.span("what")
    inside = [one for one in sentence.tokens if one.start < end and start < one.end]
    if _mentions(tool, inside) or not any(one.says for one in inside) or any("name" in one.concepts for one in inside):
        return None
    return _cut(text, start, end, 2.2)


def possessor(sentence: Sentence, span: Span) -> bool:
    """Whether something belongs to what a value names: Ann's, 安的, 앤의, for Ann, d'Ann."""
    return bool(_POSSESSIVE.match(sentence.text[span.end : span.end + 6])) or bool(_FOR.search(sentence.lead(span)))


def _cut(text: str, start: int, end: int, score: float) -> Clause | None:
    while end > start and text[end - 1] in _END:
        if text[end - 1] in "?？" and score == 2.5:
            break
        end -= 1
    while start < end and text[start] in _END:
        start += 1
    return (text[start:end].strip('"“”«» '), start, end, score) if end > start else None


def _verb(sentence: Sentence) -> Token | None:
    """The word that says what is to be done: the first in Latin scripts, the last elsewhere."""
    kinds = lexicon().kinds
    found = [token for token in sentence.tokens if any(kinds[one] in "cudxr" for one in token.concepts)]
    strong = [token for token in found if any(kinds[one] in "cux" for one in token.concepts)] or found
    if not strong:
        return None
    if sentence.language == "zh-hans":
        made = [token for token in strong if "create" in token.concepts or "find" in token.concepts]
        return (made or strong)[0]
    return strong[-1] if sentence.language == "ko" else strong[0]


def _commands(verb: Token | None) -> bool:
    return verb is not None and "find" in verb.concepts and "question" not in verb.concepts


def _mentions(tool: Known, tokens: list[Token]) -> bool:
    """Whether words speak of the tool's things, or of a list."""
    return any(
        "list" in token.concepts or any(one in tool.things for one in token.concepts) for token in tokens if token.says
    )


def _latin(sentence: Sentence, tool: Known, verb: Token | None) -> Clause | None:
    if verb is None:
        return None
    text, start, end = sentence.text, verb.end, len(sentence.text)
    spoken = max((one.start for one in sentence.tokens if _mentions(tool, [one])), default=0)
    for match in _PREPOSITION.finditer(text, start):
        if start < match.start() and match.end() <= spoken:
            end = match.start()  # the last one: "du pain à la liste" holds another
    for _ in range(6):
        lead = _LEADING.match(text[start:end].lstrip())
        gap = len(text[start:end]) - len(text[start:end].lstrip())
        first = next((one for one in sentence.tokens if one.start >= start + gap), None)
        if lead:
            start += gap + lead.end()
        elif first and first.start < end and any(one in tool.things or one == "name" for one in first.concepts):
            start = first.end
        else:
            break
    return _cut(text, start, end, 2.0)


def _chinese(sentence: Sentence, tool: Known, verb: Token | None) -> Clause | None:
    if verb is None:
        return None
    text = sentence.text
    rest = [one for one in sentence.tokens if one.start >= verb.end]
    if rest and not _mentions(tool, rest):
        return _cut(text, verb.end, len(text), 2.0)
    taken = re.search(r"[把将]", text[: verb.start])
    if taken:
        return _cut(text, taken.end(), verb.start, 2.0)
    return None


def _korean(sentence: Sentence, tool: Known, verb: Token | None) -> Clause | None:
    if verb is None:
        return None
    text, start = sentence.text, 0
    before = [one for one in sentence.tokens if one.end <= verb.start]
    places = [one for one in before if _mentions(tool, [one]) or text[one.end : one.end + 1] == "에"]
    if places:
        last = places[-1]
        following = text.find(" ", last.end)
        start = following if 0 <= following < verb.start else last.end
    if start and not text[start : verb.start].strip():  # "우유를 앤의 목록에 추가": what is added stands first
        object_ = re.search(r"[을를](?=\s)", text)
        return _cut(text, 0, object_.start(), 2.0) if object_ else None
    piece = re.sub(r"[을를이가]$|이?라고$", "", text[start : verb.start].rstrip())
    return _cut(text, start, start + len(piece), 2.0)
