"""Rule: ChatGPT can prove who it is in this way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actionstudio.core.auth import Declared
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.lint.rules import credential_refused
from actionstudio.core.schemas.refs import escape
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="AK-03",
    targets=("gpt", "plugin"),
    topic="calls",
    sure="B",
    bad="type: apiKey\nin: query\nname: key",
    good="type: apiKey\nin: header\nname: X-Api-Key",
)
def check(look: Look) -> Iterator[Hit]:
    """The dialog knows a key (Bearer, Basic or a header of your own) and OAuth with the authorization code.

    Keys in the query or in cookies, Digest, client certificates and OpenID Connect are not there.
    """
    if look.only is None and isinstance(look.contract.auth, Declared):
        denied = credential_refused.denied(look)
        told = {name for names in denied.values() for name in names}  # what costs every call is told there
        schemes = look.resolver.schemes()
        if len(schemes) > 1 and not look.as_written:  # the profile keeps one, and says nothing of the others
            schemes = look.served.resolver.schemes()
        for name, scheme in schemes.items():
            if not _is_known(scheme) and name not in told:
                message = said("ChatGPT's dialog has no way to prove itself as “%(name)s” asks.", name=name)
                yield Hit(f"/components/securitySchemes/{escape(name)}", message)


def _is_known(scheme: dict[str, Any]) -> bool:
    kind = scheme.get("type")
    if kind == "apiKey":
        return scheme.get("in") == "header"
    if kind == "http":
        return str(scheme.get("scheme", "")).lower() in ("basic", "bearer")
    flows = scheme.get("flows")
    return kind == "oauth2" and (not isinstance(flows, dict) or not flows or "authorizationCode" in flows)
