"""Rule: lists come in pages that fit."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said

_NAMES = {"limit", "perpage", "pagesize", "size", "count", "maxresults", "top", "first", "rows"}
_MOST = 500


@rule(
    level="advice",
    source="RT-07",
    targets=("gpt", "plugin", "mcp"),
    topic="calls",
    sure="A",
    bad="name: limit\nschema: {type: integer, maximum: 10000}",
    good="name: limit\nschema: {type: integer, maximum: 50, default: 20}",
)
def check(look: Look) -> Iterator[Hit]:
    """A model that may ask for thousands of rows does so, and the answer exceeds 100,000 characters.

    Let it ask for 100 at most.
    """
    for op in look.operations:
        for name, node, _required, _text in look.filled(op):
            most = node.get("maximum")
            if name.lower().replace("_", "") in _NAMES and isinstance(most, int) and most > _MOST:
                message = said(
                    "%(op)s: “%(name)s” allows %(most)s rows; so many hardly fit into an answer.",
                    op=texts.name_of(op),
                    name=name,
                    most=most,
                )
                yield Hit(look.argument_at(op, name), message)
