"""Rule: names are letters, digits and underscores."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.specs import gpt


@rule(level="advice", source="OP-04")
def check(look: Look) -> Iterator[Hit]:
    """Every name ever seen in front of the model is letters, digits and underscores, beginning with a letter."""
    for op in look.operations:
        if op.operation_id and not gpt.is_name(op.operation_id):
            message = (
                f"Use letters, digits and _ in “{op.operation_id}”, beginning with a letter; ChatGPT may rewrite it."
            )
            yield Hit(f"{op.pointer}/operationId", message)
