"""Repair: paths hold nothing but methods that ChatGPT knows (OP-01)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actionstudio.core.contract import Contract
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, repair
from actionstudio.core.words import said


@repair(title=said("Leave out what ChatGPT cannot call"), order=18, always=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT calls GET, POST, PUT, PATCH and DELETE. Endpoints with another method, and whatever else stands on a
    path, are not in its document; other clients see them as before."""
    notes = tuple(
        Note("unknown-methods", op.pointer, said("%(op)s is not for ChatGPT.", op=f"{op.method} {op.path}"))
        for op in contract.operations
        if op.exposed and op.method not in mending.VERBS
    )
    return Mended(replace(contract, path_items={}) if contract.path_items else contract, notes)
