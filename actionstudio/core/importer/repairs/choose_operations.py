"""Repair: at most as many endpoints as ChatGPT takes (DOC-07)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from actionstudio.core import limits
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import mending
from actionstudio.core.importer.repair import Mended, Note, Place, repair
from actionstudio.core.words import said, said_n

CODE = "choose-operations"
_TOLD = 30  # hidden operations that are named one by one


@repair(title=said("Choose 30 endpoints"), order=5, chooses=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT takes at most 30 endpoints and refuses a document with more. Here 30 are proposed: those called most,
    then those you had chosen before, then those that come first in the document, some of every tag where it has tags.
    The others are hidden from ChatGPT and work as before; you can change the choice at any time."""
    known = mending.offered(contract)
    kept = set(proposal(contract, options))
    hidden = [op for op in known if (op.method, op.path) not in kept]
    if not hidden:
        return Mended(contract)
    notes = tuple(Note(CODE, op.pointer, _said(op), True) for op in hidden)
    gone = {(op.method, op.path) for op in hidden}
    operations = tuple(replace(op, exposed=False) if (op.method, op.path) in gone else op for op in contract.operations)
    return Mended(replace(contract, operations=operations), notes)


def hidden(before: Contract, after: Contract) -> tuple[Operation, ...]:
    """The operations that ChatGPT got in ``before`` and that are in ``after`` but not offered there."""
    still = {(op.method, op.path) for op in after.operations if not op.exposed}
    return tuple(op for op in mending.offered(before) if (op.method, op.path) in still)


def told(operations: Sequence[Operation]) -> tuple[Note, ...]:
    """What was hidden, in notes: the first 30 by name, the others as a number."""
    notes = tuple(Note(CODE, op.pointer, _said(op), True) for op in operations[:_TOLD])
    if (more := len(operations) - _TOLD) <= 0:
        return notes
    words = said_n("and %(n)s more endpoint is hidden.", "and %(n)s more endpoints are hidden.", more)
    return (*notes, Note(CODE, "/paths", words, True))


def _said(op: Operation) -> str:
    return said("%(op)s is hidden.", op=_name(op))


def proposal(contract: Contract, options: Any = None) -> tuple[Place, ...]:
    """The endpoints to offer, the most useful first.

    ``options`` may name them (``operations``: pairs of method and path), or help to rank: ``counts`` of calls by
    "METHOD /path", ``chosen`` (what a person chose before, as "METHOD /path", the first to keep first), ``tags`` to
    prefer. The rest goes by the document, whose authors put the core first: in turn over its tags where it has some,
    else from the top; deprecated operations come last. Operations that are hidden already are not proposed.
    """
    options = options if isinstance(options, Mapping) else {}
    known = mending.offered(contract)
    named = _named(options.get("operations"))
    if named:
        return tuple((op.method, op.path) for op in known if (op.method, op.path) in named)
    if len(known) <= limits.OPERATIONS:
        return tuple((op.method, op.path) for op in known)
    counts = options.get("counts")
    counts = counts if isinstance(counts, Mapping) else {}
    chosen = {name: rank for rank, name in enumerate(_texts(options.get("chosen")))}
    tags = _texts(options.get("tags"))

    def calls(op: Operation) -> float:
        count = counts.get(_name(op), 0)
        return count if isinstance(count, int | float) and count > 0 else 0

    called = sorted((op for op in known if calls(op)), key=calls, reverse=True)
    silent = [op for op in known if not calls(op)]
    kept = sorted((op for op in silent if _name(op) in chosen), key=lambda op: chosen[_name(op)])
    others = [op for op in silent if _name(op) not in chosen]
    liked = [op for op in others if any(tag in tags for tag in op.tags)]
    rest = [op for op in others if not any(tag in tags for tag in op.tags)]
    ranked = [*called, *kept, *_mixed(liked), *_mixed(rest)]
    return tuple((op.method, op.path) for op in ranked[: limits.OPERATIONS])


def _name(op: Operation) -> str:
    return f"{op.method} {op.path}"


def _texts(raw: Any) -> list[str]:
    return [one for one in raw if isinstance(one, str)] if _listed(raw) else []


def _named(raw: Any) -> set[Place]:
    pairs = [tuple(one) for one in raw if isinstance(one, list | tuple) and len(one) == 2] if _listed(raw) else []
    return {(a, b) for a, b in pairs if isinstance(a, str) and isinstance(b, str)}


def _listed(raw: Any) -> bool:
    return isinstance(raw, list | tuple)


def _mixed(operations: list[Operation]) -> list[Operation]:
    """Some of every tag in turn, the tags as they come; of a document without tags all as they come."""
    groups: dict[str, list[Operation]] = {}
    for op in sorted(operations, key=lambda op: op.deprecated):
        groups.setdefault(op.tags[0] if op.tags else "", []).append(op)
    return [op for row in zip_longest(*groups.values()) for op in row if op is not None]
