"""Rule: the scopes that are asked for can be given."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import hosts, texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    targets=("gpt", "plugin", "mcp"),
    topic="quality",
    bad="scopes: {read: Read your lists}\nsecurity: [{oauth: [write]}]",
    good="scopes: {read: Read your lists, write: Change your lists}\nsecurity: [{oauth: [write]}]",
)
def check(look: Look) -> Iterator[Hit]:
    """An operation asks for a scope that is not defined: nobody can be asked to allow it, so every call gets 403.

    Define the scope, or let the operation ask for another one.
    """
    known: dict[str, set[str]] = {}
    for _pointer, name, flow in hosts.flows(look.resolver.schemes()):
        scopes = flow.get("scopes")
        known.setdefault(name, set()).update(scopes if isinstance(scopes, dict) else ())
    for op in look.operations if known else ():
        for way in look.resolver.security(op):
            for name, asked in way.items():
                for scope in asked if name in known and isinstance(asked, list) else ():
                    if scope not in known[name]:
                        message = said(
                            "%(op)s asks for the scope %(scope)s, which is not defined.",
                            op=texts.name_of(op),
                            scope=scope,
                        )
                        yield Hit(f"{op.pointer}/security", message)
