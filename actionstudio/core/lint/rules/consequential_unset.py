"""Rule: whether a call changes something is said."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="EXT-01",
    sure="A",
    topic="calls",
    bad="post: {operationId: search}",
    good="post: {operationId: search, x-openai-isConsequential: false}",
)
def check(look: Look) -> Iterator[Hit]:
    """Unless told otherwise, ChatGPT asks the user before every call that is not a GET, without “Always allow”."""
    for op in look.operations:
        if op.consequential is None and op.method != "GET":
            name = op.operation_id or op.path
            message = said(
                "Say whether ChatGPT must ask before every call of %(name)s. Unsaid, it always asks.", name=name
            )
            yield Hit(f"{op.pointer}/x-openai-isConsequential", message)
