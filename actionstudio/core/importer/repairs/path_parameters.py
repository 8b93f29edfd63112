"""Repair: parameters of a path stand in its operations, and are those that the path names (OP-01, PAR-03)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from actionstudio.core.contract import Contract, Operation, Parameter
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.resolve import Resolver
from actionstudio.core.words import said

TEMPLATE = re.compile(r"\{([^{}/]+)\}")


@repair(title=said("Put a path's parameters on its endpoints"), order=12, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT reads nothing that stands on a path beside its methods, so its parameters would be lost. Here each
    endpoint gets them. A name in braces that nobody describes becomes a text; one described for a path that lacks it is
    left out."""
    resolver = Resolver(contract)
    notes: list[Note] = []

    def pushed(op: Operation) -> Operation:
        found = resolver.parameters(op)
        names = TEMPLATE.findall(op.path)
        declared = {one.name for one in found if one.in_ == "path"}
        made = [Parameter(name, "path", True, schema={"type": "string"}) for name in names if name not in declared]
        kept = [one for one in found if one.in_ != "path" or one.name in names]
        after = (*made, *kept)
        if mending.same(after, op.parameters):
            return op
        own = {(one.in_, one.name) for one in op.parameters}
        given = [one.name for one in after if (one.in_, one.name) not in own]
        for name in given:
            words = said("%(op)s got the parameter %(name)s of its path.", op=f"{op.method} {op.path}", name=name)
            notes.append(Note("path-parameters", op.pointer, words))
        return replace(op, parameters=after)

    return Mended(mending.each_operation(contract, pushed), tuple(notes))
