"""Rule: names are letters, digits and underscores."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.specs import gpt
from actionstudio.core.words import said


@rule(
    level="advice",
    source="OP-04",
    sure="E",
    repairs=("operation-names",),
    bad="operationId: get-pet",
    good="operationId: getPet",
)
def check(look: Look) -> Iterator[Hit]:
    """Every name ever seen in front of the model is letters, digits and underscores, beginning with a letter."""
    for op in look.operations:
        if op.operation_id and not gpt.is_name(op.operation_id):
            message = said(
                "Use letters, digits and _ in “%(name)s”, beginning with a letter; ChatGPT may rewrite it.",
                name=op.operation_id,
            )
            yield Hit(f"{op.pointer}/operationId", message)
