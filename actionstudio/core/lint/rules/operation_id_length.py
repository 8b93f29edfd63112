"""Rule: names are not too long."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="OP-04",
    sure="E",
    repairs=("operation-names",),
    bad="operationId: getTheListOfAllPetsThatBelongToTheOwnerWhoIsSignedInAtTheMoment",
    good="operationId: listMyPets",
)
def check(look: Look) -> Iterator[Hit]:
    """The model calls namespace and name together, 64 characters at most for functions in general."""
    for op in look.operations:
        if len(op.operation_id) > limits.FUNCTION_NAME:
            message = said(
                "The name “%(name)s…” has %(length)s characters; keep it under %(most)s.",
                name=op.operation_id[:30],
                length=len(op.operation_id),
                most=limits.FUNCTION_NAME,
            )
            yield Hit(f"{op.pointer}/operationId", message)
