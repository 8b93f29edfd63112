"""Repair: keywords of schemas have values that they can have (DOC-03)."""

from __future__ import annotations

import json
import math
import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from actionstudio.core.importer.repair import schema_repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.validate import SchemaError, compile_validator
from actionstudio.core.words import said

type JSON = Any

_URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]*\Z")
_PLAIN = frozenset(("type", "default", "description", "title", "example", "deprecated"))
_KINDS = {str: "string", bool: "boolean", int: "integer"}
_TYPES = frozenset(("null", "boolean", "object", "array", "number", "string", "integer"))


@schema_repair(
    title=said("Drop what cannot be read in schemas"),
    order=32,
    always=True,
    done=said("A keyword with a value that it cannot have was left out."),
)
def mend(node: dict[str, JSON], resolver: Resolver) -> dict[str, JSON]:
    """ChatGPT's check refuses a whole document for one keyword of a schema with a value of the wrong kind, such as an
    empty “enum” or “required: true”. Such a keyword says nothing, so it is left out."""
    bad = [key for key, value in node.items() if key in _READABLE and not _READABLE[key](value)]
    if bad:
        node = {key: value for key, value in node.items() if key not in bad}
    kind = node.get("type")
    if isinstance(kind, list) and len(set(kind)) < len(kind):
        node = {**node, "type": list(dict.fromkeys(kind))}
    return _with_default(node, resolver) if "default" in node else node


def _with_default(node: dict[str, JSON], resolver: Resolver) -> dict[str, JSON]:
    """The schema with a default that it allows: ``"1"`` for a number means 1; what cannot be meant is left out."""
    if node.keys() <= _PLAIN and node.get("type") == _KINDS.get(type(node["default"])):
        return node
    rest = {key: value for key, value in node.items() if key != "default"}
    try:
        validator = compile_validator(rest, resolver.components)
        if validator.ok(node["default"]):
            return node
        meant = _meant(node["default"])
        return {**node, "default": meant} if meant is not None and validator.ok(meant) else rest
    except (SchemaError, RecursionError):
        return rest


def _meant(value: JSON) -> JSON:
    """A text that writes another value, as that value."""
    try:
        return json.loads(value) if isinstance(value, str) and len(value) < 40 else None
    except ValueError:
        return None


@lru_cache(4096)
def _pattern(value: JSON) -> bool:
    """Whether Python's engine reads it too, as checkers written in Python ask; no model sees it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what reads otherwise in some later Python is fine today
        try:
            re.compile(value)
        except (re.error, RecursionError, OverflowError):
            return False
    return True


def _text(value: JSON) -> bool:
    return isinstance(value, str)


def _flag(value: JSON) -> bool:
    return isinstance(value, bool)


def _number(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _count(value: JSON) -> bool:
    return _number(value) and value >= 0 and value == int(value)


def _type(value: JSON) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, str) and one in _TYPES for one in value)
    return isinstance(value, str) and value in _TYPES


def _texts(value: JSON) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _object(value: JSON, *known: str) -> bool:
    """Whether it is an object with these keys and extensions only."""
    return isinstance(value, dict) and all(key in known or key.startswith("x-") for key in value)


def _discriminator(value: JSON) -> bool:
    if not _object(value, "propertyName", "mapping") or not isinstance(value.get("propertyName"), str):
        return False
    mapping = value.get("mapping", {})
    return isinstance(mapping, dict) and all(isinstance(one, str) for one in mapping.values())


def _xml(value: JSON) -> bool:
    if not _object(value, "name", "namespace", "prefix", "attribute", "wrapped"):
        return False
    texts = all(isinstance(value[key], str) for key in ("name", "prefix") if key in value)
    return (
        texts
        and _URI.match(str(value.get("namespace", "x:"))) is not None
        and all(isinstance(value[key], bool) for key in ("attribute", "wrapped") if key in value)
    )


def _docs(value: JSON) -> bool:
    if not _object(value, "url", "description") or not isinstance(value.get("url"), str):
        return False
    return value["url"].startswith(("https://", "http://")) and isinstance(value.get("description", ""), str)


_READABLE: dict[str, Callable[[JSON], bool]] = {
    "type": _type,
    "enum": lambda value: isinstance(value, list) and bool(value),
    "required": _texts,
    "dependentRequired": lambda value: isinstance(value, dict) and all(_texts(one) for one in value.values()),
    "multipleOf": lambda value: _number(value) and value > 0,
    "discriminator": _discriminator,
    "xml": _xml,
    "externalDocs": _docs,
    "examples": lambda value: isinstance(value, list),
    "pattern": lambda value: isinstance(value, str) and _pattern(value),
    "$defs": lambda value: isinstance(value, dict),
}
for _key in ("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"):
    _READABLE[_key] = _number
for _key in ("Length", "Items", "Properties", "Contains"):
    _READABLE |= {f"min{_key}": _count, f"max{_key}": _count}
for _key in ("format", "contentEncoding", "contentMediaType", "title", "description", "$id", "$comment"):
    _READABLE[_key] = _text
for _key in ("uniqueItems", "deprecated", "readOnly", "writeOnly"):
    _READABLE[_key] = _flag
for _key in refs.LISTS:
    _READABLE[_key] = lambda value: isinstance(value, list) and bool(value)
for _key in refs.MAPS - {"properties"}:
    _READABLE[_key] = lambda value: isinstance(value, dict)
