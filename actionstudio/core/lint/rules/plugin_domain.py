"""Rule: the contact is in the plugin's own domain."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import hosts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="publish",
    source="PL-12",
    targets=("plugin",),
    topic="plugin",
    sure="A",
    bad="https://todo.example.com, contact_email: ann@gmail.com",
    good="https://todo.example.com, contact_email: ann@example.com",
)
def check(look: Look) -> Iterator[Hit]:
    """The manifest's legal_info_url and contact_email must be in the same second-level domain as its address.

    The legal page is served there; the mail address is yours to choose.
    """
    parts, mail = hosts.parsed(look.base_url), look.contract.contact_email.strip()
    if look.only is None and parts and "@" in mail and not hosts.is_local(parts.hostname or ""):
        root, domain = hosts.second_level(parts.hostname or ""), hosts.second_level(mail.rpartition("@")[2])
        if root != domain:
            message = said("%(mail)s is not in %(root)s, the domain of the plugin.", mail=mail, root=root)
            yield Hit("/info/contact", message)
