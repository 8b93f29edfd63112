"""Rule: people read what they allow."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.auth import OAuth
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.schemas.refs import escape
from actionstudio.core.words import said


@rule(
    level="advice",
    targets=("gpt", "plugin", "mcp"),
    topic="quality",
    bad='scopes: {todos:write: ""}',
    good="scopes: {todos:write: Change your todo list}",
)
def check(look: Look) -> Iterator[Hit]:
    """A scope without a sentence is shown by its bare name when people are asked to allow it.

    Say in a few words what becomes possible, such as “Read your orders”.
    """
    auth = look.contract.auth
    if look.only is not None or not isinstance(auth, OAuth):
        return
    for scope in auth.scopes:
        if not scope.sentence.strip():
            at = f"/components/securitySchemes/{escape(auth.scheme_name)}/flows/authorizationCode/scopes"
            message = said("The scope %(scope)s has no sentence for people to read.", scope=scope.name)
            yield Hit(f"{at}/{escape(scope.name)}", message)
