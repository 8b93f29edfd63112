"""Rule: schemas are JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.schemas.validate import check_schema
from actionstudio.core.words import said, said_n


@rule(
    level="degrades",
    source="DOC-03",
    targets=TARGETS,
    sure="B",
    repairs=(
        "modern-schemas",
        "unreadable-keywords",
    ),
    mended=lambda n: said_n(
        "%(n)s part of the schemas is not valid JSON Schema; GPT gets what can be read.",
        "%(n)s parts of the schemas are not valid JSON Schema; GPT gets what can be read.",
        n,
    ),
    bad="type: text",
    good="type: string",
)
def check(look: Look) -> Iterator[Hit]:
    """What is not JSON Schema is not understood, by ChatGPT or by the mock, which then checks nothing."""
    for pointer, schema, _asked in look.roots:
        for inner, message in check_schema(schema):
            yield Hit(
                pointer + inner,
                said(
                    "%(place)s: this is not valid JSON Schema: %(at)s %(fault)s.",
                    place=place_of(pointer),
                    at=inner or said("it"),
                    fault=message,
                ),
            )
