"""How well one value of a sentence suits one argument: a score by type, pattern, and the words around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from actionstudio.core.scripted.lexicon import lexicon
from actionstudio.core.scripted.roles import Roles
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.small import negated
from actionstudio.core.scripted.spans import Span
from actionstudio.core.scripted.texts import string_offers
from actionstudio.core.scripted.tool import Known, Parameter, kind_of
from actionstudio.core.scripted.weighing import Offer, is_thing, near
from actionstudio.core.scripted.words import Token, terms, tokens

type JSON = Any


def offers(parameter: Parameter, tool: Known, sentence: Sentence) -> Iterator[Offer]:
    """The values that a sentence has for an argument, by its type."""
    if "const" in parameter.schema:
        return
    if isinstance(parameter.schema.get("enum"), list):
        yield from _enums(parameter, sentence)
        return
    yield from _BY_KIND.get(kind_of(parameter.schema), string_offers)(parameter, tool, sentence)


def _enums(parameter: Parameter, sentence: Sentence) -> Iterator[Offer]:
    values = parameter.schema["enum"]
    told = _synonyms(str(parameter.schema.get("description") or ""), values)
    kinds = lexicon().kinds
    for value in values:
        if not isinstance(value, str):
            for span in sentence.spans:
                if span.kind == "number" and span.value == value:
                    yield Offer(2.0 + near(parameter, sentence, span), value, ((span.start, span.end),))
            continue
        wanted = set(terms(value)) | told.get(value, set())
        strong = {one for one in wanted if one[0] == "=" and kinds[one[1:]] == "v"}
        wanted = strong or wanted
        exact = tokens(value)
        for n, token in enumerate(sentence.tokens):
            if not token.says and token.text.lower() != value.lower():
                continue
            score = _enum_score(value, wanted, exact, token)
            if score and not negated(sentence, n):  # "not shipped" asks for all others
                span = Span("enum", value, token.text, token.start, token.end)
                closeness = min(near(parameter, sentence, span), 2.0)
                first_verb = n == 0 and set("cudr") & {lexicon().kinds[one] for one in token.concepts}
                yield Offer(score + closeness - (3.0 if first_verb else 0.0), value, ((token.start, token.end),))


def _enum_score(value: str, wanted: set[str], exact: list[Token], token: Token) -> float:
    if token.text.lower() == value.lower():
        return 7.0
    if any(f"={one}" in wanted for one in token.concepts if lexicon().kinds[one] in "vn"):
        return 6.0
    own = {term for one in exact for term in one.terms}
    return 5.5 if token.terms and own and set(token.terms) <= own and len(token.text) > 2 else 0.0


def _synonyms(description: str, values: list[JSON]) -> dict[str, set[str]]:
    """What a description says of values: "low (not urgent)", "A: active, B: blocked", "1 = open"."""
    found: dict[str, set[str]] = {}
    for value in values:
        match = re.search(rf"(?<!\w){re.escape(str(value))}\W{{0,3}}(?:[:=(]|means|is)\s*([^,;.()]+)", description)
        if match:
            found[str(value)] = set(terms(match[1]))
    return found


def _numbers(parameter: Parameter, tool: Known, sentence: Sentence) -> Iterator[Offer]:
    role = parameter.roles
    whole = kind_of(parameter.schema) == "integer"
    for span in sentence.spans:
        if span.kind == "ordinal" and whole and role.identifier:
            place, guess = _place(parameter, span.value)
            if span.value > 0 and _within(parameter.schema, place):  # which number the last one has, nobody said
                yield Offer(4.0 + near(parameter, sentence, span), place, ((span.start, span.end),), guess)
        value = as_number(parameter.schema, span.value) if span.kind == "number" else None
        if value is None:
            continue
        score = 1.5 + near(parameter, sentence, span) + _hints(role, tool, sentence, span)
        score += 0.5 if parameter.required else 0.0
        yield Offer(score, value, ((span.start, span.end),))


def as_number(schema: Mapping[str, JSON], number: float) -> JSON:
    """A number as the schema's type, None where it is none of what the schema allows."""
    if kind_of(schema) == "integer":
        if not float(number).is_integer():
            return None
        number = int(number)
    return number if _within(schema, number) else None


def _place(parameter: Parameter, ordinal: int) -> tuple[int, str]:
    """An ordinal as an index: where the first is 0 by the description, or the name says index, it is one less."""
    said = str(parameter.schema.get("description") or "")
    zero = bool(re.search(r"first\D{0,12}0|0\D{0,12}first|zero|从0|0부터|premier\D{0,12}0", said)) or (
        parameter.name.lower().endswith(("idx", "index")) and parameter.schema.get("minimum") != 1
    )
    return (ordinal - 1, "counted from 0") if zero and ordinal > 0 else (ordinal, "")


_PRICED = re.compile(r"(?:\bfor|\bat|\bà|\bpour|@)\s*$", re.I)

_PRICED_AFTER = re.compile(r"(?:에|짜리)(?:\s|$)|\s?的价")


def _hints(role: Roles, tool: Known, sentence: Sentence, span: Span) -> float:
    """What the form of a number and its neighbours say about what it is for."""
    after, before = sentence.after(span), sentence.before(span)
    counts = after is not None and is_thing(after, tool) and "numbered" not in span.marks
    counts = counts and (before is None or not is_thing(before, tool))
    score = 0.0
    if "money" in span.marks:
        score += 3.0 if role.money else -4.0
    elif role.money and (_PRICED.search(sentence.lead(span)) or _PRICED_AFTER.match(sentence.text, span.end)):
        score += 1.0
    elif role.money:
        counted = before is not None and is_thing(before, tool) and any(one.roles.identifier for one in tool.parameters)
        score -= 3.0 if counted else 0.5  # "order 1042" says which one it is
    if role.limit:
        score += 2.5 if counts or "counted" in span.marks else 0.0
    elif counts or "counted" in span.marks:
        score -= 1.5
    if role.identifier:
        score += 1.5 if "numbered" in span.marks else 0.0
        score += 1.5 if before is not None and is_thing(before, tool) else 0.0
    if isinstance(span.value, int) and 1900 <= span.value <= 2100:
        score += 2.0 if role.year else -1.0
    return score


def _within(schema: JSON, value: float) -> bool:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    return not (
        (isinstance(low, int | float) and value < low)
        or (isinstance(high, int | float) and value > high)
        or (isinstance(above, int | float) and not isinstance(above, bool) and value <= above)
        or (isinstance(below, int | float) and not isinstance(below, bool) and value >= below)
    )


def _booleans(parameter: Parameter, tool: Known, sentence: Sentence) -> Iterator[Offer]:
    words = [word for word in parameter.words if word]
    met = []
    for word in words:
        n = next((n for n, token in enumerate(sentence.tokens) if token.meanings & word), None)
        if n is None:
            return
        met.append(n)
    if met:
        last = sentence.tokens[met[-1]]
        yield Offer(5.0, not negated(sentence, met[-1]), ((last.start, last.end),))


_BY_KIND: dict[str, Callable[[Parameter, Known, Sentence], Iterator[Offer]]] = {
    "integer": _numbers,
    "number": _numbers,
    "boolean": _booleans,
    "string": string_offers,
}
