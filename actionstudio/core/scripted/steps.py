"""What the scripted model does next, as a value: a call, a question, words; and how it tells why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from actionstudio.core.scripted.asking import question, unfit
from actionstudio.core.scripted.choosing import LEAST, Ranked
from actionstudio.core.scripted.filling import Filled
from actionstudio.core.scripted.recalling import recalled
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.telling import Outcome
from actionstudio.core.scripted.tool import Known, Parameter, Tool, known
from actionstudio.core.words import said

type JSON = Any
ASKED = 3  # arguments that are asked for where none is required


@dataclass(frozen=True, slots=True)
class Pending:
    """A question that was asked back: of which tool, what is known already, which arguments were asked for."""

    tool: Tool
    arguments: Mapping[str, JSON]
    missing: tuple[str, ...]
    guessed: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> bool:
        """Whether a free text is asked for, which may hold any word."""
        return any(one.roles.free for one in known(self.tool).parameters if one.name in self.missing)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question which of several tools was meant, and the sentence that asked for one of them."""

    tools: tuple[Tool, ...]
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Step:
    """``call``: the tool's name and its arguments as JSON text; or ``lines`` to say, perhaps with a ``pending``
    question. ``why`` tells how it came to this."""

    lines: tuple[str, ...] = ()
    call: tuple[str, str] | None = None
    pending: Pending | Doubt | None = None
    why: Mapping[str, JSON] = field(default_factory=dict)


def called(tool: Tool, filled: Filled, sentence: Sentence, outcomes: Sequence[Outcome], why: dict[str, JSON]) -> Step:
    """The call, or the question for what is missing."""
    fact = known(tool)
    more, guessed = recalled(filled.missing, fact, sentence, outcomes)
    arguments = {**filled.arguments, **more}
    why["guessed"] = {**{name: told_guess(one) for name, one in filled.guessed.items()}, **guessed}
    missing = tuple(one for one in filled.missing if one.name not in more) or _something(fact, arguments)
    if missing:
        why["missing"] = [one.name for one in missing]
        pending = Pending(tool, arguments, tuple(one.name for one in missing), why["guessed"])
        lines = (*unfit(missing, fact, sentence, filled.places), *question(tool, missing))
        return Step(lines, None, pending, why)
    return Step((), (tool.name, orjson.dumps(arguments).decode()), None, why)


def _something(fact: Known, arguments: Mapping[str, JSON]) -> tuple[Parameter, ...]:
    """What a call that changes something is asked for when nothing at all is known of it, though it requires nothing:
    "add a route" says not which."""
    if arguments or "r" in fact.does or not set(fact.does) & set("cud"):
        return ()
    return fact.parameters[:ASKED]


_GUESSES = {
    "default": said("its default"),
    "the rest of it": said("the rest of the sentence"),
    "counted from 0": said("counted from 0"),
    "example": said("the schema's example"),
}


def told_guess(guess: str) -> str:
    return _GUESSES.get(guess, guess)


def chosen(tool: Tool) -> dict[str, JSON]:
    return {"chosen": tool.name, "operation": tool.operation_id}


def why_of(ranked: Sequence[Ranked], best: Ranked | None, by: str) -> dict[str, JSON]:
    """How it came to its choice: what was chosen by which words, and what came next."""
    rest = [one for one in ranked if one is not best]
    first = ranked[0] if ranked else None
    why: dict[str, JSON] = {"by": by, "chosen": None, "least": LEAST, "guessed": {}}
    if best is not None:
        why |= chosen(best.tool)
    if first is not None:
        why |= {"score": round(first.score, 2), "words": list(first.words)}
    if rest and rest[0].score > 0:
        why["runner_up"] = {
            "name": rest[0].tool.name,
            "operation": rest[0].tool.operation_id,
            "score": round(rest[0].score, 2),
            "words": list(rest[0].words),
        }
    return why
