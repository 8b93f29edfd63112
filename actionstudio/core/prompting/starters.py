"""The first cases of a suite, made of what the tools say: a sentence for each operation, one for each enum value, and
some that should call nothing. They are a beginning: real users put it otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actionstudio.core.prompting import asking
from actionstudio.core.prompting.case import Case, Turn, Wanted
from actionstudio.core.prompting.fields import Sheet
from actionstudio.core.prompting.hints import words_of
from actionstudio.core.prompting.matching import Matcher
from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.validate import SchemaError

type JSON = Any

VALUES = 3  # cases of one argument's enum
ARGUMENTS = 4  # that one sentence names
MOST = 120
_LIKE = 0.34  # part of a starter's words that an operation must have
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s*|\n")
_FRENCH = frozenset(["le", "la", "les", "des", "une", "du", "et", "pour", "dans"])
_ENGLISH = frozenset(["the", "of", "a", "an", "to", "and", "for", "with", "by", "its"])
_COMMON = 0.12  # the part of a text's words that tells its language
LANGUAGES = {"en": "en", "fr": "fr", "ja": "ja", "ko": "ko", "zh": "zh-Hans"}  # by the first part of their tags
_SCRIPTS = (("ko", "\uac00-\ud7af"), ("ja", "\u3040-\u30ff"), ("zh-Hans", "\u4e00-\u9fff"))
NOTHING: Mapping[str, tuple[str, ...]] = {
    "en": ("Thank you, that is all.", "Tell me a joke about cats.", "What is 17 times 23?"),
    "fr": ("Merci, c'est tout.", "Raconte-moi une blague sur les chats.", "Combien font 17 fois 23 ?"),
    "zh-Hans": ("谢谢，就这些。", "给我讲一个关于猫的笑话。", "17乘以23等于多少？"),
    "ko": ("고마워요, 그게 다예요.", "고양이에 대한 농담을 해 줘.", "17 곱하기 23은 얼마야?"),
}


@dataclass(frozen=True, slots=True)
class Starter:
    """A case that is proposed. ``of``: sentence, enum, nothing, or starter (a conversation starter)."""

    name: str
    case: Case
    of: str


def starters(
    sheets: Sequence[Sheet],
    sentences: Iterable[str] = (),
    language: str = "",
    given: Mapping[str, Mapping[str, JSON]] | None = None,
    titles: Mapping[str, str] | None = None,
) -> list[Starter]:
    """Cases for these tools. ``sentences`` are conversation starters; ``language`` is one that :func:`tongue` gives, ""
    guesses it. A case is of the language that its words are in, whichever is asked for: only what should call nothing
    is put in another. ``given`` are values of arguments by operation that the document's examples have, ``titles`` its
    summaries, which no model reads: they say best what somebody would ask for."""
    spoken = _spoken(" ".join(one.description for one in sheets), language)
    found: list[Starter] = []
    for text in sentences:
        if (made := _conversation(text.strip(), sheets, language, given or {})) is not None:
            found.append(made)
    for one in sheets:
        values = _values(one, (given or {}).get(one.operation, {}))
        if one.consequential and not values and _properties(one) and not list(_needed(one)):
            continue  # a model is right to ask what is to be changed
        does = _does(one, sheets, (titles or {}).get(one.operation, ""))
        found += [_sentence(does, one, spoken, values), *_wish(one, spoken, values), *_enums(does, one, spoken, values)]
    idle = next(one for one in (language, spoken, "en") if one in NOTHING)
    for text in NOTHING[idle]:
        case = Case((Turn(text),), kind="negative", language=idle)
        found.append(Starter(text, case, "nothing"))
    unique = {one.case.utterance: one for one in reversed(found)}
    return [one for one in found if unique[one.case.utterance] is one][:MOST]


def language_of(text: str) -> str:
    """The language of a text by its script, as far as that tells: Korean, Japanese, Chinese; else French by its
    commonest words, else English."""
    for tag, letters in _SCRIPTS:
        if re.search(f"[{letters}]", text):
            return tag
    return "fr" if _part(text, _FRENCH) > _COMMON else "en"


def tongue(tag: str) -> str:
    """The language that cases are made in, by its BCP 47 tag ("zh" and "zh-CN" are zh-Hans). Raises KeyError."""
    return LANGUAGES[tag.strip().lower().partition("-")[0]]


def _spoken(text: str, told: str) -> str:
    """The language of a text: what is told, unless the text cannot be in it."""
    found = language_of(text)
    if not told or told == found:
        return found
    scripts = [tag for tag, _letters in _SCRIPTS]
    if told in scripts or found in scripts:
        return told if told == "ja" and found == "zh-Hans" else found  # Japanese may do without kana
    return found if _part(text, _FRENCH if told == "en" else _ENGLISH) > _COMMON else told


def _part(text: str, common: frozenset[str]) -> float:
    """Which part of a text's words are among these."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return sum(word in common for word in words) / len(words) if words else 0.0


def _values(one: Sheet, given: Mapping[str, JSON]) -> dict[str, JSON]:
    """What it needs, with the values of the examples, else made-up ones; what a sentence cannot say is left out."""
    found = {name: given.get(name) if _sayable(given.get(name)) else _example(raw, one) for name, raw in _needed(one)}
    return {name: value for name, value in found.items() if value is not None} or _something(one, given)


def _something(one: Sheet, given: Mapping[str, JSON]) -> dict[str, JSON]:
    """One value for what changes something and requires nothing: asked for with nothing at all, a model asks back."""
    for name, raw in _properties(one).items() if one.consequential else ():
        value = given.get(name) if _sayable(given.get(name)) else _example(raw, one)
        if value is not None:
            return {name: value}
    return {}


def _sentence(does: str, one: Sheet, language: str, values: Mapping[str, JSON]) -> Starter:
    """A request to do what the operation does, with values for what it needs."""
    return _made(asking.request(does, values, language), one, values, "direct", language, "sentence")


def _wish(one: Sheet, language: str, values: Mapping[str, JSON]) -> Iterator[Starter]:
    """The same without saying what is to be done, where the description says what one gets."""
    if not one.consequential and (text := asking.wish(_first(one), values, language)):
        yield _made(text, one, values, "indirect", language, "sentence")


def _made(text: str, one: Sheet, values: Mapping[str, JSON], kind: str, language: str, of: str) -> Starter:
    wanted = Wanted(one.operation, {name: _matcher(value) for name, value in values.items()})
    return Starter(text[:160], Case((Turn(text),), (wanted,), kind, language), of)


def _enums(does: str, one: Sheet, language: str, needed: Mapping[str, JSON]) -> Iterator[Starter]:
    for name, schema in _properties(one).items():
        values = schema.get("enum") if isinstance(schema, dict) else None
        for value in values[:VALUES] if isinstance(values, list) else ():
            if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
                text = asking.request(does, {**needed, name: value}, language)
                wanted = Wanted(one.operation, {name: Matcher("equals", value)})
                yield Starter(text[:160], Case((Turn(text),), (wanted,), "direct", language), "enum")


def _conversation(
    text: str, sheets: Sequence[Sheet], language: str, given: Mapping[str, Mapping[str, JSON]]
) -> Starter | None:
    """A conversation starter, if one can say which operation it is about: the one that has most of its words. It is
    direct where it says what the operation's name speaks of; the values of examples that it names are expected."""
    words = words_of(text)
    if not words:
        return None
    ranked = sorted(sheets, key=lambda one: -_has(words, one))
    best, rest = ranked[:1], ranked[1:2]
    if not best or _has(words, best[0]) < _LIKE or (rest and _has(words, rest[0]) == _has(words, best[0])):
        return None
    one = best[0]
    values = {name: value for name, value in given.get(one.operation, {}).items() if _said(text, name, value)}
    kind = "direct" if _things(one) <= words else "indirect"
    return _made(text, one, values, kind, _spoken(text, language), "starter")


def _things(one: Sheet) -> frozenset[str]:
    """The words of an operation's name but its verb: list or get, one may ask for orders with either."""
    verb = re.split(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+", one.operation, maxsplit=1)[0]
    return words_of(one.operation) - words_of(verb) or words_of(one.operation)


def _said(text: str, name: str, value: JSON) -> bool:
    """Whether a sentence names an argument and its value: ``order_id: A-10482``."""
    shown = rf"\s*[:=]\s*[\"“«]?{re.escape(str(value))}(?!\w)"
    return _sayable(value) and re.search(rf"(?<!\w){re.escape(name)}{shown}", text) is not None


def _has(words: frozenset[str], one: Sheet) -> float:
    return len(words & words_of(f"{one.operation} {one.description}")) / len(words)


def _does(one: Sheet, sheets: Sequence[Sheet], title: str) -> str:
    """What it does: its title, the first sentence of its description, or its name as words; one with a verb, if any."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+", " ", one.operation).strip().lower()
    first, named = _first(one), name[:1].upper() + name[1:]
    if asking.orders(first) and any(_taken(title, one, other) for other in sheets if other is not one):
        return asking.does((first, title, named))[:300]
    return asking.does((title, first, named))[:300]


def _taken(title: str, one: Sheet, other: Sheet) -> bool:
    """Whether a title says no more of its operation than of another, which takes what this one needs: "Set a route"."""
    theirs, words = {name for name, _ in _needed(other)}, words_of(title)
    same = bool(theirs) and theirs <= {name for name, _ in _needed(one)}
    return same and bool(words) and _has(words, other) >= _has(words, one)


def _first(one: Sheet) -> str:
    """The first sentence of its description."""
    return next((part.strip() for part in _SENTENCE.split(one.description.strip()) if part.strip()), "").rstrip(".。")


def _matcher(value: JSON) -> Matcher:
    return Matcher("near", value) if isinstance(value, float) else Matcher("equals", value)


def _needed(one: Sheet) -> list[tuple[str, JSON]]:
    needed = one.parameters.get("required", ()) if isinstance(one.parameters, dict) else ()
    return [(name, schema) for name, schema in _properties(one).items() if name in needed][:ARGUMENTS]


def _example(schema: JSON, one: Sheet) -> JSON:
    """An example value that a sentence can say: a text of one line, or a number; None when there is none."""
    shared = one.parameters.get("$defs", {}) if isinstance(one.parameters, dict) else {}
    try:
        value = compile_sampler(_local(schema), shared).sample(1)
    except (SchemaError, Unsatisfiable, RecursionError):
        return None
    return value if _sayable(value) else None


def _sayable(value: JSON) -> bool:
    """Whether a sentence can say it: a text of one line, or a number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    return not isinstance(value, str) or ("\n" not in value and 0 < len(value) <= 80)


def _local(schema: JSON) -> JSON:
    """References of a tool's schema, as the sampler looks them up among shared schemas."""
    if isinstance(schema, dict):
        return {
            key: value.replace("#/$defs/", "#/components/schemas/")
            if key == "$ref" and isinstance(value, str)
            else _local(value)
            for key, value in schema.items()
        }
    return [_local(one) for one in schema] if isinstance(schema, list) else schema


def _properties(one: Sheet) -> Mapping[str, JSON]:
    found = one.parameters.get("properties") if isinstance(one.parameters, dict) else None
    return found if isinstance(found, dict) else {}
