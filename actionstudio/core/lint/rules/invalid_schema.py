"""Rule: schemas are JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.schemas.validate import check_schema
from actionstudio.core.words import said


@rule(level="degrades", source="DOC-03")
def check(look: Look) -> Iterator[Hit]:
    """What is not JSON Schema is not understood, by ChatGPT or by the mock, which then checks nothing."""
    places = [place for op in look.operations for place in (*look.asked(op), *look.answered(op))]
    for pointer, schema in [*places, *look.shared(look.used)]:
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
