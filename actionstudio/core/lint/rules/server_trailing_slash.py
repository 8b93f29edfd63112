"""Rule: a server's address has no slash at its end."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import hosts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="SRV-04",
    sure="C",
    repairs=("one-server",),
    bad="servers:\n  - url: https://api.example.com/v1/",
    good="servers:\n  - url: https://api.example.com/v1",
)
def check(look: Look) -> Iterator[Hit]:
    """The path is put behind the server's address as it is, so a slash at its end makes two.

    Many servers answer 404 to an address with two slashes.
    """
    for index, url in enumerate(look.servers if look.as_written and look.only is None else ()):
        parts = hosts.parsed(url)
        if parts and url.endswith("/"):
            yield Hit(f"/servers/{index}/url", said("Leave the slash at the end of %(url)s out.", url=url))
