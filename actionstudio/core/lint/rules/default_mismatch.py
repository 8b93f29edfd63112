"""Rule: a default is a value that is allowed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from actionstudio.core.lint.look import Look, Place, place_of, types_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.schemas.validate import SchemaError, compile_validator
from actionstudio.core.words import said

_PLAIN: dict[str, Any] = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
_EASY = {"type", "default", "description", "title", "example", "examples", "deprecated"}


@rule(
    level="degrades",
    targets=TARGETS,
    topic="quality",
    bad="type: integer\nmaximum: 50\ndefault: 100",
    good="type: integer\nmaximum: 50\ndefault: 20",
)
def check(look: Look) -> Iterator[Hit]:
    """The model is shown the default, and sends it; the API then refuses it.

    Choose one that fits the schema.
    """
    for place in look.places:
        if "default" in place.node and "$ref" not in place.node and not _fits(look, place):
            shown = json.dumps(place.node["default"], ensure_ascii=False, default=str)[:40]
            message = said(
                "%(place)s: the default %(value)s is not allowed.", place=place_of(place.pointer), value=shown
            )
            yield Hit(f"{place.pointer}/default", message)


def _fits(look: Look, place: Place) -> bool:
    """A quick answer for the plain schemas that defaults nearly always have; others are compiled."""
    value, kinds = place.node["default"], types_of(place.node)
    if len(kinds) == 1 and kinds[0] in _PLAIN and not place.node.keys() - _EASY:
        return isinstance(value, _PLAIN[kinds[0]]) and (kinds[0] == "boolean" or not isinstance(value, bool))
    try:
        return compile_validator(place.node, look.resolver.components).ok(value)
    except SchemaError:
        return True  # the rules on references and schemas tell
