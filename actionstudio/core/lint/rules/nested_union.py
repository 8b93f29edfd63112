"""Rule: arguments are of one kind."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, place_of, types_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="SCH-05",
    targets=("gpt", "plugin", "mcp"),
    topic="calls",
    sure="C",
    bad="oneOf:\n  - $ref: '#/components/schemas/Card'\n  - $ref: '#/components/schemas/Invoice'",
    good="type: object\nproperties:\n  kind: {type: string, enum: [card, invoice]}\n  number: {type: string}",
)
def check(look: Look) -> Iterator[Hit]:
    """A choice of several shapes inside the arguments is taken, but the model often mixes them.

    One object with a field that says which kind it is works better.
    """
    for place in look.places:
        for choice in ("anyOf", "oneOf"):
            options = place.node.get(choice)
            real = [option for option in options if types_of(option) != ("null",)] if isinstance(options, list) else []
            objects = [
                option for option in real if isinstance(option, dict) and ("$ref" in option or "properties" in option)
            ]
            if place.asked and len(objects) > 1 and not place.pointer.endswith("/schema"):
                message = said("%(place)s: the model must choose between shapes here.", place=place_of(place.pointer))
                yield Hit(f"{place.pointer}/{choice}", message)
