"""Repair: a body that is one of several objects is one object with the fields of all (OP-07)."""

from __future__ import annotations

from typing import Any

from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import bodies, mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said


@repair(title=said("Join alternative bodies"), order=54)
def mend(contract: Contract, options: Any) -> Mended:
    """A body that may be one of several objects makes ChatGPT drop the endpoint. Here one object has the fields of all
    of them, and needs only those that all need; calls stay the same, and your document still says which fields go
    together."""
    resolver = Resolver(contract)
    notes: list[Note] = []

    def flat(op: Operation) -> Operation:
        schema = mending.json_schema(op)
        if schema is None or bodies.is_object(schema, resolver):
            return op
        if bodies.as_object(schema, resolver, choices=False) is not None:
            return op
        made = bodies.as_object(schema, resolver, choices=True)
        if made is None or not made["properties"]:
            return op
        words = said("The alternatives of the body of %(name)s are one object.", name=op.operation_id or op.path)
        notes.append(Note("flatten-union", f"{op.pointer}/requestBody", words, True))
        return mending.with_json_schema(op, made)

    return Mended(mending.each_operation(contract, flat), tuple(notes))
