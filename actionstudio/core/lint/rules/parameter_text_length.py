"""Rule: a parameter's description is short enough."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule


@rule(level="degrades", source="OP-06")
def check(look: Look) -> Iterator[Hit]:
    """The description of a parameter has at most 700 characters. What ChatGPT does with a longer one is not known."""
    for op in look.operations:
        for pointer, parameter in look.parameters(op):
            if len(parameter.description) > limits.PARAMETER_TEXT:
                message = (
                    f"The description of “{parameter.name}” has {len(parameter.description)} characters; ChatGPT takes "
                    f"{limits.PARAMETER_TEXT} at most."
                )
                yield Hit(f"{pointer}/description", message)
