"""Example values become a schema that all of them satisfy: types, formats, what is always there, what may be null."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from actionstudio.core.schemas.shape import kind_of
from actionstudio.core.schemas.validate import compile_validator

_LIKELY = {
    "date-time": re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d"),
    "date": re.compile(r"\d{4}-\d\d-\d\d$"),
    "uuid": re.compile(r"[0-9a-fA-F]{8}-"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+$"),
    "uri": re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://\S+$"),
}
_CHECKS = {name: compile_validator({"format": name}, {}).ok for name in _LIKELY}
_DEEPEST = 60


def infer(examples: Iterable[Any]) -> dict[str, Any]:
    """One schema for all ``examples`` (parsed JSON values), without titles.

    A property is required when every object has it. Whole numbers that meet fractions become numbers. Different types
    become a list of types. No examples give ``{}``.
    """
    return _infer(list(examples), 0)


def _infer(values: list[Any], depth: int) -> dict[str, Any]:
    kinds = list(dict.fromkeys(kind_of(value) for value in values))
    if "number" in kinds and "integer" in kinds:
        kinds.remove("integer")
    kinds.sort(key=lambda kind: kind == "null")
    if not kinds or depth > _DEEPEST:
        return {}
    schema: dict[str, Any] = {"type": kinds[0] if len(kinds) == 1 else kinds}
    texts = [value for value in values if isinstance(value, str)]
    objects = [value for value in values if isinstance(value, dict)]
    lists = [value for value in values if isinstance(value, list)]
    form = _format(texts)
    if form:
        schema["format"] = form
    if objects:
        schema.update(_members(objects, depth))
    if lists:
        schema["items"] = _infer([item for value in lists for item in value], depth + 1)
    return schema


def _format(texts: list[str]) -> str | None:
    """The one format that every text has."""
    if not texts:
        return None
    for name, likely in _LIKELY.items():
        if all(likely.match(text) and _CHECKS[name](text) for text in texts):
            return name
    return None


def _members(objects: list[dict[str, Any]], depth: int) -> dict[str, Any]:
    names = list(dict.fromkeys(name for value in objects for name in value))
    found = {name: [value[name] for value in objects if name in value] for name in names}
    out: dict[str, Any] = {"properties": {name: _infer(values, depth + 1) for name, values in found.items()}}
    required = [name for name, values in found.items() if len(values) == len(objects)]
    return {**out, "required": required} if required else out
