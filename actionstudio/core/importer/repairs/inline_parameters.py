"""Repair: parameters stand in their operation (PAR-01)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said


@repair(title=said("Write shared parameters out"), order=10, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT follows no reference in a list of parameters: it drops the whole endpoint. Here every shared parameter
    is written out where it is used. A reference that leads nowhere is left out."""
    resolver = Resolver(contract)
    notes: list[Note] = []

    def inlined(op: Operation) -> Operation:
        if not any(one.ref for one in op.parameters):
            return op
        kept = []
        for index, one in enumerate(op.parameters):
            made = resolver.parameter(one)
            if one.ref:
                words = said("The parameter %(name)s was written out.", name=made.name) if made else _lost(one.ref)
                notes.append(Note("inline-parameters", f"{op.pointer}/parameters/{index}", words, made is None))
            if made is not None:
                kept.append(made)
        return replace(op, parameters=tuple(kept))

    return Mended(mending.each_operation(contract, inlined), tuple(notes))


def _lost(ref: str) -> str:
    return said("The parameter that “%(ref)s” points to is not there; it was left out.", ref=ref)
