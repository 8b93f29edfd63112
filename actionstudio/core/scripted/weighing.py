"""What weighs for a value: what an argument is for, and how near its own words stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from actionstudio.core.scripted.lexicon import lexicon
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.spans import Span
from actionstudio.core.scripted.tool import Known, Parameter
from actionstudio.core.scripted.words import Token

type JSON = Any
FAR = 30  # words from which on nothing is near
EXPLICIT = 9.0  # "name: value" says it in so many words
_EQUALS = re.compile(r"\s*[:=：]\s*")


@dataclass(frozen=True, slots=True)
class Offer:
    """A value for an argument: how sure, from where in the sentence (from, to), and what was guessed about it."""

    score: float
    value: JSON
    places: tuple[tuple[int, int], ...] = ()
    guess: str = field(default="", compare=False)


def near(parameter: Parameter, sentence: Sentence, span: Span) -> float:
    """How near the argument's own words stand to a value, 0 to 4; EXPLICIT where it is "name: value"."""
    at = sentence.index(span.start)
    best = 0.0
    first = max(0, at - FAR)
    for n, token in enumerate(sentence.tokens[first : at + FAR], first):
        if token.start < span.end and span.start < token.end:
            continue
        found = token.meanings
        if found & parameter.names:
            if n < at and _EQUALS.fullmatch(sentence.text[token.end : span.start]):
                return EXPLICIT
            weight = 3.0
        elif token.says and found & parameter.cues:
            weight = 0.8
        else:
            continue
        distance = at - n if n < at else (n - at + 1) + 0.5
        best = max(best, weight * 1.35 / (0.35 + distance))
    return min(best, 4.0)


def thing_before(tool: Known, sentence: Sentence, span: Span) -> bool:
    """Whether a value follows the name of what the tool is about: "pet 5", "route r1"."""
    before = sentence.before(span)
    return before is not None and is_thing(before, tool)


def is_thing(token: Token, tool: Known) -> bool:
    """Whether a word names what the tool is about."""
    kinds = lexicon().kinds
    if any(one in tool.things for one in token.concepts):
        return True
    return (not token.concepts and token.kind == "unknown" and any(term in tool.weights for term in token.terms)) or (
        any(kinds[one] == "n" and f"={one}" in tool.weights for one in token.concepts)
    )
