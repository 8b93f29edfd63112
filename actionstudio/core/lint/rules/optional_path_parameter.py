"""Rule: a path parameter is required."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="PAR-03",
    targets=TARGETS,
    topic="quality",
    sure="E",
    repairs=("path-parameters",),
    bad="{name: id, in: path}",
    good="{name: id, in: path, required: true}",
)
def check(look: Look) -> Iterator[Hit]:
    """A path cannot leave a part out: path parameters are required (OpenAPI 3.1.0, section 4.8.12).

    The document that we serve says so on its own.
    """
    for op in look.operations if look.as_written else ():
        for pointer, parameter in look.parameters(op):
            if parameter.in_ == "path" and not parameter.required:
                message = said("“%(name)s” of %(op)s must be required.", name=parameter.name, op=texts.name_of(op))
                yield Hit(pointer, message)
