"""The fields of an object whose schema is put together of several parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

type JSON = Any

DEEPEST = 12  # parts inside each other


def gathered(
    schema: JSON, follow: Callable[[JSON], JSON], words: Sequence[str] = ("allOf",)
) -> tuple[dict[str, JSON], set[str]]:
    """The properties of an object, those of the parts that ``words`` list too, and which are required.

    ``follow`` gives the schema that a reference stands for. A part that is reached by many ways is entered once: what
    it says is said, and a few shared schemas that name each other would otherwise have endlessly many.
    """
    properties: dict[str, JSON] = {}
    needed: set[str] = set()
    entered: dict[int, JSON] = {}

    def take(part: JSON, depth: int) -> None:
        if id(part) in entered or depth > DEEPEST:
            return
        entered[id(part)] = part
        found = follow(part)
        if not isinstance(found, dict):
            return
        for word in words:
            for inner in _list(found, word):
                take(inner, depth + 1)
        if isinstance(found.get("properties"), dict):
            properties.update(found["properties"])
        needed.update(name for name in _list(found, "required") if isinstance(name, str))

    take(schema, 0)
    return properties, needed


def _list(schema: dict[str, JSON], word: str) -> list[JSON]:
    return schema[word] if isinstance(schema.get(word), list) else []
