"""Rule: a path belongs to one operation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actionstudio.core.contract import Operation
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said

_NAMES = re.compile(r"\{[^{}]*\}")


@rule(
    level="degrades",
    targets=TARGETS,
    topic="quality",
    bad="/pets/{id}: …\n/pets/{name}: …",
    good="/pets/{id}: …\n/pets/by-name/{name}: …",
)
def check(look: Look) -> Iterator[Hit]:
    """Two paths that differ in the names of their parameters only are the same address (OpenAPI 3.1.0, section 4.8.8).

    Only one of them is ever called.
    """
    first: dict[tuple[str, str], Operation] = {}
    for op in look.contract.operations if look.only is None else ():
        shape = _NAMES.sub("{}", op.path)
        other = first.setdefault((op.method, shape), op)
        if other is not op and op.exposed:
            message = said("%(path)s and %(other)s are the same address.", path=op.path, other=other.path)
            yield Hit(op.pointer, message)
