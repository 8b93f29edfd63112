"""Rule: fixed values are listed too."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look, place_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="PAR-05",
    targets=("gpt", "plugin"),
    topic="calls",
    sure="D",
    bad="type: string\nconst: eur",
    good="type: string\nenum: [eur]",
)
def check(look: Look) -> Iterator[Hit]:
    """The model was seen to send other values than “const” allows.

    A list of one value (“enum”) is shown to it, “const” is not always.
    """
    for place in look.places:
        if place.asked and "const" in place.node and "enum" not in place.node:
            message = said("%(place)s: use “enum” with one value instead of “const”.", place=place_of(place.pointer))
            yield Hit(place.pointer, message)
