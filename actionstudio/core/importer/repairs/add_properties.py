"""Repair: every object has properties (SCH-01)."""

from __future__ import annotations

from typing import Any

from actionstudio.core.importer.mending import types_of
from actionstudio.core.importer.repair import schema_repair
from actionstudio.core.importer.repairs.array_items import ANYTHING
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said

type JSON = Any

_PARTS = ("allOf", "anyOf", "oneOf")


@schema_repair(
    title=said("Add missing properties"),
    order=82,
    always=True,
    done=said("This object got an empty list of properties."),
)
def mend(node: dict[str, JSON], resolver: Resolver) -> dict[str, JSON]:
    """An object without “properties” brings a message, in requests and in answers. Here it gets an empty list of them,
    which changes nothing else; a field that is required but not described may have any value."""
    properties = node.get("properties")
    known = isinstance(properties, dict)
    if not known and "properties" not in node and "object" not in types_of(node):
        return node
    missing = lacking(node)
    if known and not missing:
        return node
    found = properties if isinstance(properties, dict) else {}
    return {**node, "properties": {**found, **{name: dict(ANYTHING) for name in missing}}}


def lacking(node: dict[str, JSON]) -> list[str]:
    """The fields that an object needs and describes nowhere."""
    properties, required = node.get("properties"), node.get("required")
    if not isinstance(required, list) or any(key in node for key in _PARTS):
        return []
    known = properties if isinstance(properties, dict) else {}
    return [name for name in required if isinstance(name, str) and name not in known]
