"""Repair: a body with fields says that it is an object (OP-07)."""

from __future__ import annotations

from typing import Any

from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said


@repair(title=said("Say that bodies are objects"), order=51, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT drops an endpoint whose body is not plainly an object. Here a body with fields but without a type, or
    with null as a second one, gets the type object."""
    resolver = Resolver(contract)
    notes: list[Note] = []

    def typed(op: Operation) -> Operation:
        schema = resolver.schema(mending.json_schema(op))
        types = mending.types_of(schema)
        if not isinstance(schema, dict) or types == ("object",):
            return op
        if "object" not in types and (types or not isinstance(schema.get("properties"), dict)):
            return op
        if set(types) - {"object", "null"}:
            return op
        words = said("The body of %(name)s is of type object.", name=op.operation_id or op.path)
        notes.append(Note("object-bodies", f"{op.pointer}/requestBody", words))
        return mending.with_json_schema(op, {**schema, "type": "object"})

    return Mended(mending.each_operation(contract, typed), tuple(notes))
