"""The last call once more: with something changed ("and in Oslo?"), as it was ("do it again"), or a look after it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from actionstudio.core.scripted.asking import understood
from actionstudio.core.scripted.choosing import Ranked
from actionstudio.core.scripted.filling import fill
from actionstudio.core.scripted.lexicon import lexicon
from actionstudio.core.scripted.likely import commanded, strong_deeds
from actionstudio.core.scripted.recalling import recalled
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.steps import Step, called, chosen, why_of
from actionstudio.core.scripted.telling import Outcome
from actionstudio.core.scripted.tool import Known, Tool, known
from actionstudio.core.words import said

type JSON = Any
LONGEST = 8  # words of a sentence that speaks of the call before


def again(
    sentence: Sentence, tools: Sequence[Tool], outcomes: Sequence[Outcome], ranked: Sequence[Ranked]
) -> Step | None:
    """The call before with something changed: "and in Oslo?", "et demain ?", 那上海呢."""
    if not outcomes or len(sentence.tokens) > LONGEST:
        return None
    tool = _tool_of(outcomes[-1], tools)
    if tool is None or not _ELLIPSIS.search(sentence.text):
        return None
    fact = known(tool)
    found = understood(fact.parameters, fact, sentence, whole=False)
    return _once_more(tool, outcomes[-1], found, ranked) if found else None


def _tool_of(outcome: Outcome, tools: Sequence[Tool]) -> Tool | None:
    return next((one for one in tools if one.name == outcome.name), None)


def _once_more(tool: Tool, outcome: Outcome, changed: Mapping[str, JSON], ranked: Sequence[Ranked]) -> Step:
    """The call that came to ``outcome``, with what was said anew."""
    arguments = {**outcome.arguments, **changed}
    why = why_of(ranked, None, "again") | chosen(tool)
    why["guessed"] = {name: said("as in the call before") for name in arguments if name not in changed}
    return Step((), (tool.name, orjson.dumps(arguments).decode()), None, why)


_ELLIPSIS = re.compile(
    r"^\s*(?:and|what about|how about|now|or|same for|et|pour|ou|plutôt|maintenant)\b"
    r"|^\s*(?:那|换成|再看|그럼|그러면|그리고)"
    r"|呢\s*+(?:[?？]\s*)?$|(?:은|는)(?:요)?\s*[?？]\s*$|^\s*\S{1,20}\s*[?？]\s*$",
    re.I,
)
_REPEAT = re.compile(
    r"(?:encore |de nouveau )?une (?:autre )?fois\b|\b(?:again|once more|one more time|after all|anyway|retry"
    r"|encore|de nouveau|réessa\w+|quand même|finalement"
    r"|après tout)\b|再来|再.{0,4}一次|重新|还是.{0,6}吧|다시|한 번 더|그래도",
    re.I,
)
_IT = re.compile(r"\b(?:it|that|them|this|le|la|les|ça|cela|one)\b|[它她他]|这个|那个|그거|그것|이거", re.I)


def repeated(
    sentence: Sentence, tools: Sequence[Tool], outcomes: Sequence[Outcome], ranked: Sequence[Ranked]
) -> Step | None:
    """The newest call that does what is asked for again: "add it after all", "show it again"."""
    if not outcomes or len(sentence.tokens) > LONGEST or not _REPEAT.search(sentence.text):
        return None
    rest = replace(sentence, text=_REPEAT.sub(" ", sentence.text), reader=sentence.language)
    solid = any(span.kind not in ("unknown", "ordinal") for span in rest.spans)
    if ranked[0].passes and ranked[0].whole and (solid or not _IT.search(sentence.text)):
        return None  # it says all by itself
    deeds = strong_deeds(sentence) or ("r" if commanded(sentence) else "")
    for outcome in reversed(outcomes):
        tool = _tool_of(outcome, tools)
        if tool is None or (deeds and not set(deeds) & set(known(tool).does)):
            continue
        fact = known(tool)
        changed = understood(fact.parameters, fact, rest, whole=False) if solid else {}
        return _once_more(tool, outcome, changed, ranked)
    return None


_THAT = re.compile(
    r"\b(?:it|them|that|those|this|these|one|ones|what(?:['’]s| is| was| remains)"
    r"|the (?:rest|list|result)|left|le|la|les|ça|celui|celle|ce qui|reste|résultat)\b"
    r"|它|剩|结果|那个|这个|第|그것|그거|남은|결과|번째",
    re.I,
)


def followed(
    sentence: Sentence, tools: Sequence[Tool], outcomes: Sequence[Outcome], ranked: Sequence[Ranked]
) -> Step | None:
    """A look at what was spoken of, when it is named by "it", "what is left" or its place alone: what is required comes
    from the calls before."""
    spoken = commanded(sentence) and _THAT.search(sentence.text)
    if len(sentence.tokens) > LONGEST or not (spoken or (outcomes and points(sentence))):
        return None
    pointed = any(span.kind == "ordinal" for span in sentence.spans)
    found = [
        (_suits(fact, sentence, outcomes, pointed), one)
        for one in ranked
        if "r" in (fact := known(one.tool)).does and not one.foreign and not one.strange
    ]
    found = sorted([pair for pair in found if pair[0]], key=lambda pair: -pair[0])
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    best = found[0][1]
    return called(best.tool, fill(best.tool, _without(sentence)), sentence, outcomes, why_of(ranked, best, "again"))


def points(sentence: Sentence) -> bool:
    """Whether a sentence says a place and nothing else but that it is to be seen: "and the second one?", 第二个呢."""
    places = [span for span in sentence.spans if span.kind == "ordinal"]
    others = [one for one in sentence.tokens if not any(a.start < one.end and one.start < a.end for a in places)]
    kinds = lexicon().kinds
    looks = all(not one.says or (one.concepts and {kinds[c] for c in one.concepts} == {"r"}) for one in others)
    return bool(places) and looks and all(span.kind in ("ordinal", "unknown") for span in sentence.spans)


def _suits(fact: Known, sentence: Sentence, outcomes: Sequence[Outcome], pointed: bool) -> int:
    """How well a tool that reads goes with what was called before; 0 for one that does not."""
    needed = [parameter for parameter in fact.parameters if parameter.required]
    more, _guessed = recalled(needed, fact, sentence, outcomes)
    single = bool(needed) and not fact.many
    if pointed:
        return 3 + bool(more) if single else 0
    return 2 + bool(needed) if outcomes and len(more) == len(needed) else 0


def _without(sentence: Sentence) -> Sentence:
    """The sentence without what points at something: "the second one" is no value of its own."""
    return Sentence("", sentence.today, sentence.language, sentence.files, sentence.earlier)
