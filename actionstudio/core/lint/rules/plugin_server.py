"""Rule: calls go to the plugin's own domain."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import hosts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="PL-13",
    targets=("plugin",),
    topic="plugin",
    sure="A",
    bad="servers: [{url: https://api.other.com}]",
    good="servers: [{url: https://api.example.com}]",
)
def check(look: Look) -> Iterator[Hit]:
    """A plugin calls the first server that is its own host or below it, else the host that serves the document.

    The document that we serve names our address first.
    """
    parts = hosts.parsed(look.base_url)
    if look.only is not None or not look.as_written or not parts or not look.servers:
        return
    root = (parts.hostname or "").removeprefix("www.")
    if not any(found and hosts.under(found.hostname or "", root) for found in map(hosts.parsed, look.servers)):
        message = said("No server is under %(root)s; calls will go to %(root)s itself.", root=root)
        yield Hit("/servers", message)
