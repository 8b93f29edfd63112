"""What a sentence names that no call has taken: a day, somebody, a code. It is told, not passed over in silence."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from actionstudio.core.scripted.denying import wanted
from actionstudio.core.scripted.filling import fill
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.spans import Span
from actionstudio.core.scripted.telling import Outcome
from actionstudio.core.scripted.tool import Known, Tool, known
from actionstudio.core.words import said

_KINDS = ("date", "name", "email", "code", "quoted", "url")


def passed_over(sentence: Sentence, tools: Sequence[Tool], outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """A line that names what none of these calls could take into account; () where all was taken."""
    called = [(known(tool), one) for one in outcomes for tool in tools if tool.name == one.name and not one.error]
    if not called or len(called) < len(outcomes):
        return ()
    sentence = wanted(sentence) or sentence
    spans = [one for one in sentence.spans if one.kind in _KINDS]
    left = [one for one in spans if not any(_taken(one, fact, outcome, sentence) for fact, outcome in called)]
    if not left:
        return ()
    text = ", ".join(dict.fromkeys(one.text for one in left))
    return (said("The action has no place for “%(text)s”: the answer does not take it into account.", text=text),)


def _taken(span: Span, fact: Known, outcome: Outcome, sentence: Sentence) -> bool:
    """Whether a value is in a call, became one of its values, or is a word of the tool's own texts."""
    sent = orjson.dumps(outcome.arguments, default=str).decode().lower()
    if any(text and text.lower() in sent for text in (str(span.value), span.text)):
        return True
    inside = [one for one in sentence.tokens if one.start < span.end and span.start < one.end]
    if any(one.meanings & fact.weights.keys() for one in inside):
        return True
    return any(a < span.end and span.start < b for a, b in fill(fact, sentence).places)
