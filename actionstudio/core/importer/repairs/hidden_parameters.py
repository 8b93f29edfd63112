"""Repair: no header and cookie parameters (PAR-02)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actionstudio.core.contract import Contract, Operation, Parameter
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.importer.repairs.header_parameters import credential_places, fillable
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said


@repair(title=said("Leave out header and cookie parameters"), order=70, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT sends no headers or cookies of yours and says so for each. Here they are not offered to it; to let the
    model fill them in, move them to the query."""
    notes: list[Note] = []
    credentials = credential_places(Resolver(contract))

    def shown(op: Operation) -> Operation:
        kept = tuple(one for one in op.parameters if one.in_ in ("path", "query"))
        if len(kept) == len(op.parameters):
            return op
        for index, one in enumerate(op.parameters):
            if one.in_ not in ("path", "query"):
                missed = one.required and fillable(one, credentials)
                at = f"{op.pointer}/parameters/{index}"
                notes.append(Note("hidden-parameters", at, _missed(one) if missed else _hidden(one), missed))
        return replace(op, parameters=kept)

    return Mended(mending.each_operation(contract, shown), tuple(notes))


def _hidden(one: Parameter) -> str:
    return said("The %(place)s parameter %(name)s is not offered.", place=one.in_, name=one.name)


def _missed(one: Parameter) -> str:
    return said(
        "The %(place)s parameter %(name)s is required, but not offered: ChatGPT calls without it, and a strict check "
        "of calls refuses that.",
        place=one.in_,
        name=one.name,
    )
