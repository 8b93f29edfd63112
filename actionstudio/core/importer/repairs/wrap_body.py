"""Repair: a body that is no object is the only field of one (OP-07)."""

from __future__ import annotations

from typing import Any

from actionstudio.core.arguments import Step, Unwrap
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import bodies, mending
from actionstudio.core.importer.repair import Mended, Note, Place, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.gathered import gathered
from actionstudio.core.words import said

type JSON = Any

_KEYS = {"array": "items", "string": "text", "number": "number", "integer": "number", "boolean": "value"}


@repair(title=said("Wrap bodies in an object"), order=56, shapes=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT fills in named fields, so it drops an endpoint whose body is a list, a single value or a choice of
    several. Here the body is the only field of an object, and your address takes it out again."""
    resolver = Resolver(contract)
    notes: list[Note] = []
    steps: dict[Place, tuple[Step, ...]] = {}

    def wrapped(op: Operation) -> Operation:
        schema = mending.json_schema(op)
        if schema is None or bodies.is_object(schema, resolver):
            return op
        key = free_key(op, resolver, _KEYS.get((mending.types_of(resolver.schema(schema)) or ("",))[0], "body"))
        steps[op.method, op.path] = (Unwrap(key),)
        words = said("The body of %(name)s is the field “%(key)s”.", name=op.operation_id or op.path, key=key)
        notes.append(Note("wrap-body", f"{op.pointer}/requestBody", words))
        return mending.with_json_schema(op, in_object(key, schema, mending.body_of(op).required))

    return Mended(mending.each_operation(contract, wrapped), tuple(notes), steps)


def free_key(op: Operation, resolver: Resolver, name: str) -> str:
    """A key that neither a parameter nor a field of the body, as it may be, has."""
    fields, _needed = gathered(mending.json_schema(op), resolver.schema, ("allOf", *bodies.CHOICES))
    return mending.fresh(name, {one.name for one in op.parameters} | set(fields))


def in_object(key: str, schema: JSON, required: bool) -> dict[str, JSON]:
    """An object whose only field is ``key``."""
    out = {"type": "object", "properties": {key: schema}, "additionalProperties": False}
    return {**out, "required": [key]} if required else out
