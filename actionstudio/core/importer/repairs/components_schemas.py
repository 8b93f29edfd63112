"""Repair: components.schemas holds what the endpoints use, under names that references can hold (DOC-04)."""

from __future__ import annotations

import re
from typing import Any

from actionstudio.core.contract import Contract
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.schemas import refs
from actionstudio.core.words import said

type JSON = Any

_NAME = re.compile(r"[a-zA-Z0-9._-]+")  # OpenAPI 3.1.0, section 4.8.7


@repair(title=said("Take only the shared schemas in use"), order=26, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT wants components.schemas in every document. Here it holds the shared schemas that the offered endpoints
    need and no others; a name with characters that OpenAPI does not allow is changed."""
    found = mending.used(contract)
    odd = [name for name in found if not _NAME.fullmatch(name)]
    if not odd:
        if len(found) == len(contract.components):
            return Mended(contract)
        return Mended(mending.components(contract, found))
    renamed: dict[str, str] = {}
    for name in odd:
        made = re.sub(r"[^a-zA-Z0-9._-]+", "_", name).strip("_") or "Schema"
        renamed[name] = mending.fresh(made, {*found, *renamed.values()})

    def moved(node: dict[str, JSON], way: mending.Way) -> dict[str, JSON]:
        return _moved(node, renamed)

    out = mending.components(contract, {renamed.get(name, name): schema for name, schema in found.items()})
    out = mending.each_schema(out, lambda schema, at: mending.rebuilt(schema, moved))
    words = [said("The shared schema “%(name)s” is called “%(made)s”.", name=a, made=b) for a, b in renamed.items()]
    return Mended(out, tuple(Note("components-schemas", "/components/schemas", one) for one in words))


def _moved(node: dict[str, JSON], renamed: dict[str, str]) -> dict[str, JSON]:
    for key in refs.REFERENCES:
        name = refs.name_of(node.get(key))
        if name in renamed:
            node = {**node, key: refs.ref_to(renamed[name])}
    chooser = node.get("discriminator")
    mapping = chooser.get("mapping") if isinstance(chooser, dict) else None
    if not isinstance(chooser, dict) or not isinstance(mapping, dict):
        return node
    targets = {key: _target(value, renamed) for key, value in mapping.items()}
    return node if targets == mapping else {**node, "discriminator": {**chooser, "mapping": targets}}


def _target(value: JSON, renamed: dict[str, str]) -> JSON:
    name = refs.name_of(value)
    if name in renamed:
        return refs.ref_to(renamed[name])
    return renamed.get(value, value) if isinstance(value, str) else value
