"""Rule: a description says more than the name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said

_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_MOST = 3  # times as long as the name: so long a text says more


@rule(
    level="advice",
    source="PL-10",
    targets=TARGETS,
    topic="texts",
    sure="A",
    bad="operationId: getUserOrders\nsummary: Get user orders",
    good="operationId: getUserOrders\nsummary: Lists what a customer bought, the newest first",
)
def check(look: Look) -> Iterator[Hit]:
    """A text that only repeats the operation's name adds nothing for the model.

    Say what comes back, and when to use it.
    """
    for op in look.operations:
        text, name = texts.text_of(op), " ".join(_PARTS.findall(op.operation_id))
        told = texts.meaning(text) if len(text) < _MOST * len(name) else frozenset()
        if len(told) > 2 and told == texts.meaning(name):
            message = said("The text of %(op)s only repeats its name.", op=op.operation_id)
            yield Hit(f"{op.pointer}/{'description' if op.description.strip() else 'summary'}", message)
