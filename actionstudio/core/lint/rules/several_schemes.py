"""Rule: one way to prove who calls."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="SEC-01",
    targets=("gpt", "plugin"),
    sure="C",
    repairs=("one-scheme",),
    words="Found multiple security schemes, only 1 is supported",
    bad="securitySchemes: {key: …, oauth: …}",
    good="securitySchemes: {oauth: …}",
)
def check(look: Look) -> Iterator[Hit]:
    """An action has one authentication, set in its dialog; of several security schemes ChatGPT reads one."""
    schemes = look.resolver.schemes()
    if len(schemes) > 1 and look.only is None:
        names = ", ".join(schemes)
        message = said(
            "The document declares %(count)s security schemes (%(names)s); an action has one.",
            count=len(schemes),
            names=names,
        )
        yield Hit("/components/securitySchemes", message, "Found multiple security schemes, only 1 is supported")
