"""Rule: a parameter's description is short enough."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="OP-06",
    sure="A",
    repairs=("shorten-texts",),
    bad="description: more than 700 characters",
    good="description: one or two sentences",
)
def check(look: Look) -> Iterator[Hit]:
    """The description of a parameter has at most 700 characters. What ChatGPT does with a longer one is not known."""
    for op in look.operations:
        for pointer, parameter in look.parameters(op):
            if len(parameter.description) > limits.PARAMETER_TEXT:
                message = said(
                    "%(place)s: the description of “%(name)s” has %(length)s characters; "
                    "ChatGPT takes %(most)s at most.",
                    place=place_of(pointer),
                    name=parameter.name,
                    length=len(parameter.description),
                    most=limits.PARAMETER_TEXT,
                )
                yield Hit(f"{pointer}/description", message)
