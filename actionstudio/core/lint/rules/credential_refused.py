"""Rule: one credential in a header is enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from actionstudio.core.auth import Declared
from actionstudio.core.importer import credential
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="SEC-04",
    targets=("gpt",),
    topic="calls",
    sure="C",
    repairs=("one-credential",),
    bad="security: [{key: [], tenant: []}]",
    good="security: [{key: []}]",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT sends one credential, in a header. Where two are asked for at once, another one than elsewhere, or a key
    in the query or a cookie, every call is refused with 401.

    Ask for one key in a header or one OAuth token; or switch on “Let one credential in a header do”, with which your
    address takes one header in their place.
    """
    schemes = look.resolver.schemes()
    for pointer, names in denied(look).items():
        message = said(
            "Every call will be refused with 401: it asks for %(asked)s, and ChatGPT sends one credential, in a "
            "header.",
            asked=" + ".join(credential.shown(schemes[name]) for name in names),
        )
        yield Hit(pointer, message)


def denied(look: Look) -> Mapping[str, tuple[str, ...]]:
    """The operations that ChatGPT's credential does not open, and the schemes that each of them asks for."""
    if look.only is not None or not isinstance(look.contract.auth, Declared):
        return {}
    asked = {op.pointer: look.resolver.security(op) for op in look.operations}
    return credential.choose(asked, look.resolver.schemes()).denied
