"""Rule: people can reach you."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="publish",
    targets=("gpt", "plugin"),
    topic="publish",
    sure="A",
    bad='contact_email: ""',
    good="contact_email: help@example.com",
)
def check(look: Look) -> Iterator[Hit]:
    """A privacy policy names somebody to write to, and the plugin manifest demands an address.

    Until there is one, the generated pages leave the sentence out and the manifest holds an address that takes no mail.
    """
    if look.only is None and not look.contract.contact_email.strip():
        message = said(
            "There is no contact e-mail address: the policies and the plugin manifest cannot say who to write to."
        )
        yield Hit("/info/contact", message)
