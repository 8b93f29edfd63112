"""Rule: no two operations have the same name."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said, said_n


@rule(
    level="degrades",
    source="OP-03",
    targets=TARGETS,
    sure="E",
    repairs=("operation-ids",),
    mended=lambda n: said_n(
        "%(n)s endpoint has the name of another; GPT gets it under a name of its own.",
        "%(n)s endpoints have the names of others; GPT gets them under names of their own.",
        n,
    ),
    bad="operationId: list (twice)",
    good="operationId: listPets\noperationId: listOwners",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT lists operations by name: of two with the same name, only one can be called."""
    first: dict[str, str] = {}
    for op in look.contract.operations:
        if op.exposed and op.operation_id:
            first.setdefault(op.operation_id, f"{op.method} {op.path}")
    for op in look.operations:
        other = first.get(op.operation_id, f"{op.method} {op.path}")
        if other != f"{op.method} {op.path}":
            message = said(
                "“%(name)s” is also the name of %(other)s. Rename one of them.", name=op.operation_id, other=other
            )
            yield Hit(f"{op.pointer}/operationId", message)
