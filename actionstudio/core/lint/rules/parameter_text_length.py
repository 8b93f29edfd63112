"""Rule: a parameter's description is short enough."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import Hit, rule


@rule(level="degrades", source="OP-06")
def check(look: Look) -> Iterator[Hit]:
    """The description of a parameter has at most 700 characters. What ChatGPT does with a longer one is not known."""
    for op in look.operations:
        for pointer, parameter in look.parameters(op):
            if len(parameter.description) > limits.PARAMETER_TEXT:
                place, length = place_of(pointer), len(parameter.description)
                message = f"{place}: the description of “{parameter.name}” has {length} characters"
                yield Hit(f"{pointer}/description", f"{message}; ChatGPT takes {limits.PARAMETER_TEXT} at most.")
