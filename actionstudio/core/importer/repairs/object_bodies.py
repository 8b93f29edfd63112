"""Repair: a body with fields says that it is an object, and names all of them (OP-07)."""

from __future__ import annotations

from typing import Any

from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.importer.repairs import add_properties
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said

type JSON = Any


@repair(title=said("Say that bodies are objects"), order=51, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT drops an endpoint whose body is not plainly an object. Here a body with fields but without a type, or
    with null as a second one, gets the type object; a field that it needs but does not describe may have any value."""
    resolver = Resolver(contract)
    notes: list[Note] = []

    def typed(op: Operation) -> Operation:
        schema = resolver.schema(mending.json_schema(op))
        if not isinstance(schema, dict) or not _may_be_object(schema):
            return op
        made = schema if mending.types_of(schema) == ("object",) else {**schema, "type": "object"}
        if add_properties.lacking(made):
            made = add_properties.mend(made, resolver)
        if made is schema:
            return op
        words = said("The body of %(name)s is of type object.", name=op.operation_id or op.path)
        notes.append(Note("object-bodies", f"{op.pointer}/requestBody", words))
        return mending.with_json_schema(op, made)

    return Mended(mending.each_operation(contract, typed), tuple(notes))


def _may_be_object(schema: dict[str, JSON]) -> bool:
    types = mending.types_of(schema)
    if not types:
        return isinstance(schema.get("properties"), dict)
    return "object" in types and not set(types) - {"object", "null"}
