"""One case of a prompt suite: what is said to the model, and what it should call.

Direct, indirect and negative prompts are those of OpenAI's guide to metadata (developers.openai.com, "Optimize
metadata"): a golden set of prompts that name the product, that describe the wish without naming it, and that should not
call anything here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from actionstudio.core.problem import Problem
from actionstudio.core.prompting import matching
from actionstudio.core.prompting.matching import Matcher
from actionstudio.core.words import said

type JSON = Any

USER, ASSISTANT = "user", "assistant"
KINDS = ("direct", "indirect", "negative")
MOST_TURNS, MOST_CALLS, MOST_ARGUMENTS, LONGEST = 20, 8, 100, 8_000


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody said. Between two turns of the user that follow one another the model answers by itself; an
    assistant's turn stands for its answer."""

    text: str
    role: str = USER


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call that is expected. An argument without a matcher does not count, unless the case is ``closed``."""

    operation: str
    arguments: Mapping[str, Matcher] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """``calls``: those expected, () for none at all (in which turn: scoring.score). ``ordered``: in this order.
    ``never``: operations that must not be called. ``others``: further calls do no harm. ``closed``: an argument that
    no matcher speaks of is wrong, as in BFCL. ``consent``: whether ChatGPT should ask the user to confirm; None: not
    judged. ``language`` is a BCP 47 tag."""

    turns: tuple[Turn, ...]
    calls: tuple[Wanted, ...] = ()
    kind: str = "direct"
    language: str = "en"
    ordered: bool = False
    never: tuple[str, ...] = ()
    others: bool = False
    closed: bool = False
    consent: bool | None = None

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that should be called."""
        return tuple(one.operation for one in self.calls)

    @property
    def utterance(self) -> str:
        """What the user said last."""
        return next((turn.text for turn in reversed(self.turns) if turn.role == USER), "")


def dump(case: Case) -> dict[str, JSON]:
    """A case as JSON."""
    return {
        "turns": [turn.text if turn.role == USER else {"role": turn.role, "text": turn.text} for turn in case.turns],
        "calls": [
            {
                "operation": one.operation,
                "arguments": {name: matching.plain(matcher) for name, matcher in one.arguments.items()},
            }
            for one in case.calls
        ],
        "kind": case.kind,
        "language": case.language,
        "ordered": case.ordered,
        "never": list(case.never),
        "others": case.others,
        "closed": case.closed,
        "consent": case.consent,
    }


def load(data: Mapping[str, JSON]) -> Case:
    """What :func:`dump` wrote, or a person: an argument's plain value means "equals". Never raises; what is no case is
    told by :func:`problems`."""
    consent = data.get("consent")
    return Case(
        turns=tuple(_turn(one) for one in _list(data.get("turns"))),
        calls=tuple(_wanted(one) for one in _list(data.get("calls"))),
        kind=_text(data.get("kind") or "direct"),
        language=_text(data.get("language") or "en"),
        ordered=data.get("ordered") is True,
        never=tuple(_text(one) for one in _list(data.get("never"))),
        others=data.get("others") is True,
        closed=data.get("closed") is True,
        consent=consent if isinstance(consent, bool) else None,
    )


def problems(case: Case, operations: frozenset[str] | None = None) -> Iterator[Problem]:
    """What is wrong with a case. ``operations`` are the names that there are; None: nobody knows them."""
    yield from _of_turns(case)
    if case.kind not in KINDS:
        words = said("There is no such kind of prompt. Known: %(names)s", names=", ".join(KINDS))
        yield Problem("/kind", words, "unknown")
    if case.kind == "negative" and case.calls:
        words = said("A negative prompt expects no call. Take the call away, or choose another kind.")
        yield Problem("/kind", words, "negative")
    if len(case.calls) > MOST_CALLS:
        yield Problem("/calls", said("A case expects at most %(n)s calls.", n=MOST_CALLS), "many")
    for number, one in enumerate(case.calls):
        yield from _of_call(one, f"/calls/{number}", operations)
    for number, name in enumerate(case.never):
        yield from _of_name(name, f"/never/{number}", operations)
        if name in case.operations:
            words = said("%(name)s is expected and forbidden at once.", name=name)
            yield Problem(f"/never/{number}", words, "both")
    if case.consent is True and not case.calls:
        words = said("Nobody is asked to confirm when nothing is called.")
        yield Problem("/consent", words, "nothing")


def _of_turns(case: Case) -> Iterator[Problem]:
    if not case.turns or case.turns[-1].role != USER:
        words = said("Say what the user says to the model; the last turn is the user's.")
        yield Problem("/turns", words, "required")
    if len(case.turns) > MOST_TURNS:
        yield Problem("/turns", said("A case has at most %(n)s turns.", n=MOST_TURNS), "many")
    for number, turn in enumerate(case.turns):
        if turn.role not in (USER, ASSISTANT):
            yield Problem(f"/turns/{number}/role", said("A turn is the user's or the assistant's."), "unknown")
        if not turn.text.strip():
            yield Problem(f"/turns/{number}", said("This turn says nothing."), "required")
        elif len(turn.text) > LONGEST:
            yield Problem(f"/turns/{number}", said("A turn has at most %(n)s characters.", n=LONGEST), "long")


def _of_call(one: Wanted, pointer: str, operations: frozenset[str] | None) -> Iterator[Problem]:
    yield from _of_name(one.operation, f"{pointer}/operation", operations)
    if len(one.arguments) > MOST_ARGUMENTS:
        words = said("A call has at most %(n)s matchers.", n=MOST_ARGUMENTS)
        yield Problem(f"{pointer}/arguments", words, "many")
    for name, matcher in one.arguments.items():
        step = name.replace("~", "~0").replace("/", "~1")
        yield from matching.problems(matcher, f"{pointer}/arguments/{step}")


def _of_name(name: str, pointer: str, operations: frozenset[str] | None) -> Iterator[Problem]:
    if not name:
        yield Problem(pointer, said("Name the operation."), "required")
    elif operations is not None and name not in operations:
        words = said("There is no operation %(name)s that ChatGPT has.", name=name)
        yield Problem(pointer, words, "unknown")


def _turn(data: JSON) -> Turn:
    if isinstance(data, Mapping):
        return Turn(_text(data.get("text", data.get("content"))), _text(data.get("role") or USER))
    return Turn(_text(data))


def _wanted(data: JSON) -> Wanted:
    if not isinstance(data, Mapping):
        return Wanted(_text(data))
    arguments = data.get("arguments")
    found = arguments.items() if isinstance(arguments, Mapping) else ()
    return Wanted(_text(data.get("operation")), {str(name): matching.read(one) for name, one in found})


def _list(data: JSON) -> list[JSON]:
    return data if isinstance(data, list) else [] if data in (None, "") else [data]


def _text(data: JSON) -> str:
    return data if isinstance(data, str) else "" if data is None else str(data)
