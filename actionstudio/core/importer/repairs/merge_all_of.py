"""Repair: a body made of several parts is one object (OP-07)."""

from __future__ import annotations

from typing import Any

from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import bodies, mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said


@repair(title=said("Join the parts of bodies"), order=52)
def mend(contract: Contract, options: Any) -> Mended:
    """A body that is put together by “allOf” is not an object to ChatGPT: it drops the endpoint. Here the fields of all
    parts stand in one object; calls stay the same."""
    resolver = Resolver(contract)
    notes: list[Note] = []

    def merged(op: Operation) -> Operation:
        schema = mending.json_schema(op)
        if schema is None or bodies.is_object(schema, resolver):
            return op
        made = bodies.as_object(schema, resolver, choices=False)
        if made is None:
            return op
        words = said("The parts of the body of %(name)s are one object.", name=op.operation_id or op.path)
        notes.append(Note("merge-all-of", f"{op.pointer}/requestBody", words))
        return mending.with_json_schema(op, made)

    return Mended(mending.each_operation(contract, merged), tuple(notes))
