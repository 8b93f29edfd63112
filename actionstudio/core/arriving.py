"""What a newer document adds arrives hidden where a person chose what ChatGPT gets and there is no room for more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from actionstudio.core import limits
from actionstudio.core.contract import Contract
from actionstudio.core.specs import gpt

type Place = tuple[str, str]


def hidden(current: Contract, after: Contract, added: Collection[Place]) -> frozenset[Place]:
    """Which of the operations ``added`` on the way from ``current`` to ``after`` are to be hidden: all or none.

    ChatGPT refuses a document with more than 30 operations as a whole (DOC-07). Where some are hidden, somebody chose;
    their choice stays what it is. Where none are, nobody has chosen yet.
    """
    if len(gpt.offered(after)) <= limits.OPERATIONS or not chosen(current):
        return frozenset()
    return frozenset((op.method, op.path) for op in gpt.offered(after) if (op.method, op.path) in added)


def chosen(contract: Contract) -> bool:
    """Whether a person hid some of the operations that ChatGPT could have."""
    return any(op.method in gpt.VERBS and not op.exposed for op in contract.operations)


def without(contract: Contract, places: Collection[Place]) -> Contract:
    """``contract`` with these operations hidden from ChatGPT."""
    if not places:
        return contract
    operations = tuple(
        replace(op, exposed=False) if (op.method, op.path) in places else op for op in contract.operations
    )
    return replace(contract, operations=operations)
