"""What a reader gives back: the contract with what was noticed, or what must be fetched first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from actionstudio.core.contract import Contract
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.words import said

type JSON = Any

DEEPEST = 120


@dataclass(frozen=True, slots=True)
class Report:
    """What was read: the contract, the format it was in, what was noticed, and how many operations survived.

    ``secrets`` counts the credentials that the source held and the contract does not.
    """

    contract: Contract
    format: str
    problems: tuple[Problem, ...]
    operations_in: int
    operations_kept: int
    secrets: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """The source names a document by ``url``. Readers fetch nothing: who asked fetches it, reads it, and gives that
    report to ``then`` for the whole. ``format`` is what the source itself is."""

    url: str
    format: str
    then: Callable[[Report], Report]


def check_depth(doc: JSON) -> None:
    """Raises Refused when ``doc`` is nested deeper than any honest document."""
    level = [doc]
    for _ in range(DEEPEST):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    message = said("This document is nested more than %(most)s levels deep.", most=DEEPEST)
    raise Refused(Problem("", message, "depth"))
