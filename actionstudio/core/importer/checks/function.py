"""One operation on its way to a function that the model can call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from actionstudio.core.importer.message import Argument
from actionstudio.core.importer.reading import Reading
from actionstudio.core.words import said

type JSON = Any


@dataclass(slots=True)
class Function:
    """An operation with a name: what was found wrong with it, and the arguments it has so far."""

    reading: Reading
    path: str
    method: str  # lower case
    name: str
    raw: dict[str, JSON]
    pointer: str
    arguments: list[Argument] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)  # names of parameters
    gone: bool = False  # dropped, and that was said
    cause: str = ""  # of the first defect that drops the operation
    repair: str = ""
    confidence: str = ""

    @property
    def context(self) -> str:
        """How messages name it."""
        return f"In path {self.path}, method {self.method}, operationId {self.name}"

    def say(self, rule: str, level: str, text: str, pointer: str, explanation: str, **rest: str) -> None:
        """Adds a message about this operation."""
        self.reading.say(rule, level, f"{self.context}, {text}", pointer, explanation, **rest)

    def drop(self, cause: str, repair: str, confidence: str = "C") -> None:
        """Notes that the operation cannot be taken; the first reason counts."""
        if not self.cause:
            self.cause, self.repair, self.confidence = cause, repair, confidence

    def finish(self) -> bool:
        """Says that the operation is dropped, if it is. Returns whether it is kept."""
        if not self.cause:
            return not self.gone
        self.say(
            self.cause.partition(":")[0],
            "drops-op",
            "skipping function due to errors",
            self.pointer,
            said("The operation is dropped for what was said before; the others are read."),
            confidence=self.confidence,
            cause=self.cause,
            repair=self.repair,
        )
        return False
