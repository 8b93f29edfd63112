"""Rule: operations are told apart."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.contract import Operation
from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said

_FEWEST = 3  # words that carry meaning; fewer are the concern of another rule
_ALIKE = 0.8  # the part of all words of two texts that both have


@rule(
    level="advice",
    source="PL-10",
    targets=TARGETS,
    topic="texts",
    sure="E",
    bad="listOrders: Returns the orders of the user\nlistInvoices: Returns the orders of the user",
    good="listOrders: Returns what the user bought\nlistInvoices: Returns the bills that the user got",
)
def check(look: Look) -> Iterator[Hit]:
    """The model chooses by the texts. Where two say nearly the same, it chooses the wrong one now and then.

    Say what each does that the other does not.
    """
    seen: list[tuple[Operation, int, int]] = []
    bits: dict[str, int] = {}
    others = (
        () if look.only is None else tuple(op for op in look.contract.operations if op.exposed and _is_other(op, look))
    )
    for number, op in enumerate((*others, *look.operations)):
        words = texts.meaning(texts.text_of(op))
        if len(words) < _FEWEST:
            continue
        mask = 0
        for word in words:
            mask |= 1 << bits.setdefault(word, len(bits))
        twin = next((one for one, other, size in seen if _alike(mask, len(words), other, size)), None)
        if twin is not None and number >= len(others):
            message = said(
                "%(op)s and %(other)s are described nearly alike; the model may mix them up.",
                op=texts.name_of(op),
                other=texts.name_of(twin),
            )
            yield Hit(f"{op.pointer}/{'description' if op.description.strip() else 'summary'}", message)
        seen.append((op, mask, len(words)))


def _is_other(op: Operation, look: Look) -> bool:
    return look.only is not None and (op.method, op.path) != (look.only.method, look.only.path)


def _alike(one: int, size: int, other: int, others: int) -> bool:
    """Whether two sets of words, as bits, have nearly all words in common (Jaccard's index)."""
    if min(size, others) < _ALIKE * max(size, others):
        return False
    common = (one & other).bit_count()
    return common >= _ALIKE * (size + others - common)
