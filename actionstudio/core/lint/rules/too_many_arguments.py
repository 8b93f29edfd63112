"""Rule: a call takes few arguments."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said

_MOST = 25


@rule(level="advice", targets=TARGETS, topic="quality", bad="40 parameters", good="the 8 that a conversation needs")
def check(look: Look) -> Iterator[Hit]:
    """The more a model may fill in, the more it fills in wrongly, and the more the description costs.

    Offer those that a conversation needs, or make two operations of one.
    """
    for op in look.operations:
        count = len(look.arguments(op))
        if count > _MOST:
            message = said(
                "%(op)s takes %(count)s arguments; models do well with %(most)s at most.",
                op=texts.name_of(op),
                count=count,
                most=_MOST,
            )
            yield Hit(op.pointer, message)
