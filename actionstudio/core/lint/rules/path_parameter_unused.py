"""Rule: every path parameter stands in the path."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said, said_n


@rule(
    level="degrades",
    source="PAR-03",
    targets=TARGETS,
    sure="E",
    repairs=("path-parameters",),
    mended=lambda n: said_n(
        "%(n)s path parameter is not in its path; GPT does not get it.",
        "%(n)s path parameters are not in their paths; GPT does not get them.",
        n,
    ),
    bad="/pets: {get: {parameters: [{name: id, in: path}]}}",
    good="/pets: {get: {parameters: [{name: id, in: query}]}}",
)
def check(look: Look) -> Iterator[Hit]:
    """A path parameter whose name is not in the path goes nowhere."""
    for op in look.operations:
        for pointer, parameter in look.parameters(op):
            if parameter.in_ == "path" and f"{{{parameter.name}}}" not in op.path:
                message = said(
                    "“%(name)s” is a path parameter, but %(path)s has no “{%(name)s}”. "
                    "Put it into the path, or make it a query parameter.",
                    name=parameter.name,
                    path=op.path,
                )
                yield Hit(pointer, message)
