"""Tokens are not given out by the authorization endpoint"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="high",
    source="RFC 9700, 2.1.2",
    given=lazy("An access token came in the URL."),
    listed=lazy("The metadata offers response types with which tokens stand in URLs."),
)
def check(look: Look) -> Found:
    """Asks for a token instead of a code (response_type=token), and looks at what the metadata offers.

    Tokens in URLs end up in histories, logs and referrers, and cannot be bound to a client. Offer “code” alone.
    """
    heard = look.authorize(response_type="token")
    if heard.refused:
        return untried("no_answer", heard.detail)
    back = look.back(heard) or {}
    if back.get("access_token"):
        return finding("given")
    offered = look.listed("response_types_supported")
    if any("token" in one.split() for one in offered):
        return finding("listed", ", ".join(offered))
    if heard.status >= 400 or "error" in back:
        return passed()
    return untried("login_first")
