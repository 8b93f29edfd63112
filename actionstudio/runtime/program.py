"""What one address does with a call, compiled from its contract: route > guard > read > respond, in this order."""

from __future__ import annotations

from typing import Any

from actionstudio.runtime import replies
from actionstudio.runtime.ports import Hosted
from actionstudio.runtime.visit import Visit


class Program:
    def __init__(self, hosted: Hosted) -> None:
        self.hosted = hosted
        self.masks = hosted.masks

    def other_revision(self, visit: Visit) -> int | None:
        return None

    def document_of(self, visit: Visit, hosted: Any) -> None: ...

    def answer(self, visit: Visit) -> None:
        visit.reply = replies.problem(503, "The mock engine is not compiled in yet")


def compile(hosted: Hosted) -> Program:
    """The program of one address."""
    return Program(hosted)
