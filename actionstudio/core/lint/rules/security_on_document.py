"""Rule: every operation says what it asks for."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="SEC-03",
    sure="D",
    bad="security: [{key: []}]\npaths:\n  /todos: {get: {operationId: listTodos}}",
    good="paths:\n  /todos: {get: {operationId: listTodos, security: [{key: []}]}}",
)
def check(look: Look) -> Iterator[Hit]:
    """With one “security” for the whole document the import is said to be inconsistent.

    The document that we serve repeats it on every operation.
    """
    if not look.as_written or look.only is not None or not look.contract.security:
        return
    if any(op.security is None for op in look.operations):
        message = said("“security” stands on the document only. Repeat it on each operation.")
        yield Hit("/security", message)
