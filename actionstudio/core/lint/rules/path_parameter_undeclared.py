"""Rule: every name in a path is a parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said, said_n

_NAMES = re.compile(r"\{([^{}/]+)\}")


@rule(
    level="drops-param",
    source="PAR-03",
    targets=TARGETS,
    sure="E",
    repairs=("path-parameters",),
    mended=lambda n: said_n(
        "%(n)s name in a path is no parameter; GPT gets it as a text.",
        "%(n)s names in paths are no parameters; GPT gets them as texts.",
        n,
    ),
    bad="/pets/{id}: {get: {parameters: []}}",
    good="/pets/{id}: {get: {parameters: [{name: id, in: path, required: true}]}}",
)
def check(look: Look) -> Iterator[Hit]:
    """A name in braces in the path must be declared as a path parameter, else nobody knows what to put there."""
    for op in look.operations:
        declared = {parameter.name for _, parameter in look.parameters(op) if parameter.in_ == "path"}
        for name in dict.fromkeys(_NAMES.findall(op.path)):
            if name not in declared:
                message = said(
                    "“{%(name)s}” stands in %(path)s but is not a parameter. Add the path parameter “%(name)s”.",
                    name=name,
                    path=op.path,
                )
                yield Hit(op.pointer, message)
