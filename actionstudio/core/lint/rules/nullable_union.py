"""Rule: what may be left out is left out."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.importer.repairs import plain_nulls
from actionstudio.core.lint.look import Look, Place, place_of, types_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.schemas.refs import escape
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
                fix = "plain-nulls" if _may_go(place, look) else ""
                yield Hit(f"{place.pointer}/{choice}", message, fix=fix)


def _may_go(place: Place, look: Look) -> bool:
    """Whether this may be left out anyway, so that the null says nothing: a field or parameter that nobody needs."""
    if plain_nulls.without_null(place.node) is place.node:
        return False
    if "optional" not in look.memo:
        look.memo["optional"] = set(_optional(look))
    return place.pointer in look.memo["optional"]


def _optional(look: Look) -> Iterator[str]:
    for op in look.operations:
        yield from (f"{at}/schema" for at, parameter in look.parameters(op) if not parameter.required)
    for place in look.places:
        properties, needed = place.node.get("properties"), place.node.get("required")
        needed = needed if isinstance(needed, list) else ()
        for name in properties if isinstance(properties, dict) else ():
            if name not in needed:
                yield f"{place.pointer}/properties/{escape(name)}"
