"""Rule: every scope is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.auth import OAuth
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.resolve import scopes_of
from actionstudio.core.schemas.refs import escape
from actionstudio.core.words import said


@rule(
    level="advice",
    targets=("gpt", "plugin", "mcp"),
    topic="quality",
    bad="scopes: {read: Read your lists, all: Do everything}\nsecurity: [{oauth: [read]}]",
    good="scopes: {read: Read your lists}\nsecurity: [{oauth: [read]}]",
)
def check(look: Look) -> Iterator[Hit]:
    """No operation asks for this scope. People who allow it wonder what for, and nothing becomes possible by it.

    Let an operation ask for it, or remove it.
    """
    auth = look.contract.auth
    if look.only is None and isinstance(auth, OAuth):
        asked = {scope for op in look.contract.operations for scope in scopes_of(op, auth)}
        for scope in auth.scopes:
            if scope.name not in asked:
                at = f"/components/securitySchemes/{escape(auth.scheme_name)}/flows/authorizationCode/scopes"
                message = said("No operation asks for the scope %(scope)s.", scope=scope.name)
                yield Hit(f"{at}/{escape(scope.name)}", message)
