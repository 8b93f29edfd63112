"""A code is bound to its redirect URI"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="high",
    source="RFC 6749, 4.1.3; RFC 9700, 4.5",
    taken=lazy("The code was redeemed with another redirect URI than it was asked for."),
)
def check(look: Look) -> Found:
    """Redeems a code with another redirect URI than that of the authorization request.

    The comparison at the token endpoint is what stops a code that was led astray. Refuse with invalid_grant.
    """
    code = look.fresh_code()
    if not code:
        return untried("login_first")
    heard = look.redeem(code, redirect_uri="https://example.org/callback")
    if heard.refused:
        return untried("no_answer", heard.detail)
    return finding("taken") if heard.status == 200 else passed(seen=str(heard.status))
