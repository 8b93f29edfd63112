"""Repair: every operation has a name of its own (OP-02, OP-03)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, Place, repair
from actionstudio.core.words import said


@repair(title=said("Name every endpoint"), order=20, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT drops an endpoint without an operationId and confuses two that share one. Here such an endpoint gets a
    name made of its method and path."""
    notes: list[Note] = []
    given = names(contract)

    def named(op: Operation) -> Operation:
        name = given[op.method, op.path]
        if name == op.operation_id:
            return op
        words = said("%(op)s is called “%(name)s”.", op=f"{op.method} {op.path}", name=name)
        notes.append(Note("operation-ids", op.pointer, words))
        return replace(op, operation_id=name)

    return Mended(mending.each_operation(contract, named), tuple(notes))


def names(contract: Contract) -> dict[Place, str]:
    """The name of every operation by (method, path): its own, or one made of both."""
    taken = {op.operation_id for op in contract.operations}
    used: set[str] = set()
    found: dict[Place, str] = {}
    for op in contract.operations:
        name = op.operation_id
        if not name or name in used:
            name = mending.fresh(name or made_name(op), taken)
        taken.add(name)
        used.add(name)
        found[op.method, op.path] = name
    return found


def made_name(op: Operation) -> str:
    """A name for an operation that has none: ``get_todos_username``."""
    words = re.findall(r"[A-Za-z0-9]+", op.path)
    return "_".join([op.method.lower(), *words])
