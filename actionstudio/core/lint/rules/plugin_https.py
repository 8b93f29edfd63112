"""Rule: a plugin answers over https."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import hosts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="fatal",
    source="PL-11",
    targets=("plugin",),
    topic="plugin",
    sure="A",
    bad="http://todo.example.com",
    good="https://todo.example.com",
)
def check(look: Look) -> Iterator[Hit]:
    """The manifest is fetched over https, except from localhost.

    Put a certificate before the studio, or use a tunnel.
    """
    parts = hosts.parsed(look.base_url)
    if look.only is None and parts and parts.scheme != "https" and not hosts.is_local(parts.hostname or ""):
        yield Hit("", said("%(url)s is not https; a plugin cannot be installed from it.", url=look.base_url))
