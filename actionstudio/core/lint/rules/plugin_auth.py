"""Rule: the manifest can say how callers prove who they are."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.auth import ApiKey
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="PL-06",
    targets=("plugin",),
    topic="plugin",
    sure="A",
    bad="X-Api-Key: secret",
    good="Authorization: Bearer secret",
)
def check(look: Look) -> Iterator[Hit]:
    """The manifest knows no key, a token of the service or of each person (Bearer or Basic), and OAuth. It knows no
    header of your own.

    With such a key the manifest says “none”, and calls are refused.
    """
    auth = look.contract.auth
    if look.only is None and isinstance(auth, ApiKey) and auth.scheme == "header":
        message = said(
            "Plugins cannot send the header %(name)s; the manifest says that no key is needed.", name=auth.header
        )
        yield Hit("/components/securitySchemes", message)
