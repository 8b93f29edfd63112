"""What comes after a question of the model's own: its answer, or something else that one may say then.

Greetings and thanks are no answers, nor is "never mind", nor a sentence that asks for a deed of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actionstudio.core.scripted import small
from actionstudio.core.scripted.asking import question, understood, unfit
from actionstudio.core.scripted.choosing import Ranked, asks, choose
from actionstudio.core.scripted.filling import Filled, example, fill
from actionstudio.core.scripted.lexicon import fillers, lexicon
from actionstudio.core.scripted.likely import commanded, likely, strong_deeds
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.steps import Doubt, Pending, Step, called, chosen, told_guess, why_of
from actionstudio.core.scripted.talking import small_talk, which
from actionstudio.core.scripted.telling import Outcome
from actionstudio.core.scripted.tool import Parameter, Tool, known, named, title
from actionstudio.core.words import said

type JSON = Any
ELSEWHERE = 0.62  # from which score on a sentence is a new wish and not the answer to a question
LONGEST = 6  # words of an answer that is taken as it stands
_UNSURE = re.compile(
    r"\b(?:don['’]?t know|do not know|no idea|not sure|dunno|sais pas|aucune idée|sais plus)\b"
    r"|不知道|不清楚|不记得|몰라|모르",
    re.I,
)


def answered(
    sentence: Sentence, pending: Pending, ranked: Sequence[Ranked], tools: Sequence[Tool], outcomes: Sequence[Outcome]
) -> Step | None:
    """A sentence as the answer to the question for what is missing; None when it is a new wish."""
    fact = known(pending.tool)
    missing = tuple(one for one in fact.parameters if one.name in pending.missing)
    if small.says(sentence.text, fillers.NO):
        return let_go(pending)
    talk = small_talk(sentence, tools)
    if talk:
        return Step((*_short(talk, sentence), *question(pending.tool, missing)), None, pending, _asked(pending))
    if _new_wish(sentence, pending, missing, ranked):
        return None
    found = understood(missing, fact, sentence, _bare(sentence, missing))
    guessed = dict(pending.guessed)
    if small.has(sentence.text, fillers.ANY):
        for one in missing:
            if one.name not in found and example(one) is not None:
                found[one.name], guessed[one.name] = example(one), told_guess("example")
    arguments = {**pending.arguments, **found}
    left = tuple(one for one in fact.parameters if one.required and one.name not in arguments)
    why: dict[str, JSON] = {**chosen(pending.tool), "by": "question", "words": [], "asked": list(pending.missing)}
    nothing = Sentence("", sentence.today, sentence.language)
    step = called(pending.tool, Filled(arguments, {}, left), nothing, outcomes, why)
    why["guessed"] = {**guessed, **why.get("guessed", {})}
    wrong = unfit([one for one in left if one.name in pending.missing], fact, sentence, bare=not found)
    return replace(step, lines=(*wrong, *step.lines)) if step.pending and wrong else step


def meant(
    sentence: Sentence, doubt: Doubt, ranked: Sequence[Ranked], tools: Sequence[Tool], outcomes: Sequence[Outcome]
) -> Step | None:
    """A sentence as the answer to which of several was meant; None when it is a new wish."""
    names = [title(tool, doubt.tools) for tool in doubt.tools]
    if small.says(sentence.text, fillers.NO):
        return let_go(doubt)
    talk = small_talk(sentence, tools)
    if talk:
        why = {"by": "question", "asked": names, "chosen": None}
        return Step((*_short(talk, sentence), *which(doubt.tools)), None, doubt, why)
    tool = _picked(sentence, doubt)
    if tool is None:
        return None
    before = fill(tool, doubt.sentence)
    filled = fill(tool, sentence, before.arguments)
    why = why_of(ranked, None, "question") | chosen(tool) | {"asked": names}
    return called(tool, filled, doubt.sentence, outcomes, why)


def _picked(sentence: Sentence, doubt: Doubt) -> Tool | None:
    """The tool that an answer names: by its place, by its name or domain, by its words."""
    places = [span for span in sentence.spans if span.kind in ("ordinal", "number")]
    place = next((span.value for span in places if "word" not in span.marks), None)
    if isinstance(place, int) and 1 <= abs(place) <= len(doubt.tools) and len(sentence.tokens) <= LONGEST:
        return doubt.tools[place - 1 if place > 0 else place]
    low = sentence.text.lower()
    said = [tool for tool in doubt.tools if (tool.operation_id or tool.name).lower() in low]
    if len(said) != 1:
        said = [tool for tool in doubt.tools if named(tool, sentence.text)]
    if len(said) == 1:
        return said[0]
    counted = places[0].value if places else None
    if isinstance(counted, int) and 1 <= counted <= len(doubt.tools) and len(sentence.tokens) <= LONGEST:
        return doubt.tools[counted - 1]  # "one", "number two"
    found = [one for one in choose(sentence, doubt.tools) if one.words]
    if not found or (len(found) > 1 and found[0].score == found[1].score):
        return None
    return found[0].tool


def let_go(pending: Pending | Doubt | None) -> Step:
    """What is said when nothing is to be done; a question that waits is let go."""
    line = said("All right, I leave it.")
    if pending is None:
        return Step((line,), why={"by": "words", "chosen": None})
    tools = pending.tools if isinstance(pending, Doubt) else ()
    asked = list(pending.missing) if isinstance(pending, Pending) else [title(one, tools) for one in tools]
    return Step((line,), why={"by": "question", "asked": asked, "chosen": None})


def _asked(pending: Pending) -> dict[str, JSON]:
    missing = list(pending.missing)
    return {**chosen(pending.tool), "by": "question", "words": [], "asked": missing, "missing": missing}


def _short(talk: tuple[str, ...], sentence: Sentence) -> tuple[str, ...]:
    """A greeting without the list of what can be done; a question is open already."""
    return talk[:1] if small.says(sentence.text, fillers.GREETING) else talk


def _bare(sentence: Sentence, missing: Sequence[Parameter]) -> bool:
    """Whether an answer may be a value as it stands: a text of any kind, else a short one that asks nothing back."""
    if missing and missing[0].roles.free:
        return True
    long = len(sentence.tokens) > LONGEST
    return not (long or sentence.text.rstrip().endswith(("?", "？")) or _UNSURE.search(sentence.text))


def _new_wish(sentence: Sentence, pending: Pending, missing: Sequence[Parameter], ranked: Sequence[Ranked]) -> bool:
    """Whether a sentence asks for something of its own."""
    best = ranked[0]
    other = best.tool is not pending.tool
    speaks = commanded(sentence) or _begins(sentence) or asks(sentence.text)
    fact = known(pending.tool)
    elsewhere = best.passes and other and best.score >= ELSEWHERE
    if elsewhere and (speaks or not understood(missing, fact, sentence, whole=False)):
        return True
    if best.passes and not other and _differs(sentence, pending):
        return True
    found = likely(sentence, ranked) if commanded(sentence) or _begins(sentence) else ()
    sure = len(found) == 1 and found[0].whole and found[0].tool is not pending.tool
    if any(one.roles.free for one in missing):
        return sure and commanded(sentence)  # a text may begin with any other verb: "call mum"
    return sure or _own_verb(sentence, pending, missing, best.passes)


def _differs(sentence: Sentence, pending: Pending) -> bool:
    """Whether a sentence says something else for what was known: it begins anew."""
    found = fill(pending.tool, sentence).arguments
    return any(name in found and found[name] != value for name, value in pending.arguments.items())


def _own_verb(sentence: Sentence, pending: Pending, missing: Sequence[Parameter], passes: bool) -> bool:
    """Whether a sentence begins with a verb that asks for another deed than the one that is waiting, or is a question
    of which something can be made (``passes``)."""
    fact = known(pending.tool)
    deeds = strong_deeds(sentence) if _begins(sentence) else ""
    if deeds:
        same = bool(set(deeds) & set(fact.does))
    elif commanded(sentence) and len(sentence.tokens) > 1:
        same = "r" in fact.does
    else:
        return passes and asks(sentence.text) and not understood(missing, fact, sentence, whole=False)
    return not (same and understood(missing, fact, sentence, whole=False))


def _begins(sentence: Sentence) -> bool:
    """Whether the first word that says something is a deed, or in Korean the last."""
    words = [token for token in sentence.tokens if token.says]
    if len(sentence.tokens) < 2 or not words:
        return False
    kinds = lexicon().kinds
    first = words[-1 if sentence.language == "ko" else 0]
    return any(kinds[one] in "cudx" for one in first.concepts)
