"""Rule: parameters stand where they are used."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="drops-op",
    source="PAR-01",
    sure="C",
    repairs=("inline-parameters",),
    words="parameter {'$ref': '#/components/parameters/owner'} is has missing or non-string name; skipping",
    bad="parameters:\n  - $ref: '#/components/parameters/Owner'",
    good="parameters:\n  - {name: owner, in: query, schema: {type: string}}",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT does not follow references in “parameters”, and drops the operation that has one.

    The document that we serve has the parameter itself in its place.
    """
    for op in look.operations if look.as_written else ():
        for index, parameter in enumerate(op.parameters):
            if parameter.ref:
                shown = {"$ref": parameter.ref}
                words = f"{look.context(op)}, parameter {shown} is has missing or non-string name; skipping"
                message = said(
                    "%(name)s refers to a shared parameter; ChatGPT does not follow it.", name=texts.name_of(op)
                )
                yield Hit(f"{op.pointer}/parameters/{index}", message, words)
