"""The scripted model's next answer, from the conversation alone: the same conversation gives the same answer.

In this order: a script; the answer to its own question; the operation that the words choose; the call before with
something changed ("and in Oslo?"); what it can do, in words. After a call it tells what came back, or goes on with the
rest of the sentence ("… and then …").
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import orjson

from actionstudio.core.scripted import scripts as scripting
from actionstudio.core.scripted.choosing import LEAST, Ranked, choose
from actionstudio.core.scripted.deciding import Doubt, Pending, Step, decide
from actionstudio.core.scripted.parting import parts
from actionstudio.core.scripted.passing import passed_over
from actionstudio.core.scripted.said import HEARD, Sentence
from actionstudio.core.scripted.scripts import Script
from actionstudio.core.scripted.telling import Outcome, outcome, told_of
from actionstudio.core.scripted.tool import Tool
from actionstudio.core.words import said

type JSON = Any
REMEMBERED = 40  # messages before the last that are looked at
__all__ = ["LEAST", "Ranked", "Turn", "answer", "choose"]


class Wish(Protocol):
    """A call that was asked for."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def arguments(self) -> str: ...


class File(Protocol):
    """A file that came with a sentence."""

    @property
    def id(self) -> str: ...


class Message(Protocol):
    """One message of the conversation; ``role`` is user, assistant or tool. ``files`` came with what a user said, or
    with the answer of a call."""

    @property
    def role(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def wishes(self) -> Sequence[Wish]: ...
    @property
    def answers(self) -> str: ...
    @property
    def files(self) -> Sequence[File]: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """``lines`` is what is said (each perhaps made by ``words.said``), ``call`` the tool to call with which arguments
    as text; one of the two. ``why`` tells how it came to it. ``fails``: the model is to fail with ``lines``."""

    lines: tuple[str, ...] = ()
    call: tuple[str, str] | None = None
    why: Mapping[str, JSON] = field(default_factory=dict)
    fails: bool = False
    language: str = "en"


def answer(
    messages: Sequence[Message],
    tools: Sequence[Tool],
    scripts: Sequence[Script] = (),
    language: str = "en",
    today: datetime.date | None = None,
) -> Turn:
    """What comes after ``messages``. ``language`` is the reader's, for a sentence that does not tell its own."""
    talk = _Talk(tools, scripts, language, today)
    first = max(0, len(messages) - REMEMBERED)
    talk.turn = sum(1 for one in messages[:first] if one.role == "user")
    for n, message in enumerate(messages[first:], first):
        last = n == len(messages) - 1
        if message.role == "user":
            talk.hear(message.text, _ids(message))
        elif message.role == "assistant":
            talk.remember(message)
        elif message.role == "tool":
            talk.learn(message)
        if last:
            break
    return talk.answer(messages[-1].role if messages else "")


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(one.id for one in message.files)


class _Talk:
    """A conversation so far: the last sentence, the calls since, what was asked back."""

    def __init__(
        self, tools: Sequence[Tool], scripts: Sequence[Script], language: str, today: datetime.date | None
    ) -> None:
        self.tools, self.scripts, self.language, self.today = tools, scripts, language, today
        self.turn = 0
        self.sentence = Sentence("", today, language)
        self._length = 0  # of what was said last, of which the sentence may be the beginning alone
        self.outcomes: list[Outcome] = []
        self.open: dict[str, Wish] = {}
        self.since = 0  # calls since the last sentence
        self._files: tuple[str, ...] = ()  # those that came last
        self.pending: Pending | Doubt | None = None
        self._silent = False  # whether the last sentence was not answered yet

    def hear(self, text: str, files: tuple[str, ...] = ()) -> None:
        """A sentence of the user's, and the files that came with it."""
        self.turn += 1
        self._length = len(text)
        self.sentence = Sentence(text[:HEARD], self.today, self.language, files, self._files)
        self._files = files or self._files
        self.language = self.sentence.language
        self.since = 0
        self._silent = True

    def remember(self, message: Message) -> None:
        """What was answered: a call, or perhaps a question of ours, which the same rules would ask again."""
        if message.wishes:
            self.pending = None
            self.open = {wish.id: wish for wish in message.wishes}
            self.since += len(message.wishes)
        elif self._silent:
            self.pending = self._step(0).pending
        elif 0 < self.since < len(parts(self.sentence)) and self.outcomes and not self.outcomes[-1].error:
            self.pending = self._step(self.since).pending
        self._silent = False

    def learn(self, message: Message) -> None:
        """What came of a call."""
        wish = self.open.get(message.answers)
        if wish is None:
            return
        try:
            arguments = orjson.loads(wish.arguments or "{}")
        except orjson.JSONDecodeError:
            arguments = {}
        given = arguments if isinstance(arguments, dict) else {}
        self.outcomes.append(outcome(wish.name, given, message.text))
        self._files = _ids(message) or self._files

    def answer(self, role: str) -> Turn:
        """What comes next."""
        if role == "tool":
            turn = self._after()
            return turn if turn.call or turn.why.get("by") == "script" else self._told_of_cut(turn)
        found = scripting.matching(self.scripts, self.sentence.text, self.turn)
        if found is not None:
            return self._cut(self._scripted(*found), len(self.sentence.text))
        turn = self._cut(self._turn(self._step(0)), self.sentence.read)
        return turn if turn.call else self._told_of_cut(turn)

    def _cut(self, turn: Turn, read: int) -> Turn:
        """The turn, which tells of it where not all that was said was read."""
        if read >= self._length:
            return turn
        return replace(turn, why={**turn.why, "cut": {"read": read, "of": self._length}})

    def _told_of_cut(self, turn: Turn) -> Turn:
        """What is said, and to the user, too, that not all of what they said was read."""
        if self.sentence.read >= self._length:
            return turn
        line = said(
            "Of the %(of)s characters that you wrote I read %(read)s.", of=self._length, read=self.sentence.read
        )
        return replace(turn, lines=(*turn.lines, line))

    def _step(self, part: int) -> Step:
        if scripting.matching(self.scripts, self.sentence.text, self.turn) is not None:
            return Step()
        pieces = parts(self.sentence)
        piece = pieces[part] if part < len(pieces) else self.sentence
        return decide(piece, self.tools, self.outcomes, self.pending if part == 0 else None)

    def _turn(self, step: Step) -> Turn:
        return Turn(step.lines, step.call, step.why, language=self.sentence.language)

    def _scripted(self, script: Script, values: dict[str, str]) -> Turn:
        why = {"by": "script", "script": script.name or script.pattern, "chosen": None}
        language = self.sentence.language
        if script.then != "call":
            text = scripting.filled(script.text, values, self.outcomes[-1].data if self.outcomes else None)
            return Turn((text,), None, why, script.then == "fail", language)
        tool = next((one for one in self.tools if script.operation in (one.operation_id, one.name)), None)
        if tool is None:
            line = said("The script asks for %(name)s, which ChatGPT does not have here.", name=script.operation)
            return Turn((line,), None, why, language=language)
        why |= {"chosen": tool.name, "operation": tool.operation_id}
        return Turn((), (tool.name, scripting.arguments_of(script, values)), why, language=language)

    def _after(self) -> Turn:
        """After the answers of calls: the rest of the sentence, or what came of them."""
        fresh = self.outcomes[-self.since :] if self.since else self.outcomes[-1:]
        found = scripting.matching(self.scripts, self.sentence.text, self.turn)
        last = fresh[-1] if fresh else None
        if found is not None and found[0].then == "call" and found[0].text and last is not None:
            text = scripting.filled(found[0].text, found[1], last.data)
            return Turn((text,), None, {"by": "script", "chosen": None}, language=self.sentence.language)
        if found is None and last is not None and not last.error and self.since < len(parts(self.sentence)):
            step = self._step(self.since)
            if step.call:
                return self._turn(step)
            return self._rest(step, fresh)
        left = passed_over(self.sentence, self.tools, fresh) if found is None else ()
        return Turn((*self._came(fresh), *left), None, {"by": "told"}, language=self.sentence.language)

    def _came(self, fresh: Sequence[Outcome]) -> tuple[str, ...]:
        """What came of these calls."""
        lines = [line for one in fresh for line in told_of(one, self.sentence)]
        return tuple(lines) or (said("There was no answer to tell of."),)

    def _rest(self, step: Step, fresh: Sequence[Outcome]) -> Turn:
        """What came, and the question that the rest of the sentence needs; or that nothing could be made of it."""
        lines = step.lines
        if step.pending is None:
            text = parts(self.sentence)[self.since].text
            lines = (said("Of “%(text)s” I could make no call. Say it again in other words.", text=text),)
        return Turn((*self._came(fresh), *lines), None, {**step.why, "by": "told"}, language=self.sentence.language)
