"""The metadata agrees with the provider"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="medium",
    source="RFC 8414, 2 and 3.3; RFC 9700, 2.6",
    issuer=lazy("The issuer is not the URL from which the metadata was fetched."),
    other=lazy("It names other endpoints than those that are used."),
    s256=lazy("It does not offer PKCE with S256, so MCP clients refuse to sign in."),
)
def check(look: Look) -> Found:
    """Fetches the metadata and compares its issuer and endpoints with those that are in use.

    Clients configure themselves from it, and break off when the issuer is another than the one they asked.
    """
    metadata = look.metadata
    if metadata is None:
        return untried("no_metadata")
    issuer, parts = str(metadata["issuer"]), urlsplit(look.setup.authorization_url)
    known = look.setup.issuer or f"{parts.scheme}://{parts.netloc}"
    if issuer != known and (look.setup.issuer or issuer.rstrip("/") != known):
        return finding("issuer", f"{issuer} ≠ {known}")
    pairs = (("authorization_endpoint", look.setup.authorization_url), ("token_endpoint", look.setup.token_url))
    for name, used in pairs:
        if metadata.get(name) != used:
            return finding("other", f"{name}: {metadata.get(name)!s}")
    if "S256" not in look.listed("code_challenge_methods_supported"):
        return finding("s256")
    return passed()
