"""The messages of a chat as what its page shows: bubbles, answers, call lines, cards and notices.

What stands in ``Message.data`` is told in ``chatting/__init__.py``; all of it may be missing, and is then not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.models import Message
from actionstudio.apps.simulator.pages import answers, attaching, callings
from actionstudio.apps.simulator.pages.attaching import Shown
from actionstudio.apps.simulator.pages.callings import Calling

Role, State = Message.Role, Message.State
NOTICES = {
    "limit": lazy("The model answered with calls too many times in a row, so the simulator ended this turn."),
    "error": lazy("The simulator itself failed here. What was said and called before is kept; try again."),
}
TROUBLES = {  # what a person can do about a model that did not answer, beside what its server said
    "interrupted": lazy("The process that wrote this answer has ended; the answer stays as far as it came."),
    "key": lazy("The model's server does not take the key. Change it in your models."),
    "unreachable": lazy("The model's server cannot be reached."),
    "time": lazy("The model's server took too long."),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One message as it is shown. ``number`` of ``of`` versions, with the pks of the versions beside it; ``last`` of
    the branch; ``again`` is the pk that a new try begins from (0: none)."""

    message: Message
    html: SafeString | str = ""
    call: Calling | None = None
    fault: str = ""
    number: int = 1
    of: int = 1
    before: int = 0
    after: int = 0
    last: bool = False
    again: int = 0
    files: tuple[Shown, ...] = ()

    @property
    def pk(self) -> int:
        return self.message.pk

    @property
    def kind(self) -> str:
        return self.message.role

    @property
    def streams(self) -> bool:
        return self.message.role == Role.ASSISTANT and self.message.state == State.STREAMING

    @property
    def text(self) -> str:
        """What a notice says."""
        words = NOTICES.get(self.message.data.get("code", ""))
        return str(words) if words else self.message.text

    @property
    def level(self) -> str:
        """How a notice looks."""
        return "bad" if self.message.data.get("code") == "error" else "warn"

    @property
    def cost(self) -> str:
        """What an answer cost: its tokens, dollars and time."""
        return cost(self.message.usage)

    @property
    def shown(self) -> bool:
        """Whether there is anything to see of it: an answer that only wished for calls is seen in them."""
        return bool(self.kind != Role.ASSISTANT or self.html or self.streams or self.fault or self.of > 1)


def cost(usage: Mapping[str, Any]) -> str:
    """Tokens, dollars and time of an answer, for people; "" when nothing is known."""
    said = []
    tokens = (usage.get("prompt") or 0) + (usage.get("completion") or 0)
    if tokens:
        words = ngettext("%(n)s token", "%(n)s tokens", tokens)
        said.append(words % {"n": number_format(tokens, force_grouping=True)})
    if usage.get("dollars") is not None:
        said.append("$" + number_format(usage["dollars"], 4))
    if usage.get("ms"):
        said.append(_("%(n)s ms") % {"n": number_format(usage["ms"], force_grouping=True)})
    return " · ".join(said)


def total(messages: Iterable[Message]) -> dict[str, Any]:
    """What all answers of a branch cost together. ``dollars`` is None when no price is known."""
    usages = [message.usage for message in messages if message.usage]
    priced = [usage["dollars"] for usage in usages if usage.get("dollars") is not None]
    tokens = sum((usage.get("prompt") or 0) + (usage.get("completion") or 0) for usage in usages)
    return {"tokens": tokens, "dollars": sum(priced) if priced else None}


def of_branch(project: Project, branch, gpt_name: str) -> list[Piece]:
    """The pieces of a branch (``chatting.branching.Branch``). Three queries for where its calls are in the log, and its
    files in the studio."""
    places = callings.places(project, [message for message in branch if message.role == Role.CALL])
    places |= attaching.places(project, branch)
    return [piece(branch, message, gpt_name, places) for message in branch]


def piece(branch, message: Message, gpt_name: str, places: Mapping[str, str]) -> Piece:
    """One message of a branch as it is shown. ``places``: where its calls and files are."""
    beside = branch.siblings(message)
    at = beside.index(message.pk) if message.pk in beside else 0
    last = branch.tip is not None and branch.tip.pk == message.pk
    queued = _queued(branch, message)
    return Piece(
        message,
        html=answers.html(message.text) if message.role == Role.ASSISTANT and message.text.strip() else "",
        call=callings.of(message, gpt_name, places, queued) if message.role == Role.CALL else None,
        fault=_fault(message),
        number=at + 1,
        of=len(beside),
        before=beside[at - 1] if at else 0,
        after=beside[at + 1] if at + 1 < len(beside) else 0,
        last=last,
        again=_again(branch, message) if last and not queued else 0,
        files=attaching.of(message, places),
    )


def _queued(branch, message: Message) -> bool:
    """Whether a call has not begun since one before it waits for its person."""
    if message.role != Role.CALL or message.state != State.STREAMING:
        return False
    return any(one.state == State.WAITING and one.pk < message.pk for one in branch.calls)


def _again(branch, tip: Message) -> int:
    """The answer that a new try replaces: the last one of the branch that answers, 0 where none does."""
    for message in reversed(tuple(branch)):
        if message.role == Role.ASSISTANT:
            return message.pk
        if message.role == Role.USER:
            break
    return 0


def _fault(message: Message) -> str:
    """Why an answer did not come or did not end; "" when it did."""
    error = message.data.get("error") or {}
    if not error:
        return ""
    words = TROUBLES.get(error.get("code", ""))
    return " ".join(part for part in (str(words or ""), error.get("message", "")) if part)
