"""Repair: every object has properties (SCH-01)."""

from __future__ import annotations

from typing import Any

from actionstudio.core.importer.mending import types_of
from actionstudio.core.importer.repair import schema_repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said

type JSON = Any


@schema_repair(
    title=said("Add missing properties"),
    order=82,
    always=True,
    done=said("This object got an empty list of properties."),
)
def mend(node: dict[str, JSON], resolver: Resolver) -> dict[str, JSON]:
    """An object without “properties” brings a message, in requests and in answers. Here it gets an empty list of them,
    which changes nothing else."""
    properties = node.get("properties")
    if isinstance(properties, dict) or ("properties" not in node and "object" not in types_of(node)):
        return node
    return {**node, "properties": {}}
