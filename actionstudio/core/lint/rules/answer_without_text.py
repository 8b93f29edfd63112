"""Rule: answers are described."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="DOC-03",
    targets=TARGETS,
    topic="quality",
    sure="B",
    bad="'404': {}",
    good="'404': {description: There is no such pet}",
)
def check(look: Look) -> Iterator[Hit]:
    """OpenAPI wants a description for every answer (section 4.8.17), and ChatGPT's editor says so when it is not there.

    The document that we serve has an empty one.
    """
    for op in look.operations:
        for response in look.resolver.responses(op):
            if not response.description.strip():
                facts = {"op": texts.name_of(op), "status": response.status}
                yield Hit(
                    f"{op.pointer}/responses/{response.status}",
                    said("The answer %(status)s of %(op)s has no description.", **facts),
                )
