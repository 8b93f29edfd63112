"""Rule: what changes something asks for a scope that says so."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.auth import OAuth
from actionstudio.core.contract import Operation
from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.resolve import scopes_of
from actionstudio.core.words import said


@rule(
    level="advice",
    targets=("gpt", "plugin", "mcp"),
    topic="quality",
    bad="delete:\n  security: [{oauth: [todos:read]}]",
    good="delete:\n  security: [{oauth: [todos:write]}]",
)
def check(look: Look) -> Iterator[Hit]:
    """An operation that changes something asks only for scopes that let one read.

    On the consent page nothing says that something will change. Let it ask for a scope that changes something, or tick
    that for the scope it asks for.
    """
    auth = look.contract.auth
    if not isinstance(auth, OAuth):
        return
    changing = {scope.name for scope in auth.scopes if scope.changes}
    known = {scope.name for scope in auth.scopes}
    for op in look.operations:
        asked = scopes_of(op, auth)
        if _changes(op) and asked and known.issuperset(asked) and changing.isdisjoint(asked):
            message = said("%(op)s changes something, and asks only for scopes to read.", op=texts.name_of(op))
            yield Hit(f"{op.pointer}/security", message)


def _changes(op: Operation) -> bool:
    """A POST that GPT need not ask about is a question with a body."""
    return op.method in ("PUT", "PATCH", "DELETE") or (op.method == "POST" and op.consequential is not False)
