"""Two revisions side by side: what changed as a list, and their documents aligned by structure."""

from dataclasses import dataclass

from actionstudio.apps.publishing.models import Revision
from actionstudio.core.changes import Change, changes
from actionstudio.core.sidebyside import Fold, Line, fold, side_by_side
from actionstudio.core.specs import openapi

ROWS = 3000  # more would only be scrolled past


@dataclass
class Difference:
    """``lines`` are folded; ``cut`` counts those beyond ROWS."""

    changes: list[Change]
    lines: list[Line | Fold]
    cut: int = 0


def compare(old: Revision, new: Revision) -> Difference:
    """What differs from ``old`` to ``new``."""
    before, after = old.contract(), new.contract()
    found = changes(before, after)
    if not found:
        return Difference([], [])
    documents = [openapi.render(value, profile="full", servers=()) for value in (before, after)]
    lines = fold(side_by_side(*documents))
    return Difference(found, lines[:ROWS], max(0, len(lines) - ROWS))
