"""Rule: the privacy policy is your own."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="publish",
    source="PUB-01",
    topic="publish",
    sure="B",
    words="Public actions require valid privacy policy URLs",
    bad="privacy: (generated)",
    good="privacy: (your own text)",
)
def check(look: Look) -> Iterator[Hit]:
    """A GPT that others can use needs the address of a privacy policy.

    Until you write one, a generated start is served.
    """
    if look.only is None and not look.contract.privacy.strip():
        message = said(
            "The privacy policy is the generated start. Read it and make it yours before you publish the GPT."
        )
        yield Hit("", message)
