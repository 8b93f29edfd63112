"""Rule: deletions are asked about."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="EXT-01",
    topic="calls",
    sure="A",
    bad="delete:\n  x-openai-isConsequential: false",
    good="delete:\n  x-openai-isConsequential: true",
)
def check(look: Look) -> Iterator[Hit]:
    """With “x-openai-isConsequential: false” the user may choose “Always Allow”, and deletions go through unseen.

    Let ChatGPT ask before each.
    """
    for op in look.operations:
        if op.method == "DELETE" and op.consequential is False:
            message = said(
                "%(op)s deletes, and may be allowed for always. Let ChatGPT ask each time.", op=texts.name_of(op)
            )
            yield Hit(f"{op.pointer}/x-openai-isConsequential", message)
