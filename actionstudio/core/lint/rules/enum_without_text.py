"""Rule: codes are explained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="TS-07",
    targets=TARGETS,
    topic="quality",
    sure="C",
    bad="enum: [A1, B7]",
    good="description: A1 is by air, B7 by sea\nenum: [A1, B7]",
)
def check(look: Look) -> Iterator[Hit]:
    """Values that are codes tell the model nothing.

    Say in the description what each stands for, or use words.
    """
    for op in look.operations:
        for name, node, _required, text in look.filled(op):
            values = node.get("enum")
            codes = [value for value in values if not _is_word(value)] if isinstance(values, list) else []
            if len(codes) > 1 and not text.strip():
                shown = ", ".join(str(value) for value in codes[:3])
                message = said(
                    "“%(name)s” of %(op)s takes codes (%(codes)s) and does not say what they mean.",
                    name=name,
                    op=texts.name_of(op),
                    codes=shown,
                )
                yield Hit(look.argument_at(op, name), message)


def _is_word(value: Any) -> bool:
    """Whether a value speaks for itself: a word of some letters, true, false or null."""
    if not isinstance(value, str):
        return value is None or isinstance(value, bool)
    return sum(character.isalpha() for character in value) >= 3 or (value != "" and not value.isascii())
