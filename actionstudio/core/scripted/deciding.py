"""What to do about one sentence: call, ask back, or say what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actionstudio.core.scripted.choosing import Ranked, choose
from actionstudio.core.scripted.denying import wanted
from actionstudio.core.scripted.filling import fill
from actionstudio.core.scripted.likely import LEAD, likely
from actionstudio.core.scripted.repeating import again, followed, points, repeated
from actionstudio.core.scripted.replying import answered, let_go, meant
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.steps import Doubt, Pending, Step, called, why_of
from actionstudio.core.scripted.talking import nothing_fits, small_talk, which, writes
from actionstudio.core.scripted.telling import Outcome
from actionstudio.core.scripted.tool import Tool, addressed, title
from actionstudio.core.words import said

type JSON = Any
__all__ = ["Doubt", "Pending", "Step", "decide"]


def decide(
    sentence: Sentence, tools: Sequence[Tool], outcomes: Sequence[Outcome] = (), pending: Pending | Doubt | None = None
) -> Step:
    """What to do about a sentence, after these calls and perhaps a question."""
    if not tools:
        none = said(
            "This GPT has no action that could be called. Set one up, or see at the GPT why ChatGPT takes none."
        )
        return Step((none,), why={"chosen": None})
    if pending is None:
        text, tools = addressed(sentence.text, tools)
        sentence = replace(sentence, text=text) if text != sentence.text else sentence
    asked = wanted(sentence) if not (isinstance(pending, Pending) and pending.text) else sentence
    if asked is None:
        return let_go(pending)
    sentence = asked
    ranked = choose(sentence, tools)
    if isinstance(pending, Pending) and pending.tool in tools:
        step = answered(sentence, pending, ranked, tools, outcomes)
    elif isinstance(pending, Doubt):
        step = meant(sentence, pending, ranked, tools, outcomes)
    else:
        step = None
    if step is not None:
        return step
    talk = small_talk(sentence, tools)
    if talk:
        return Step(talk, why=why_of(ranked, None, "words"))
    if writes(sentence, tools):
        return Step(nothing_fits(tools), why=why_of(ranked, None, "words"))
    return repeated(sentence, tools, outcomes, ranked) or _chosen(sentence, tools, outcomes, ranked)


def _chosen(sentence: Sentence, tools: Sequence[Tool], outcomes: Sequence[Outcome], ranked: Sequence[Ranked]) -> Step:
    """What the words choose; else the call before; else what is likely meant, or the question which."""
    best = ranked[0]
    if best.passes:
        return _called(best, sentence, outcomes, ranked)
    ways = (followed, again) if points(sentence) else (again, followed)
    step = next((step for way in ways if (step := way(sentence, tools, outcomes, ranked)) is not None), None)
    if step is not None:
        return step
    found = likely(sentence, ranked, outcomes)
    if len(found) == 1:
        return _called(found[0], sentence, outcomes, ranked)
    if found:
        return _asked(found, sentence, ranked)
    return Step(nothing_fits(tools), why=why_of(ranked, None, "words"))


def _called(best: Ranked, sentence: Sentence, outcomes: Sequence[Outcome], ranked: Sequence[Ranked]) -> Step:
    """The call. Where another action offers the same as well, that of the last call goes on; without one it is asked
    which is meant, for a deed is not undone by another."""
    twins = _twins(best, ranked)
    if not twins:
        return called(best.tool, fill(best.tool, sentence), sentence, outcomes, why_of(ranked, best, "words"))
    before = _domain_before(outcomes, ranked)
    one = next((one for one in (best, *twins) if before and one.tool.domain == before), None)
    if one is None:
        return _asked((best, *twins), sentence, ranked)
    why = why_of(ranked, one, "words")
    near = tuple(each.tool for each in (best, *twins))
    why["alike"] = [title(each, near) for each in near if each is not one.tool]
    return called(one.tool, fill(one.tool, sentence), sentence, outcomes, why)


def _asked(found: Sequence[Ranked], sentence: Sentence, ranked: Sequence[Ranked]) -> Step:
    """The question which of these was meant."""
    near = tuple(one.tool for one in found)
    why = why_of(ranked, None, "words")
    why["near"] = [title(tool, near) for tool in near]
    return Step(which(near), None, Doubt(near, sentence), why)


def _twins(best: Ranked, ranked: Sequence[Ranked]) -> list[Ranked]:
    """The operations of other actions that are called the same and fit about as well."""
    tool = best.tool
    return [
        one
        for one in ranked
        if one.tool.operation_id == tool.operation_id
        and one.tool.domain != tool.domain
        and one.passes == best.passes
        and one.score * LEAD >= best.score
    ]


def _domain_before(outcomes: Sequence[Outcome], ranked: Sequence[Ranked]) -> str:
    """The domain of the last call's action; "" where nothing was called."""
    domains = {one.tool.name: one.tool.domain for one in ranked}
    return domains.get(outcomes[-1].name, "") if outcomes else ""
