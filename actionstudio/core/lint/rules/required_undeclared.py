"""Rule: what is required is declared."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.schemas import refs
from actionstudio.core.words import said


@rule(
    level="degrades",
    targets=TARGETS,
    topic="quality",
    bad="required: [name]\nproperties: {title: {type: string}}",
    good="required: [title]\nproperties: {title: {type: string}}",
)
def check(look: Look) -> Iterator[Hit]:
    """A field that is required but not declared cannot be sent by ChatGPT, so every call is refused.

    Declare it, or do not require it.
    """
    for place in look.places:
        required, properties = place.node.get("required"), place.node.get("properties")
        if not isinstance(required, list) or not isinstance(properties, dict) or refs.LISTS & place.node.keys():
            continue
        for name in required:
            if isinstance(name, str) and name not in properties:
                level = "" if place.asked else "advice"
                message = said(
                    "%(place)s: “%(name)s” is required, but not declared.", place=place_of(place.pointer), name=name
                )
                yield Hit(f"{place.pointer}/required", message, level=level)
