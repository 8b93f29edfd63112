"""Rule: what changes something asks who calls."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="SEC-02",
    targets=TARGETS,
    topic="quality",
    sure="A",
    bad="delete:\n  security: []",
    good="delete:\n  security: [{key: []}]",
)
def check(look: Look) -> Iterator[Hit]:
    """The project asks for a credential, but this operation, which changes something, does not.

    Anybody who knows the address can call it.
    """
    guarded = any(look.resolver.security(op) for op in look.contract.operations)
    for op in look.operations:
        if guarded and op.method in ("PUT", "PATCH", "DELETE") and not look.resolver.security(op):
            yield Hit(f"{op.pointer}/security", said("Anybody may call %(op)s.", op=texts.name_of(op)))
