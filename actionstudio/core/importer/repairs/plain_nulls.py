"""Repair: what may be left out need not be null too (SCH-04)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actionstudio.core.contract import Contract, Operation, Parameter
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.words import said

type JSON = Any

_NULL = {"type": "null"}


@repair(title=said("Leave out needless nulls"), order=58)
def mend(contract: Contract, options: Any) -> Mended:
    """Fields that may be “a text or null” are reported to confuse ChatGPT. Where such a field or parameter may be left
    out anyway, it is offered as a text only."""
    notes: list[Note] = []
    base = ""

    def change(node: dict[str, JSON], way: mending.Way) -> dict[str, JSON]:
        properties = node.get("properties")
        if not isinstance(properties, dict):
            return node
        needed = node.get("required")
        needed = {name for name in needed if isinstance(name, str)} if isinstance(needed, list) else set()
        made = {name: schema if name in needed else without_null(schema) for name, schema in properties.items()}
        changed = [name for name, schema in properties.items() if made[name] is not schema]
        for name in changed:
            words = said("“%(name)s” need not be null: it may be left out.", name=name)
            notes.append(Note("plain-nulls", mending.pointer_of(base, ((way, "properties"), name)), words))
        return {**node, "properties": made} if changed else node

    def whole(schema: JSON, at: str) -> JSON:
        nonlocal base
        base = at
        return mending.rebuilt(schema, change)

    def parameter(op: Operation, index: int, one: Parameter) -> Parameter:
        schema = one.schema if one.required else without_null(one.schema)
        if schema is one.schema:
            return one
        words = said("“%(name)s” need not be null: it may be left out.", name=one.name)
        notes.append(Note("plain-nulls", f"{op.pointer}/parameters/{index}", words))
        return replace(one, schema=schema)

    def operation(op: Operation) -> Operation:
        made = tuple(parameter(op, index, one) for index, one in enumerate(op.parameters))
        return op if mending.same(made, op.parameters) else replace(op, parameters=made)

    out = mending.each_operation(contract, operation)
    return Mended(mending.each_schema(out, whole), tuple(notes))


def without_null(schema: JSON) -> JSON:
    """The schema of ``anyOf: [T, null]`` as T; any other as it is."""
    for key in ("anyOf", "oneOf"):
        branches = schema.get(key) if isinstance(schema, dict) else None
        if not isinstance(branches, list) or len(branches) != 2 or _NULL not in branches:
            continue
        (kept,) = [branch for branch in branches if branch != _NULL] or [{}]
        if not isinstance(kept, dict):
            return schema
        beside = {name: value for name, value in schema.items() if name != key}
        if beside.get("default", 0) is None:
            del beside["default"]
        return {**kept, **beside}
    return schema
