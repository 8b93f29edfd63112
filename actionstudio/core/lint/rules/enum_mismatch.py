"""Rule: listed values are of the type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from actionstudio.core.lint.look import Look, place_of, types_of
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said

_KINDS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
    "null": type(None),
}


@rule(
    level="degrades",
    targets=TARGETS,
    topic="quality",
    bad="type: integer\nenum: ['1', '2']",
    good="type: integer\nenum: [1, 2]",
)
def check(look: Look) -> Iterator[Hit]:
    """A listed value that its own schema refuses can never be sent, and one that is listed twice says nothing new.

    Correct the list or the type.
    """
    for place in look.places:
        values, kinds = place.node.get("enum"), types_of(place.node)
        if not isinstance(values, list) or not values:
            continue
        wrong = [value for value in values if kinds and not any(_is(kind, value) for kind in kinds)]
        if wrong:
            shown = json.dumps(wrong[0], ensure_ascii=False, default=str)[:40]
            facts = {"place": place_of(place.pointer), "value": shown, "kind": " | ".join(kinds)}
            yield Hit(f"{place.pointer}/enum", said("%(place)s: %(value)s is listed, but is not %(kind)s.", **facts))
        elif len({json.dumps(value, sort_keys=True, default=str) for value in values}) < len(values):
            message = said("%(place)s: a value is listed twice.", place=place_of(place.pointer))
            yield Hit(f"{place.pointer}/enum", message)


def _is(kind: str, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _KINDS.get(kind, object))
