"""Rule: what has a default may be left out."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    targets=TARGETS,
    topic="quality",
    bad="required: [limit]\nproperties: {limit: {type: integer, default: 20}}",
    good="properties: {limit: {type: integer, default: 20}}",
)
def check(look: Look) -> Iterator[Hit]:
    """A default says what happens when a value is left out; a required value never is.

    Do not require it, or leave the default out.
    """
    for op in look.operations:
        for name, node, required, _text in look.filled(op):
            if required and "default" in node:
                message = said("“%(name)s” of %(op)s is required and has a default.", name=name, op=texts.name_of(op))
                yield Hit(look.argument_at(op, name), message)
