"""What an import comes to: its messages by defect, and the outcome in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.message import LEVELS, Message
from actionstudio.core.words import said, said_n

OUTCOMES = ("refused", "losing", "noisy", "silent")
CERTAIN = ("A", "B", "C")  # documentation, ChatGPT's own client, several reports; less is "reported"


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong in the document, with every line that ChatGPT says because of it."""

    messages: tuple[Message, ...]

    @cached_property
    def first(self) -> Message:
        """The line that says most: the worst, of those the first."""
        return min(self.messages, key=lambda message: LEVELS.index(message.level))

    @property
    def level(self) -> str:
        """What it costs: the worst of its lines (LEVELS)."""
        return self.first.level

    @cached_property
    def repair(self) -> str:
        """The repair that mends it, "" when a person must."""
        return next((message.repair for message in self.messages if message.repair), "")

    @property
    def certain(self) -> bool:
        """Whether ChatGPT's behaviour here is more than one report or our conclusion."""
        return self.first.confidence in CERTAIN

    @property
    def places(self) -> tuple[str, ...]:
        """The pointers of its lines, each once."""
        return tuple(dict.fromkeys(message.pointer for message in self.messages))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome (OUTCOMES) and what it is made of. ``kept`` and ``lost`` count operations, ``lines`` red lines."""

    outcome: str
    lines: int
    kept: int
    lost: int
    parameters: int  # parameters that do not arrive, of operations that do
    sentence: str
    denied: int = 0  # operations that arrive and whose every call is refused for want of a credential (SEC-04)


def defects(messages: Iterable[Message]) -> tuple[Defect, ...]:
    """The messages by their cause, the worst defect first, then in the editor's order. Without a cause, each is one."""
    found: dict[object, list[Message]] = {}
    for index, message in enumerate(messages):
        found.setdefault(message.cause or index, []).append(message)
    made = [Defect(tuple(lines)) for lines in found.values()]
    return tuple(sorted(made, key=lambda defect: LEVELS.index(defect.level)))


def verdict(imported: Import) -> Verdict:
    """What becomes of the document in ChatGPT's editor."""
    kept = 0 if imported.fatal else sum(op.kept for op in imported.operations)
    lost = len(imported.operations) - kept
    parameters = sum(len(op.dropped_parameters) for op in imported.operations if op.kept)
    denied = 0 if imported.fatal else sum(message.rule == "SEC-04" for message in imported.silent)
    if imported.fatal or not kept:
        outcome = "refused"
    elif lost or parameters or denied:
        outcome = "losing"
    else:
        outcome = "noisy" if imported.messages else "silent"
    lines = len(imported.messages) + imported.more
    sentence = _SENTENCES[outcome](imported, kept, lost, parameters) if lost or parameters or not denied else ""
    if denied and kept:
        sentence = said("%(lost)s %(denied)s", lost=sentence, denied=_denied(denied)) if sentence else _denied(denied)
    return Verdict(outcome, lines, kept, lost, parameters, sentence, denied)


def _denied(denied: int) -> str:
    return said_n(
        "Every call of %(n)s operation will be refused with 401: ChatGPT cannot send what it asks for.",
        "Every call of %(n)s operations will be refused with 401: ChatGPT cannot send what they ask for.",
        denied,
    )


def _refused(imported: Import, _kept: int, lost: int, _parameters: int) -> str:
    if not lost:
        return said("ChatGPT takes nothing: it finds no operation in this document.")
    if not imported.fatal:
        return said_n(
            "ChatGPT takes nothing: the only operation is dropped.",
            "ChatGPT takes nothing: all %(n)s operations are dropped.",
            lost,
        )
    return said("ChatGPT refuses this document: no operation arrives.")


def _losing(_imported: Import, kept: int, lost: int, parameters: int) -> str:
    if lost and parameters:
        return said_n(
            "%(n)s of %(all)s operations is lost, and %(p)s.",
            "%(n)s of %(all)s operations are lost, and %(p)s.",
            lost,
            all=kept + lost,
            p=said_n("%(n)s parameter of the others", "%(n)s parameters of the others", parameters),
        )
    if lost:
        return said_n(
            "%(n)s of %(all)s operations is lost.", "%(n)s of %(all)s operations are lost.", lost, all=kept + lost
        )
    return said_n(
        "Every operation arrives, but %(n)s parameter does not.",
        "Every operation arrives, but %(n)s parameters do not.",
        parameters,
    )


def _noisy(_imported: Import, kept: int, _lost: int, _parameters: int) -> str:
    return said_n(
        "The only operation arrives; the red lines do not stop it.",
        "All %(n)s operations arrive; the red lines do not stop them.",
        kept,
    )


def _silent(_imported: Import, kept: int, _lost: int, _parameters: int) -> str:
    return said_n(
        "ChatGPT imports this in silence: %(n)s operation, no message.",
        "ChatGPT imports this in silence: %(n)s operations, no message.",
        kept,
    )


_SENTENCES = {"refused": _refused, "losing": _losing, "noisy": _noisy, "silent": _silent}
