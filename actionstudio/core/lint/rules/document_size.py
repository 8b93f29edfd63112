"""Rule: the document is small enough."""

from __future__ import annotations

import json
from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="DOC-08",
    sure="E",
    repairs=("choose-operations",),
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT is said to take about 1 MB at most.

    Everything in the document costs, long descriptions most. Hide operations that the GPT does not need.
    """
    if look.only is not None:
        return
    size = sum(len(json.dumps(schema, ensure_ascii=False)) for _, schema, _ in look.roots)
    size += sum(len(op.summary) + len(op.description) for op in look.operations)
    if size > limits.DOCUMENT_BYTES:
        message = said(
            "The document has about %(size)s characters; ChatGPT is said to take about %(most)s.",
            size=size,
            most=limits.DOCUMENT_BYTES,
        )
        yield Hit("/paths", message)
