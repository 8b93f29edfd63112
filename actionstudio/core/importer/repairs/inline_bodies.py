"""Repair: bodies and answers stand in their operation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said


@repair(title=said("Write shared bodies and answers out"), order=14, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT follows references to schemas only. Here a shared request body or answer is written out where it is
    used."""
    resolver = Resolver(contract)
    notes: list[Note] = []

    def inlined(op: Operation) -> Operation:
        if not (op.body and op.body.ref) and not any(one.ref for one in op.responses):
            return op
        words = said("A shared body or answer of %(op)s was written out.", op=f"{op.method} {op.path}")
        notes.append(Note("inline-bodies", op.pointer, words))
        return replace(op, body=resolver.body(op), responses=resolver.responses(op))

    return Mended(mending.each_operation(contract, inlined), tuple(notes))
