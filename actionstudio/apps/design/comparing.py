"""Two versions of a contract side by side: what changed as a list, and their documents aligned by structure."""

from dataclasses import dataclass

from actionstudio.core.changes import Change, changes
from actionstudio.core.contract import Contract
from actionstudio.core.sidebyside import Fold, Line, fold, side_by_side
from actionstudio.core.specs import openapi

ROWS = 3000  # more would only be scrolled past


@dataclass
class Difference:
    """``lines`` are folded; ``cut`` counts those beyond ROWS."""

    changes: list[Change]
    lines: list[Line | Fold]
    cut: int = 0


def compare(before: Contract, after: Contract) -> Difference:
    """What differs from ``before`` to ``after``."""
    found = changes(before, after)
    if not found:
        return Difference([], [])
    documents = [openapi.render(value, profile="full", servers=()) for value in (before, after)]
    lines = fold(side_by_side(*documents))
    return Difference(found, lines[:ROWS], max(0, len(lines) - ROWS))
