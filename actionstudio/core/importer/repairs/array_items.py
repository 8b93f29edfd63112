"""Repair: every list says what is in it (SCH-02)."""

from __future__ import annotations

from typing import Any

from actionstudio.core.importer.mending import types_of
from actionstudio.core.importer.repair import schema_repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said

type JSON = Any

ANYTHING = {"description": "Any value"}


@schema_repair(
    title=said("Say what lists hold"),
    order=80,
    always=True,
    done=said("This list got “items”."),
)
def mend(node: dict[str, JSON], resolver: Resolver) -> dict[str, JSON]:
    """A list without “items” brings a message. Here it gets one that allows any value, or the values that its first
    places may have."""
    if "array" not in types_of(node) or node.get("items"):
        return node
    first = node.get("prefixItems")
    if isinstance(first, list) and first and all(isinstance(one, dict) and one for one in first):
        distinct = [one for index, one in enumerate(first) if one not in first[:index]]
        return {**node, "items": distinct[0] if len(distinct) == 1 else {"anyOf": distinct}}
    return {**node, "items": dict(ANYTHING)}
