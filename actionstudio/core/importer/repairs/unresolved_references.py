"""Repair: references in schemas lead to a shared schema that exists (DOC-06)."""

from __future__ import annotations

from typing import Any

from actionstudio.core.importer.repair import schema_repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs
from actionstudio.core.words import said

type JSON = Any

_DEEPEST = 20


@schema_repair(
    title=said("Settle references"),
    order=16,
    always=True,
    done=said("A reference to something else than a shared schema was settled."),
)
def mend(node: dict[str, JSON], resolver: Resolver) -> dict[str, JSON]:
    """ChatGPT follows references to shared schemas only, and fills in “any value” where it cannot. Here what stands
    elsewhere in the document is written out in its place, and a reference that leads nowhere becomes “any value”."""
    return _settled(node, resolver, 0)


def _settled(node: dict[str, JSON], resolver: Resolver, depth: int) -> dict[str, JSON]:
    ref = node.get("$ref")
    if "$ref" not in node:
        return node
    name = refs.name_of(ref)
    if name is not None and refs.ref_to(name) == ref and name in resolver.components:
        return node
    beside = {key: value for key, value in node.items() if key != "$ref"}
    target = resolver.find(ref) if isinstance(ref, str) and depth < _DEEPEST else None
    if isinstance(target, bool):
        target = {} if target else {"not": {}}
    if not isinstance(target, dict):
        return beside
    inner = refs.rebuild(target, lambda inside: _settled(inside, resolver, depth + 1))
    return {**inner, **beside}
