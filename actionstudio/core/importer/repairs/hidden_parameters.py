"""Repair: no header and cookie parameters (PAR-02)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.words import said


@repair(title=said("Leave out header and cookie parameters"), order=70, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT sends no headers or cookies of yours and says so for each. Here they are not offered to it; to let the
    model fill them in, move them to the query."""
    notes: list[Note] = []

    def shown(op: Operation) -> Operation:
        kept = tuple(one for one in op.parameters if one.in_ in ("path", "query"))
        if len(kept) == len(op.parameters):
            return op
        for index, one in enumerate(op.parameters):
            if one.in_ not in ("path", "query"):
                words = said("The %(place)s parameter %(name)s is not offered.", place=one.in_, name=one.name)
                notes.append(Note("hidden-parameters", f"{op.pointer}/parameters/{index}", words))
        return replace(op, parameters=kept)

    return Mended(mending.each_operation(contract, shown), tuple(notes))
