"""Repair: references in schemas lead to a shared schema that exists (DOC-06)."""

from __future__ import annotations

from typing import Any

from actionstudio.core.importer.repair import schema_repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs
from actionstudio.core.words import said

type JSON = Any


@schema_repair(
    title=said("Settle references that lead nowhere"),
    order=16,
    always=True,
    done=said("A reference that leads nowhere became “any value”."),
)
def mend(node: dict[str, JSON], resolver: Resolver) -> dict[str, JSON]:
    """ChatGPT fills in “any value” where a reference leads nowhere, and says so. Here it is said in the document: such
    a reference becomes “any value”."""
    ref = node.get("$ref")
    if "$ref" not in node:
        return node
    name = refs.name_of(ref)
    if name is not None and refs.ref_to(name) == ref and name in resolver.components:
        return node
    return {key: value for key, value in node.items() if key != "$ref"}
