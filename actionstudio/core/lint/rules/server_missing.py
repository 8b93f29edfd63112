"""Rule: the document names a server."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import hosts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="fatal",
    source="SRV-01",
    words="Could not find a valid URL in `servers`",
    sure="C",
    repairs=("one-server",),
    bad="servers:\n  - url: /v1",
    good="servers:\n  - url: https://api.example.com/v1",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT calls the address that “servers” names, so one of them must be absolute.

    The same message has been seen when a later step of the import failed. The document that we serve names our address.
    """
    if look.as_written and look.only is None and not any(hosts.parsed(url) for url in look.servers):
        message = said("No server of the document has an absolute address. Write one that begins with https://.")
        yield Hit("/servers", message, "Could not find a valid URL in `servers`")
