"""Rule: an operation says what it does."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="TS-03",
    targets=TARGETS,
    topic="texts",
    sure="C",
    bad="get: {operationId: listPets}",
    good="get: {operationId: listPets, summary: Lists the pets in the shop}",
)
def check(look: Look) -> Iterator[Hit]:
    """The summary or description is all that tells the model when to call an operation."""
    for op in look.operations:
        if not op.summary.strip() and not op.description.strip():
            name = op.operation_id or f"{op.method} {op.path}"
            message = said("Say in a sentence what %(name)s does, so that the model knows when to call it.", name=name)
            yield Hit(op.pointer, message)
