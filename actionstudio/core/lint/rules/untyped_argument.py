"""Rule: every argument says what it is."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.schemas import refs
from actionstudio.core.words import said

_TELLING = {"type", "enum", "const", "properties", "items", "$ref", "$dynamicRef", *refs.LISTS}


@rule(
    level="advice",
    source="SCH-04",
    targets=TARGETS,
    topic="calls",
    sure="D",
    bad="properties:\n  amount: {title: Amount}",
    good="properties:\n  amount: {title: Amount, type: number}",
)
def check(look: Look) -> Iterator[Hit]:
    """A schema without a type means “anything”, and the model guesses.

    Name the type, or list the values that are allowed.
    """
    for op in look.operations:
        for name, node, _required, _text in look.filled(op):
            if not (node.keys() & _TELLING):
                message = said("“%(name)s” of %(op)s has no type.", name=name, op=texts.name_of(op))
                yield Hit(look.argument_at(op, name), message)
