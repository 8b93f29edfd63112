"""Rule: OAuth names what is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import hosts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="OA-01",
    targets=("gpt", "mcp"),
    topic="calls",
    sure="C",
    bad="authorizationCode: {authorizationUrl: …, tokenUrl: …, scopes: {}}",
    good="authorizationCode: {authorizationUrl: …, tokenUrl: …, scopes: {read: Read your lists}}",
)
def check(look: Look) -> Iterator[Hit]:
    """An empty scope is sent as “scope=”, and many providers refuse that.

    Name at least one scope, and type it into the dialog.
    """
    for pointer, name, flow in hosts.flows(look.resolver.schemes()) if look.only is None else ():
        if not flow.get("scopes"):
            message = said("“%(name)s” names no scope; some providers refuse an empty one.", name=name)
            yield Hit(f"{pointer}/scopes", message)
