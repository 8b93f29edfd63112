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
    required = node.get("required")
    found: dict[str, JSON] = properties if isinstance(properties, dict) else {}
    required = required if isinstance(required, list) and not any(key in node for key in _PARTS) else []
    lacking = [name for name in required if isinstance(name, str) and name not in found]
    if known and not lacking:
        return node
    return {**node, "properties": {**found, **{name: dict(ANYTHING) for name in lacking}}}
