"""Rule: the model knows every field that it may fill."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.importer.repairs.free_form_maps import is_map
from actionstudio.core.lint.look import Look, Place, place_of, types_of
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.schemas import refs
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="SCH-03",
    targets=("gpt", "plugin", "mcp"),
    topic="calls",
    words="UnrecognizedKwargsError: env",
    sure="C",
    repairs=("free-form-maps",),
    bad="type: object\nadditionalProperties: {type: string}",
    good="type: object\nproperties:\n  colour: {type: string}",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT refuses keys that are not declared before it calls, also where “additionalProperties” allows them.

    So a free-form object stays empty. Declare its fields, take a list of name and value, or one text that holds JSON.
    """
    for place in look.places:
        node = place.node
        if not place.asked or "object" not in types_of(node):
            continue
        properties, more = node.get("properties"), node.get("additionalProperties")
        open_ = isinstance(more, dict) or more is True or isinstance(node.get("patternProperties"), dict)
        is_empty = (
            (properties == {} or (properties is None and not look.as_written))
            and more is not False
            and not refs.LISTS & node.keys()
        )
        if (open_ and not properties) or (is_empty and not _is_body_without_fields(place)):
            message = said(
                "%(place)s: only declared fields can be sent, and none is declared.", place=place_of(place.pointer)
            )
            yield Hit(place.pointer, message, fix=_fix(place, look))
        elif open_:
            message = said(
                "%(place)s: fields beside the declared ones are allowed here, but ChatGPT cannot send them.",
                place=place_of(place.pointer),
            )
            yield Hit(place.pointer, message, level="advice", fix="")


def _fix(place: Place, look: Look) -> str:
    """Maps in JSON bodies can be passed as text, but in a choice of several shapes nobody knows which are meant."""
    at = place.pointer
    inside = at in _shared(look) or "/requestBody/content/application~1json/" in at
    chosen = "/anyOf/" in at or "/oneOf/" in at
    return "free-form-maps" if inside and not chosen and is_map(place.node) else ""


def _shared(look: Look) -> set[str]:
    """Where objects stand in the shared schemas of JSON bodies."""
    if "in-bodies" not in look.memo:
        bodies = [body for op in look.operations if (body := look.body(op)) and "/application~1json/" in body[0]]
        names = {name for _at, media in bodies for name in look.resolver.needed(media.schema)}
        inside = look.nodes(look.shared({name: look.taken[name] for name in names & look.taken.keys()}))
        look.memo["in-bodies"] = {at for at, _node in inside}
    return look.memo["in-bodies"]


def _is_body_without_fields(place: Place) -> bool:
    """An empty object as the whole body says that nothing is sent, which is right for some."""
    return place.pointer.endswith("/schema") and "additionalProperties" not in place.node
