"""Repair: at most as many endpoints as ChatGPT takes (DOC-07)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from actionstudio.core import limits
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, Place, repair
from actionstudio.core.words import said

_SAFEST = {"GET": 0, "POST": 1, "PATCH": 2, "PUT": 3, "DELETE": 4}


@repair(title=said("Choose 30 endpoints"), order=5, chooses=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT takes at most 30 endpoints and refuses a document with more. Here 30 are proposed: those called most,
    then those that only read, some of every tag. The others are hidden from ChatGPT and work as before; you can change
    the choice at any time."""
    known = mending.offered(contract)
    kept = set(proposal(contract, options))
    hidden = [op for op in known if (op.method, op.path) not in kept]
    if not hidden:
        return Mended(contract)
    notes = tuple(
        Note("choose-operations", op.pointer, said("%(op)s is hidden.", op=f"{op.method} {op.path}"), True)
        for op in hidden
    )
    gone = {(op.method, op.path) for op in hidden}
    operations = tuple(replace(op, exposed=False) if (op.method, op.path) in gone else op for op in contract.operations)
    return Mended(replace(contract, operations=operations), notes)


def proposal(contract: Contract, options: Any = None) -> tuple[Place, ...]:
    """The endpoints to offer, the most useful first.

    ``options`` may name them (``operations``: pairs of method and path), or help to rank: ``counts`` of calls by
    "METHOD /path", ``tags`` to prefer. Operations that are hidden already are not proposed.
    """
    options = options if isinstance(options, Mapping) else {}
    known = mending.offered(contract)
    named = _named(options.get("operations"))
    if named:
        return tuple((op.method, op.path) for op in known if (op.method, op.path) in named)
    if len(known) <= limits.OPERATIONS:
        return tuple((op.method, op.path) for op in known)
    counts, tags = options.get("counts"), options.get("tags")
    counts = counts if isinstance(counts, Mapping) else {}
    tags = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []

    def calls(op: Operation) -> float:
        count = counts.get(f"{op.method} {op.path}", 0)
        return count if isinstance(count, int | float) and count > 0 else 0

    called = sorted((op for op in known if calls(op)), key=calls, reverse=True)
    liked = [op for op in known if not calls(op) and any(tag in tags for tag in op.tags)]
    others = [op for op in known if not calls(op) and not any(tag in tags for tag in op.tags)]
    ranked = [*called, *_mixed(liked), *_mixed(others)]
    return tuple((op.method, op.path) for op in ranked[: limits.OPERATIONS])


def _named(raw: Any) -> set[Place]:
    pairs = [tuple(one) for one in raw if isinstance(one, list | tuple) and len(one) == 2] if _listed(raw) else []
    return {(a, b) for a, b in pairs if isinstance(a, str) and isinstance(b, str)}


def _listed(raw: Any) -> bool:
    return isinstance(raw, list | tuple)


def _mixed(operations: list[Operation]) -> list[Operation]:
    """Some of every group in turn, the safest and plainest of each first."""
    groups: dict[str, list[Operation]] = {}
    for op in sorted(operations, key=_rank):
        groups.setdefault(op.tags[0] if op.tags else op.path.strip("/").partition("/")[0], []).append(op)
    return [op for row in zip_longest(*groups.values()) for op in row if op is not None]


def _rank(op: Operation) -> tuple[bool, int, int, str]:
    return op.deprecated, _SAFEST[op.method], op.path.count("/"), op.path
