"""Repair: a parameter that is a JSON text says so (PAR-04)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actionstudio.core.contract import Contract, Operation, Parameter
from actionstudio.core.importer import mending
from actionstudio.core.importer.json_text import as_text
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said


@repair(title=said("Describe JSON parameters"), order=36, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """A parameter may have a media type instead of a schema, of which ChatGPT's model sees nothing. Here it is a text,
    and its description says what JSON it holds; calls stay the same."""
    resolver = Resolver(contract)
    notes: list[Note] = []

    def plain(op: Operation, index: int, one: Parameter) -> Parameter:
        if not one.content or one.schema is not None:
            return one
        kind = one.content[0].media_type
        words = "As JSON text" if "json" in kind.lower() else f"As text ({kind})"
        schema = as_text(one.content[0].schema, words, resolver, one.description)
        text = said("The parameter %(name)s is a text, %(kind)s.", name=one.name, kind=kind)
        notes.append(Note("content-parameters", f"{op.pointer}/parameters/{index}", text))
        return replace(one, schema={"type": "string"}, description=schema["description"], content=(), examples=())

    def described(op: Operation) -> Operation:
        made = tuple(plain(op, index, one) for index, one in enumerate(op.parameters))
        return op if mending.same(made, op.parameters) else replace(op, parameters=made)

    return Mended(mending.each_operation(contract, described), tuple(notes))
