"""Rule: objects say what is in them."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, context_of, place_of, types_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="SCH-01",
    targets=("gpt", "plugin"),
    sure="C",
    repairs=("add-properties",),
    words="In context=(…), object schema missing properties",
    bad="type: object",
    good="type: object\nproperties: {name: {type: string}}",
)
def check(look: Look) -> Iterator[Hit]:
    """The model can fill only fields that are declared. In answers this is no more than advice.

    Our GPT document adds “properties: {}”, so that ChatGPT's own message does not come.
    """
    for place in look.places:
        node = place.node
        if "object" in types_of(node) and not isinstance(node.get("properties"), dict) and "allOf" not in node:
            message = said(
                "%(place)s: an object declares no properties, so the model cannot know them. Add some.",
                place=place_of(place.pointer),
            )
            words = f"In context={context_of(place.pointer)}, object schema missing properties"
            yield Hit(place.pointer, message, words, "" if place.asked else "advice")
