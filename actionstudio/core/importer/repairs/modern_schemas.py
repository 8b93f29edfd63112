"""Repair: schemas are written as objects of JSON Schema 2020-12 (DOC-03)."""

from __future__ import annotations

from typing import Any

from actionstudio.core.importer.repair import schema_repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs
from actionstudio.core.specs.readers import schemas
from actionstudio.core.words import said

type JSON = Any

_MAY_BE_BOOLEAN = "additionalProperties"


@schema_repair(
    title=said("Write schemas in today's dialect"),
    order=30,
    always=True,
    done=said("Leftovers of an older dialect were written anew."),
)
def mend(node: dict[str, JSON], resolver: Resolver) -> dict[str, JSON]:
    """ChatGPT's check knows the schemas of OpenAPI 3.1. Here “nullable” becomes the type null, a boolean
    “exclusiveMinimum” the bound itself, and “true” and “false” in place of a schema become objects."""
    if "nullable" in node or _is_flag(node, "exclusiveMinimum") or _is_flag(node, "exclusiveMaximum"):
        node = schemas.modern(node)
    return _without_booleans(node)


def _is_flag(node: dict[str, JSON], key: str) -> bool:
    return isinstance(node.get(key), bool)


def written_out(schema: JSON) -> dict[str, JSON]:
    """Whatever stands in place of a schema as an object: ``true`` and ``false`` are schemas, the rest allows all."""
    return {"not": {}} if schema is False else schema if isinstance(schema, dict) else {}


def _without_booleans(node: dict[str, JSON]) -> dict[str, JSON]:
    """The schema, ``true`` and ``false`` directly in it written out, but where the editor takes them."""
    out: Any = node
    for key, value in node.items():
        if key in refs.SINGLE:
            if isinstance(value, dict) or (isinstance(value, bool) and key == _MAY_BE_BOOLEAN):
                continue
            made: Any = written_out(value)
        elif key in refs.LISTS and isinstance(value, list):
            if all(isinstance(item, dict) for item in value):
                continue
            made = [written_out(item) for item in value]
        elif key in refs.MAPS and isinstance(value, dict):
            if all(isinstance(item, dict) for item in value.values()):
                continue
            made = {name: written_out(item) for name, item in value.items()}
        else:
            continue
        out = dict(node) if out is node else out
        out[key] = made
    return out
