"""Rule: every operation has a name."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.specs import gpt
from actionstudio.core.words import said, said_n


@rule(
    level="drops-op",
    source="OP-02",
    targets=("gpt", "plugin"),
    sure="C",
    repairs=("operation-ids",),
    mended=lambda n: said_n(
        "%(n)s endpoint has no name of its own; GPT gets a made-up one.",
        "%(n)s endpoints have no name of their own; GPT gets made-up ones.",
        n,
    ),
    words="In path /p, method get is missing operationId; skipping",
    bad="get: {summary: Lists pets}",
    good="get: {operationId: listPets, summary: Lists pets}",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT calls an operation by its name (operationId) and skips one without.

    Our GPT document makes a name of method and path until you give one.
    """
    for op in look.operations:
        if not op.operation_id:
            yield Hit(
                op.pointer,
                said(
                    "%(op)s has no name. Give it one, such as “%(name)s”.",
                    op=f"{op.method} {op.path}",
                    name=gpt.made_name(op),
                ),
                f"In path {op.path}, method {op.method.lower()} is missing operationId; skipping",
            )
