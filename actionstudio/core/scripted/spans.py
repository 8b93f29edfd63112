"""What in a sentence can be a value: quoted texts, e-mails, URLs, codes, dates, numbers, names; each with its place."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from actionstudio.core.scripted.lexicon.fillers import DAYS, HAN_DIGITS, KO_DIGITS, MONTHS, NUMBERS, ORDINALS
from actionstudio.core.scripted.stemming import folded
from actionstudio.core.scripted.words import Token

type JSON = Any


@dataclass(frozen=True, slots=True)
class Span:
    """A value of the sentence. ``kind``: quoted, email, url, path, code, date, number, ordinal, name, unknown.
    ``marks`` are hints: money, counted (three of something), numbered (no. 3), after a colon; a quoted
    text that is a code."""

    kind: str
    value: JSON
    text: str
    start: int
    end: int
    marks: frozenset[str] = frozenset()

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


_QUOTED = re.compile(
    r"\"([^\"\n]+)\"|“([^“”\n]++)”|«\s*+([^«»\n]+)»|「([^「」\n]++)」|『([^『』\n]++)』|《([^《》\n]++)》"
    r"|‘([^‘’\n]++)’"
    r"|(?<![A-Za-z0-9_\u00c0-\u024f’'])'([^'\n]+)'(?![A-Za-z0-9_\u00c0-\u024f])"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_URL = re.compile(
    r"https?://[^\s\"'<>，。、）)\u4e00-\u9fff\uac00-\ud7af]+[^\s\"'<>，。、）).,;:!?\u4e00-\u9fff\uac00-\ud7af]"
)
_UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.I | re.ASCII)
_PATH = re.compile(r"(?<![\w/:.])/[\w*{}.~-]+(?:/[\w*{}.~-]*)*", re.ASCII)
_HOST = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9-]++\.)+[a-z]{2,}(?::\d+)?(?![\w@])|(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?",
    re.I | re.ASCII,
)
_CODE = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*(?![\w-])", re.ASCII)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)")
_EAST = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号일]?")
_SLASH = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})\.?,?\s+(\d{{4}})")
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})")
_NUMBER = re.compile(
    r"(?P<before>[#$€£¥₩№]|no\.\s?|n°\s?|第)?\s?(?<![A-Za-z0-9.,-])(?P<number>-?\d+(?:[.,]\d+)*)"
    r"(?P<after>\s?(?:[$€£¥₩元圆块]|euros?\b|dollars?\b|eur\b|usd\b|won\b|유로|달러|欧元|美元|원|%)|\s?(?:个|件|条|只|本|份|名|位|场|개|건|명|마리|권)"
    r"|\s?(?:号|번째|번|st\b|nd\b|rd\b|th\b|er\b|e\b|ème\b|eme\b))?",
    re.I,
)
_ORDINAL = re.compile(
    r"第\s?([一二两三四五六七八九十\d]+)\s?[个条项件位只场]?|(?<!\d)(\d++)\s?번째|(?<!\d)(\d++)(?:st|nd|rd|th|ère|ème|eme)\b",
    re.I,
)
_CJK_COUNT = re.compile(
    r"(?<![一二两三四五六七八九十])([一二两三四五六七八九十]++)\s?(?:个|件|条|只|份|名|位|场|元|块|本|号)"
    r"|(한|두|세|네|다섯|여섯|열|하나|둘|셋|넷)\s?(?:개|건|명|마리|권)"
)
_ONE = re.compile(r"\s+ones?\b", re.I)
_SMALL_CAPS = frozenset(
    ("of", "de", "la", "le", "du", "des", "van", "von", "der", "den", "el", "al", "da", "di", "dos", "and", "et", "the")
)
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f][\w\u00c0-\u024f.'’-]*")
_UNIT = re.compile("eur|dollar|usd|won|유로|달러|欧元|美元")
_MONEY = frozenset("$€£¥₩元圆块원")


def spans(text: str, said: Sequence[Token], today: datetime.date | None = None) -> list[Span]:
    """The values of a sentence in its order; the surer kind wins where two overlap."""
    found: list[Span] = []
    for finder in _FINDERS:
        for span in finder(text, today):
            if not any(span.overlaps(one) for one in found):
                found.append(span)
    phrases = [(one.start, one.end) for one in said if one.kind == "known" and one.text[-1:].isdigit()]
    found = [one for one in found if not any(a < one.start and one.end <= b for a, b in phrases)]  # version 2
    for span in (*_names(text, said), *_unknown(said)):
        if not any(span.overlaps(one) for one in found):
            found.append(span)
    return sorted(found, key=lambda one: one.start)


def _plain(kind: str, pattern: re.Pattern[str]) -> Callable[[str, datetime.date | None], Iterator[Span]]:
    def find(text: str, today: datetime.date | None) -> Iterator[Span]:
        for match in pattern.finditer(text):
            value = next((group for group in match.groups() if group is not None), match[0])
            marks = _colon(text, match.start())
            if kind == "quoted":
                value = value.rstrip() or value
                marks |= {"code"} if _CODE.fullmatch(value) else set()
            yield Span(kind, value, match[0], match.start(), match.end(), marks)

    return find


def _dates(text: str, today: datetime.date | None) -> Iterator[Span]:
    low = folded(text) if len(folded(text)) == len(text) else text.lower()
    for pattern, order in ((_ISO, "ymd"), (_EAST, "ymd"), (_SLASH, "dmy"), (_DAY_FIRST, "dby"), (_MONTH_FIRST, "bdy")):
        for match in pattern.finditer(text if pattern in (_ISO, _EAST, _SLASH) else low):
            made = _date(dict(zip(order, match.groups(), strict=True)))
            if made:
                whole = match[0] if "T" in match[0] else made
                yield Span("date", whole, text[match.start() : match.end()], match.start(), match.end())
    for word, days in DAYS.items() if today is not None else ():
        at = low.find(word)
        if at >= 0 and today is not None:
            yield Span("date", (today + datetime.timedelta(days)).isoformat(), word, at, at + len(word))


def _date(parts: dict[str, str]) -> str:
    month = MONTHS[parts["b"]] if "b" in parts else int(parts["m"])
    day = int(parts["d"])
    if "b" not in parts and month > 12 >= day:
        month, day = day, month
    try:
        return datetime.date(int(parts["y"]), month, day).isoformat()
    except ValueError:
        return ""


def _ordinals(text: str, today: datetime.date | None) -> Iterator[Span]:
    for match in _ORDINAL.finditer(text):
        digits = next(group for group in match.groups() if group is not None)
        yield Span("ordinal", _small(digits), match[0], match.start(), match.end())
    for match in re.finditer(
        r"(첫|두|세|네|다섯|여섯|일곱|여덟|아홉|열)\s?번째|마지막|(最后)(?:一[个条项件位只场本])?", text
    ):
        yield Span("ordinal", ORDINALS[match[1] or match[2] or match[0]], match[0], match.start(), match.end())
    for match in _WORD.finditer(text):
        number = ORDINALS.get(folded(match[0]))
        if number is not None:
            one = _ONE.match(text, match.end())  # "the second one" counts nothing
            end = one.end() if one else match.end()
            yield Span("ordinal", number, text[match.start() : end], match.start(), end)


def _numbers(text: str, today: datetime.date | None) -> Iterator[Span]:
    for match in _NUMBER.finditer(text):
        around = f"{match['before'] or ''} {match['after'] or ''}".strip().lower()
        marks = set(_colon(text, match.start("number")))
        if _MONEY & set(around) or _UNIT.search(around):
            marks.add("money")
        elif any(one in around for one in ("#", "no.", "n°", "№", "号", "번")):
            marks.add("numbered")
        elif around:
            marks.add("counted")
        yield Span("number", _figure(match["number"]), match[0].strip(), *match.span("number"), frozenset(marks))
    for match in _CJK_COUNT.finditer(text):
        word = match[1] or match[2]
        value = _small(word) if match[1] else KO_DIGITS[word]
        mark = "numbered" if match[0].endswith("号") else "counted"
        yield Span("number", value, match[0], match.start(), match.end(), frozenset({mark}))
    for match in _WORD.finditer(text):
        number = NUMBERS.get(folded(match[0]))
        if number is not None:
            yield Span("number", number, match[0], match.start(), match.end(), frozenset({"word"}))


def _small(digits: str) -> int:
    """A number below a hundred in Chinese or Arabic digits."""
    if digits.isdigit():
        return int(digits)
    tens, ten, ones = digits.partition("十")
    if not ten:
        return HAN_DIGITS.get(digits[-1], 0)
    return HAN_DIGITS.get(tens, 1) * 10 + HAN_DIGITS.get(ones, 0)


def _figure(text: str) -> int | float:
    """12, 1,200, 12.50, 12,50 and 1.234,50 as numbers: a comma before three digits parts thousands, and of two signs
    the last one is the decimal's."""
    if re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+,\d{1,2}", text):
        return float(text.replace(".", "").replace(",", "."))
    plain = re.sub(r"[,](?=\d{3}(?:\D|$))", "", text) if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", text) else text
    plain = plain.replace(",", ".")
    if plain.count(".") > 1:
        plain = plain.replace(".", "")
    return float(plain) if "." in plain else int(plain[:18])


_FINDERS: tuple[Callable[[str, datetime.date | None], Iterator[Span]], ...] = (
    _plain("quoted", _QUOTED),
    _plain("email", _EMAIL),
    _plain("url", _URL),
    _plain("code", _UUID),
    _dates,
    _ordinals,
    _plain("path", _PATH),
    _plain("host", _HOST),
    _plain("code", _CODE),
    _numbers,
)


def _colon(text: str, start: int) -> frozenset[str]:
    return frozenset({"colon"}) if text[:start].rstrip().endswith((":", "：", "=")) else frozenset()


def _names(text: str, said: Sequence[Token]) -> Iterator[Span]:
    """Runs of capitalised words; the first word of a sentence only when the dictionary does not know it."""
    known = {token.start for token in said if token.kind in ("known", "stop") and not token.text[:1].isupper()}
    familiar = {token.start for token in said if token.kind in ("known", "stop")}
    run: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        first = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".:!?。：！？"
        capital = (
            match[0][0].isupper()
            and match[0][:2] not in ("I", "I'", "I’")
            and not (first and match.start() in familiar)
        )
        gap = text[run[-1].end() : match.start()] if run else ""
        joins = bool(run) and (gap == " " or gap == ", ")
        if (capital and match.start() not in known and (not run or joins)) or (
            joins and gap == " " and match[0].lower() in _SMALL_CAPS and _followed(text, match.end())
        ):
            run.append(match)
        else:
            yield from _name(text, run)
            run = [match] if capital else []
    yield from _name(text, run)


def _followed(text: str, at: int) -> bool:
    """Whether a capitalised word comes next: "Rio de Janeiro"."""
    rest = text[at : at + 2]
    return len(rest) == 2 and rest[0] == " " and rest[1].isupper()


def _name(text: str, run: list[re.Match[str]]) -> Iterator[Span]:
    if run:
        start, end = run[0].start(), run[-1].end()
        value = re.sub(r"['’]s?$", "", text[start:end]).rstrip(".'’-")
        value = re.sub(r"^[LlDd]['’](?=\w)", "", value)
        start = text.index(value, start)
        yield Span("name", value, value, start, start + len(value), _colon(text, start))


def _unknown(said: Sequence[Token]) -> Iterator[Span]:
    """What the dictionary does not know: likely a name where no capitals tell."""
    for token in said:
        if token.kind == "unknown":
            yield Span("unknown", token.text, token.text, token.start, token.end)
