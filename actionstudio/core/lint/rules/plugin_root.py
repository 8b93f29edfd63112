"""Rule: the manifest lies at the root of a host."""

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
    bad="https://example.com/live/todo/.well-known/ai-plugin.json",
    good="https://todo.example.com/.well-known/ai-plugin.json",
)
def check(look: Look) -> Iterator[Hit]:
    """Plugins are found at https://host/.well-known/ai-plugin.json, nowhere else.

    Use the project's own host, or bind a domain to its address.
    """
    parts = hosts.parsed(look.base_url)
    if look.only is None and parts and parts.path.strip("/"):
        yield Hit("", said("%(url)s is not the root of a host; the manifest is not found there.", url=look.base_url))
