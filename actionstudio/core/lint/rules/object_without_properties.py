"""Rule: objects say what is in them."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, context_of, place_of, types_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(level="degrades", source="SCH-01")
def check(look: Look) -> Iterator[Hit]:
    """The model can fill only fields that are declared. In answers this is no more than advice.

    Our GPT document adds “properties: {}”, so that ChatGPT's own message does not come.
    """
    asked = [place for op in look.operations for place in look.asked(op)]
    yield from _hits(look, [*asked, *look.shared(look.taken)], "")
    answered = [place for op in look.operations for place in look.answered(op)]
    rest = {name: schema for name, schema in look.used.items() if name not in look.taken}
    yield from _hits(look, [*answered, *look.shared(rest)], "advice")


def _hits(look: Look, places: list, level: str) -> Iterator[Hit]:
    for pointer, node in look.nodes(iter(places)):
        if "object" in types_of(node) and not isinstance(node.get("properties"), dict) and "allOf" not in node:
            message = said(
                "%(place)s: an object declares no properties, so the model cannot know them. Add some.",
                place=place_of(pointer),
            )
            yield Hit(pointer, message, f"In context={context_of(pointer)}, object schema missing properties", level)
