"""Rule: a description says enough."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said

_FEWEST = 2
_LONG = 60  # characters that no single word has


@rule(
    level="advice",
    source="PL-10",
    targets=TARGETS,
    topic="texts",
    sure="A",
    bad="summary: Search",
    good="summary: Finds books by title, author or ISBN",
)
def check(look: Look) -> Iterator[Hit]:
    """One or two words do not tell the model when to call an operation, nor what it gets.

    Say in a sentence what it does and what it answers.
    """
    for op in look.operations:
        text = texts.text_of(op)
        if 0 < len(text) < _LONG and len(texts.words(text)) < _FEWEST:
            message = said("“%(text)s” hardly tells the model when to call %(op)s.", text=text, op=texts.name_of(op))
            yield Hit(f"{op.pointer}/{'description' if op.description.strip() else 'summary'}", message)
