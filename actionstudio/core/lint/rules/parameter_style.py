"""Rule: lists in parameters are sent the usual way."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="PAR-04",
    targets=("gpt", "plugin"),
    topic="calls",
    sure="C",
    bad="{name: tag, in: query, explode: false, schema: {type: array}}",
    good="{name: tag, in: query, schema: {type: array}}",
)
def check(look: Look) -> Iterator[Hit]:
    """Lists in the query arrive as repeated keys (?tag=a&tag=b), whatever “style” and “explode” say."""
    for op in look.operations:
        for pointer, parameter in look.parameters(op):
            if parameter.in_ == "query" and (parameter.explode is False or parameter.style not in (None, "form")):
                message = said(
                    "ChatGPT may send “%(name)s” as repeated keys; its style and explode are not honoured.",
                    name=parameter.name,
                )
                yield Hit(pointer, message)
