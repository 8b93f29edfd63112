"""Schemas as one side of a call sees them: what only the server sends is not required of a caller, and the reverse.

Source: OpenAPI 3.0.3, section 4.7.24.2: ``required`` of a readOnly property takes effect on the response only, of a
writeOnly property on the request only. Documents of 3.1 are written in the same spirit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actionstudio.core.schemas import refs

HIDDEN = {"request": "readOnly", "response": "writeOnly"}


def components_for(side: str, components: Mapping[str, Any]) -> Mapping[str, Any]:
    """The shared schemas as that side sees them; the same mapping when nothing differs."""
    changed = {}
    for name, schema in components.items():
        seen = schema_for(side, schema, components)
        if seen is not schema:
            changed[name] = seen
    return {**components, **changed} if changed else components


def schema_for(side: str, schema: Any, components: Mapping[str, Any]) -> Any:
    """A schema as that side sees it; the same object when nothing differs.

    A caller may send a readOnly property, it only need not; a writeOnly one is not part of an answer at all.
    """
    mark = HIDDEN[side]
    if not any(_hidden(node, mark, components) for node in refs.walk(schema)):
        return schema

    def seen(node: dict[str, Any]) -> dict[str, Any]:
        hidden = _hidden(node, mark, components)
        if not hidden:
            return node
        out = dict(node)
        if isinstance(node.get("required"), list):
            out["required"] = [name for name in node["required"] if name not in hidden]
        if side == "response":
            out["properties"] = {name: value for name, value in node["properties"].items() if name not in hidden}
        return out

    return refs.rebuild(schema, seen)


def _hidden(node: Mapping[str, Any], mark: str, components: Mapping[str, Any]) -> set[str]:
    """The properties of a schema that the other side alone sends."""
    properties = node.get("properties")
    if not isinstance(properties, dict):
        return set()
    return {name for name, value in properties.items() if _marked(value, mark, components)}


def _marked(schema: Any, mark: str, components: Mapping[str, Any]) -> bool:
    if not isinstance(schema, dict):
        return False
    if schema.get(mark) is True:
        return True
    found = refs.resolve(schema, components) if "$ref" in schema else schema
    return isinstance(found, dict) and found.get(mark) is True
