"""Rule: what is deprecated is hidden."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="OP-10",
    targets=TARGETS,
    topic="quality",
    sure="E",
    bad="deprecated: true",
    good="x-studio: {exposed: false}",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT imports deprecated operations as any other, and the model does not see that they are.

    Hide it from GPT, when there is a better one.
    """
    for op in look.operations:
        if op.deprecated:
            yield Hit(
                f"{op.pointer}/deprecated",
                said("%(op)s is deprecated; the model does not see that.", op=texts.name_of(op)),
            )
