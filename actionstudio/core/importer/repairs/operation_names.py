"""Repair: names have only letters, digits and _, and are not too long (OP-04)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from actionstudio.core import limits
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.words import said

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@repair(title=said("Make names callable"), order=42)
def mend(contract: Contract, options: Any) -> Mended:
    """Functions are called by a name of letters, digits and _, of at most 64 characters. Here other characters become _
    and longer names are cut; the name in your own document stays."""
    notes: list[Note] = []
    taken = {op.operation_id for op in contract.operations}

    def renamed(op: Operation) -> Operation:
        name = op.operation_id
        if not name or is_callable(name):
            return op
        made = mending.fresh(callable_name(name), taken)
        if len(made) > limits.FUNCTION_NAME:
            made = mending.fresh(callable_name(name)[: limits.FUNCTION_NAME - 4], taken)
        taken.add(made)
        words = said("“%(name)s” is called “%(made)s”.", name=name, made=made)
        notes.append(Note("operation-names", f"{op.pointer}/operationId", words))
        return replace(op, operation_id=made)

    return Mended(mending.each_operation(contract, renamed), tuple(notes))


def is_callable(name: str) -> bool:
    """Whether a GPT can call an operation by this name."""
    return len(name) <= limits.FUNCTION_NAME and bool(NAME.fullmatch(name))


def callable_name(name: str) -> str:
    """The nearest name that a GPT can call."""
    made = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
    made = made if made[:1].isalpha() else f"call_{made}".rstrip("_")
    return made[: limits.FUNCTION_NAME]
