"""Rule: nothing stands beside a reference."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="SCH-04",
    topic="import",
    sure="D",
    bad="$ref: '#/components/schemas/Pet'\nnullable: true",
    good="$ref: '#/components/schemas/Pet'",
)
def check(look: Look) -> Iterator[Hit]:
    """What stands beside “$ref” was reported to be lost.

    A description may stand there; limits and defaults belong into the shared schema.
    """
    for place in look.places:
        beside = sorted(place.node.keys() - {"$ref", "description", "title", "summary"}) if "$ref" in place.node else []
        if beside:
            message = said(
                "%(place)s: “%(names)s” beside the reference may be lost.",
                place=place_of(place.pointer),
                names=", ".join(beside),
            )
            yield Hit(place.pointer, message)
