"""Rule: what may be left out is left out."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, place_of, types_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="SCH-04",
    targets=("gpt", "plugin"),
    topic="calls",
    sure="D",
    repairs=("plain-nulls",),
    bad="anyOf: [{type: string}, {type: 'null'}]",
    good="type: [string, 'null']",
)
def check(look: Look) -> Iterator[Hit]:
    """A choice between something and null, as FastAPI writes optional fields, was reported as fragile.

    Leave the null out and do not require the field, or name both types in “type”.
    """
    for place in look.places:
        for choice in ("anyOf", "oneOf"):
            options = place.node.get(choice)
            if place.asked and isinstance(options, list) and any(types_of(option) == ("null",) for option in options):
                message = said(
                    "%(place)s: write “null” as a second type, or leave it out.", place=place_of(place.pointer)
                )
                yield Hit(f"{place.pointer}/{choice}", message)
