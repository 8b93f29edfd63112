"""What a contract itself shows of its operations: their summaries, and its examples' values for what they take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer.profile import profile
from actionstudio.core.resolve import Resolver
from actionstudio.core.specs.typescript import json_media

type JSON = Any


def arguments(contract: Contract) -> dict[str, dict[str, JSON]]:
    """By operationId, as ChatGPT gets it: what its arguments have in the first example, those without left out."""
    found = profile(contract).contract
    resolver = Resolver(found)
    return {op.operation_id: _given(resolver, op) for op in found.operations}


def summaries(contract: Contract) -> dict[str, str]:
    """By operationId, as ChatGPT gets it: its summary."""
    return {op.operation_id: op.summary for op in profile(contract).contract.operations}


def of_one(contract: Contract, operation_id: str) -> dict[str, JSON]:
    """What ``arguments`` has of one operation; nothing where there is none of that id."""
    found = profile(contract).contract
    op = next((op for op in found.operations if op.operation_id == operation_id), None)
    return {} if op is None else _given(Resolver(found), op)


def _given(resolver: Resolver, op: Operation) -> dict[str, JSON]:
    return {name: value for name, _needed, value in of(resolver, op) if value is not None}


def required(resolver: Resolver, op: Operation) -> dict[str, JSON]:
    """What an operation requires, with the first value that its examples have for it, None for none."""
    return {name: value for name, needed, value in of(resolver, op) if needed}


def of(resolver: Resolver, op: Operation) -> Iterator[tuple[str, bool, JSON]]:
    """(name, whether it is required, its value in the first example, None for none), parameters before the body."""
    for parameter in resolver.parameters(op):
        if parameter.in_ in ("path", "query"):
            shown = next((one.value for one in parameter.examples if one.value is not None), None)
            schema = resolver.schema(parameter.schema)
            yield parameter.name, parameter.required, shown if shown is not None else _shown(schema)
    body = resolver.body(op)
    media = json_media(body.content) if body else None
    schema = resolver.schema(media.schema) if media else None
    if not (media and isinstance(schema, dict)):
        return
    properties = schema.get("properties")
    if isinstance(properties, dict):
        example = next((one.value for one in media.examples if isinstance(one.value, dict)), {})
        needed = schema.get("required")
        for name, raw in properties.items():
            value = example.get(name, _shown(resolver.schema(raw)))
            yield name, isinstance(needed, list) and name in needed, value


def _shown(schema: JSON) -> JSON:
    """The value that a schema shows, None for none."""
    if not isinstance(schema, dict):
        return None
    shown = schema.get("examples")
    first = shown[0] if isinstance(shown, list) and shown else None
    values = schema.get("enum")
    listed = values[0] if isinstance(values, list) and values else None
    return next((one for one in (schema.get("example"), first, schema.get("default"), listed) if one is not None), None)
