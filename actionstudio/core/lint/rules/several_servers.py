"""Rule: there is one server."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="SRV-03",
    words="Multiple servers found, using https://api.example.com",
    sure="C",
    repairs=("one-server",),
    bad="servers:\n  - url: https://api.example.com\n  - url: https://test.example.com",
    good="servers:\n  - url: https://api.example.com",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT uses the first server that it can and leaves the others out.

    Environments such as test and production need a GPT, or at least an action, of their own.
    """
    if look.as_written and look.only is None and len(look.servers) > 1:
        message = said(
            "The document names %(count)s servers; ChatGPT uses %(url)s.", count=len(look.servers), url=look.servers[0]
        )
        yield Hit("/servers", message, f"Multiple servers found, using {look.servers[0]}")
