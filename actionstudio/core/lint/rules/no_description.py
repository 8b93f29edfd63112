"""Rule: the document says what it is about."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    targets=TARGETS,
    topic="quality",
    bad="info: {title: Todo}",
    good="info: {title: Todo, description: Keeps lists of things to do}",
)
def check(look: Look) -> Iterator[Hit]:
    """People read it in the reference, plugins and MCP clients get it, and OpenAI's page says that ChatGPT does.

    One or two sentences will do.
    """
    if look.only is None and look.contract.operations and not look.contract.description.strip():
        yield Hit("/info/description", said("The document has no description."))
