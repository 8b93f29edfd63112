"""Rule: paths are written cleanly."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(level="advice", targets=TARGETS, topic="quality", bad="/pets/", good="/pets")
def check(look: Look) -> Iterator[Hit]:
    """A slash at the end of a path, two in a row, spaces or a query in it are misread by one client or another.

    Write the plain path; what is behind “?” belongs into parameters.
    """
    for op in look.operations:
        if (len(op.path) > 1 and op.path.endswith("/")) or "//" in op.path or "?" in op.path or " " in op.path:
            yield Hit(op.pointer, said("“%(path)s” is not a clean path.", path=op.path))
