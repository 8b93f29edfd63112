"""One case asked of one model: the turns are said, the calls that it wishes for are kept, judged, and told of.

Nothing is called, unless the run says "mock": a model that needs an answer to go on is told the operation's example. No
more is asked than the verdict needs: when as many calls were wished for as the case expects, the talk is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from actionstudio.apps.simulator.models import PromptOutcome
from actionstudio.apps.simulator.models.prompts import packed
from actionstudio.apps.simulator.prompts.offering import Offer
from actionstudio.apps.simulator.providers.provider import Prompt, Provider, Reply, Said, Wish
from actionstudio.core.prompting import Called, Case, score, scoring
from actionstudio.core.prompting.case import USER

type JSON = Any

ROUNDS = 6  # answers of a model to one turn of the user
SHOWN = 4_000  # characters of each text that is kept of what travelled
TRACED = 12  # requests of one case that are kept
WISHES = 16  # calls that one answer may wish for
UNKNOWN = "There is no function of that name."


@dataclass
class Talk:
    """One conversation as it goes. ``perform`` makes a call and says what the model is told of it, and what of
    that may be kept; None: the example is told."""

    offer: Offer
    case: Case
    provider: Provider
    perform: Callable[[str, str], tuple[str, str]] | None = None
    temperature: float | None = None
    seed: int | None = None
    stopped: Callable[[], bool] = bool
    messages: list[Said] = field(default_factory=list)
    called: list[Called] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    trace: list[dict[str, JSON]] = field(default_factory=list)

    def run(self) -> None:
        """Says all turns. Raises ProviderError, and Stopped when nobody wants to know any more."""
        turns = self.case.turns
        for number, turn in enumerate(turns):
            self.messages.append(Said(turn.role, turn.text))
            following = turns[number + 1 : number + 2]
            if turn.role == USER and (not following or following[0].role == USER):
                self._answered(number, final=not following)

    def _answered(self, turn: int, final: bool) -> None:
        for _n in range(ROUNDS):
            reply = self._reply()
            self.messages.append(Said("assistant", reply.text, reply.wishes[:WISHES]))
            if not reply.wishes:
                return
            told = [self._told(wish, turn) for wish in reply.wishes[:WISHES]]
            if final and self._enough():
                return
            self.messages += told

    def _enough(self) -> bool:
        """Whether more answers could not change the verdict."""
        if self.perform is not None:
            return False
        if self.case.others:
            made = [one.operation for one in self.called]
            return all(made.count(name) >= self.case.operations.count(name) for name in self.case.operations)
        late = [one for one in self.called if not scoring.early(self.case, one)]
        return len(late) >= len(self.case.calls)

    def _reply(self) -> Reply:
        prompt = Prompt(
            self.offer.instructions,
            tuple(self.messages),
            self.offer.tools,
            self.temperature,
            self.seed,
            self.case.language,
        )
        reply = None
        for event in self.provider.stream(prompt, self.stopped):
            reply = event if isinstance(event, Reply) else reply
        if reply is None or self.stopped():
            raise Stopped
        self.replies.append(reply)
        if len(self.trace) < TRACED:
            self.trace.append({"request": small(reply.request), "response": small(reply.response)})
        return reply

    def _told(self, wish: Wish, turn: int) -> Said:
        sheet = self.offer.by_name.get(wish.name)
        if sheet is None:
            self.called.append(Called(wish.name[:200], wish.arguments, unknown=True, turn=turn))
            return Said("tool", UNKNOWN, answers=wish.id)
        self.called.append(Called(sheet.operation, wish.arguments, sheet.consequential, turn=turn))
        if self.perform is None:
            text = self.offer.told.get(sheet.operation, "{}")
        else:
            text, shown = self.perform(sheet.operation, wish.arguments)
            if self.trace:
                self.trace[-1].setdefault("told", []).append([sheet.operation, shown[:SHOWN]])
        return Said("tool", text, answers=wish.id)


class Stopped(Exception):
    """Nobody wants to know the answer any more."""


def found(talk: Talk) -> dict[str, JSON]:
    """What a talk has brought, as the columns of its outcome."""
    made = score(talk.case, talk.called, talk.offer.operations)
    usages = [reply.usage for reply in talk.replies]
    verdicts = PromptOutcome.Verdict
    return {
        "verdict": verdicts.PASSED if made.passed else verdicts.FAILED,
        "score": scoring.plain(made),
        "called": [plain(one) for one in talk.called],
        "text": "\n".join(reply.text for reply in talk.replies if reply.text)[:SHOWN],
        "why": dict(talk.replies[-1].why) if talk.replies else {},
        "tokens_in": _sum(one.prompt for one in usages),
        "tokens_out": _sum(one.completion for one in usages),
        "dollars": _sum(one.dollars for one in usages),
        "ms": sum(reply.ms for reply in talk.replies),
        "packed": packed({"trace": talk.trace}),
        "error": "",
    }


def plain(one: Called) -> dict[str, JSON]:
    """A call as its outcome keeps it."""
    kept = {"operation": one.operation, "arguments": one.arguments[:SHOWN], "consent": one.consent}
    return {**kept, "unknown": one.unknown, "turn": one.turn}


def small(value: JSON, most: int = SHOWN) -> JSON:
    """What travelled without its tools (the run has them once), without what calls were answered (``told`` has that),
    and with long texts cut."""
    if isinstance(value, dict):
        answered = value.get("role") == "tool" or value.get("type") == "function_call_output"
        left_out = ("tools", "functions", *(("content", "output") if answered else ()))
        return {key: "…" if key in left_out else small(item, most) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [small(item, most) for item in value[:200]]
    return f"{value[: most - 1]}…" if isinstance(value, str) and len(value) > most else value


def _sum(values: Iterable[Any]) -> Any:
    found: Sequence[Any] = [one for one in values if one is not None]
    return sum(found) if found else None
