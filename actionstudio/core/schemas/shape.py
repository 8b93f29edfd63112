"""What a schema lets a text on the wire become: its types, and those of its items and properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from actionstudio.core.schemas import refs
from actionstudio.core.schemas.validate import SchemaError, compile_validator

type Read = Callable[[str], Any]

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,299})(?:\.0+)?", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,299})(?:\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_WORDS = {"true": True, "false": False}
_NOTHING = ("", "null")
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """``kinds`` are the JSON types allowed (empty: any). ``items`` and ``properties`` are schemas, ``other`` too."""

    kinds: frozenset[str] = frozenset()
    items: Any = True
    properties: Mapping[str, Any] = field(default_factory=dict)
    other: Any = True


def shape_of(schema: Any, components: Mapping[str, Any], depth: int = 0) -> Shape:
    """The shape of a schema: ``$ref``, allOf, anyOf, oneOf, enum and const are looked through."""
    schema = refs.resolve(schema, components)
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return Shape()
    shape = Shape(_kinds(schema), schema.get("items", True), schema.get("properties", {}), _other(schema))
    for part in schema.get("allOf", ()):
        shape = _both(shape, shape_of(part, components, depth + 1))
    for key in ("anyOf", "oneOf"):
        branches = [shape_of(part, components, depth + 1) for part in schema.get(key, ())]
        if branches:
            shape = _both(shape, _either(branches))
    return shape


def _other(schema: dict[str, Any]) -> Any:
    return schema.get("additionalProperties", True)


def _kinds(schema: dict[str, Any]) -> frozenset[str]:
    if "type" in schema:
        named = schema["type"]
        return frozenset([named] if isinstance(named, str) else named)
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if values:
        return frozenset(kind_of(value) for value in values)
    if schema.get("properties"):
        return frozenset(["object"])
    return frozenset(["array"]) if "items" in schema else frozenset()


def kind_of(value: Any) -> str:
    """The JSON type of a value; a whole number is an integer."""
    if isinstance(value, bool):
        return "boolean"
    for kind, name in ((str, "string"), (int, "integer"), (float, "number"), (dict, "object"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "null"


def _both(one: Shape, two: Shape) -> Shape:
    kinds = one.kinds & two.kinds if one.kinds and two.kinds else one.kinds | two.kinds
    if not kinds and "integer" in one.kinds | two.kinds:
        kinds = frozenset(["integer"])
    items = two.items if one.items is True else one.items
    other = two.other if one.other is True else one.other
    return Shape(kinds, items, {**two.properties, **one.properties}, other)


def _either(branches: list[Shape]) -> Shape:
    any_kind = any(not branch.kinds for branch in branches)
    kinds = frozenset() if any_kind else frozenset().union(*(branch.kinds for branch in branches))
    items = next((branch.items for branch in branches if "array" in branch.kinds), True)
    properties = {name: value for branch in reversed(branches) for name, value in branch.properties.items()}
    other = next((branch.other for branch in branches if branch.other not in (True, False)), True)
    return Shape(kinds, items, properties, other)


def compile_text(schema: Any, components: Mapping[str, Any]) -> Read:
    """A function that turns one text into the scalar the schema declares; a text that cannot be one stays a text.

    Where text is allowed beside other types, it stays text as long as it is valid as text. A list or an object is read
    from its JSON text.
    """
    kinds = shape_of(schema, components).kinds
    read = _scalar(kinds)
    if read is _same or "string" not in kinds:
        return read
    try:
        valid = compile_validator(schema, components).ok
    except SchemaError:
        return _same

    def read_if_needed(text: str) -> Any:
        return text if valid(text) else read(text)

    return read_if_needed


def _same(text: str) -> str:
    return text


def _scalar(kinds: frozenset[str]) -> Read:
    readers = [reader for kind, reader in READERS.items() if kind in kinds]
    if not readers:
        return _same
    if len(readers) == 1:
        return readers[0]

    def read(text: str) -> Any:
        for reader in readers:
            value = reader(text)
            if value is not text:
                return value
        return text

    return read


def _integer(text: str) -> Any:
    if _INTEGER.fullmatch(text):
        return int(text.partition(".")[0])
    return text


def _number(text: str) -> Any:
    if not _NUMBER.fullmatch(text):
        return text
    if text.lstrip("-").isdecimal():
        return int(text)
    value = float(text)
    return text if value in (float("inf"), float("-inf")) else value


def _boolean(text: str) -> Any:
    return _WORDS.get(text.lower(), text)


def _null(text: str) -> Any:
    return None if text in _NOTHING else text


def _array(text: str) -> Any:
    return _json(text, list) if text[:1] == "[" else text


def _object(text: str) -> Any:
    return _json(text, dict) if text[:1] == "{" else text


def _json(text: str, kind: type) -> Any:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return value if isinstance(value, kind) else text


READERS: dict[str, Read] = {
    "null": _null,
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "array": _array,
    "object": _object,
}
