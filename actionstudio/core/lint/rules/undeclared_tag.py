"""Rule: tags are described."""

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
    bad="tags: [Pets]",
    good="tags: [{name: Pets, description: Who they are and where they live}]",
)
def check(look: Look) -> Iterator[Hit]:
    """Where some tags are described, one that is not is often a slip of the pen.

    Describe it among the document's tags, or correct it.
    """
    declared = {tag.get("name") for tag in look.contract.tags}
    for op in look.operations if declared else ():
        for tag in op.tags:
            if tag not in declared:
                message = said(
                    "The tag “%(tag)s” of %(op)s is not among the document's.", tag=tag, op=texts.name_of(op)
                )
                yield Hit(f"{op.pointer}/tags", message)
