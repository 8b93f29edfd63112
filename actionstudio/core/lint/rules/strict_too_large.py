"""Rule: a strict function is small enough."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.lint.strictness import measured
from actionstudio.core.words import said

FIELDS, LEVELS, VALUES, CHARACTERS = 5_000, 10, 1_000, 120_000


@rule(level="degrades", source="TOOL-03", targets=("openai",), topic="tools", sure="A")
def check(look: Look) -> Iterator[Hit]:
    """With “strict”, a function has at most 5,000 fields, 10 levels, 1,000 values and 120,000 characters of names.

    Levels are counted inside of each shared schema: one that contains itself is as deep as it is written.

    Take fewer arguments, or make two operations of one.
    """
    for op in look.operations:
        size = measured(look, op)
        fields, levels, values, characters = size.fields, size.levels, size.values, size.characters
        facts = {"op": texts.name_of(op)}
        if fields > FIELDS:
            yield Hit(
                op.pointer,
                said("%(op)s takes %(n)s fields; strict functions take %(most)s.", n=fields, most=FIELDS, **facts),
            )
        if levels > LEVELS:
            yield Hit(
                op.pointer,
                said(
                    "%(op)s is %(n)s levels deep; strict functions are %(most)s at most.",
                    n=levels,
                    most=LEVELS,
                    **facts,
                ),
            )
        if values > VALUES:
            yield Hit(
                op.pointer,
                said(
                    "%(op)s lists %(n)s values; strict functions list %(most)s at most.", n=values, most=VALUES, **facts
                ),
            )
        if characters > CHARACTERS:
            yield Hit(
                op.pointer,
                said(
                    "The names and values of %(op)s have %(n)s characters; strict functions have %(most)s at most.",
                    n=characters,
                    most=CHARACTERS,
                    **facts,
                ),
            )
