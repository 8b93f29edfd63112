"""A verifier without a challenge is refused"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look
from actionstudio.apps.signin.checks.pkce_required import VERIFIER


@review(
    level="medium",
    source="RFC 9700, 4.8.2",
    demanded=lazy("A request without a challenge is refused."),
    taken=lazy("A code that had no challenge was redeemed with a verifier."),
)
def check(look: Look) -> Found:
    """Asks for a code without a challenge and redeems it with a verifier.

    An attacker who strips the challenge from the request switches PKCE off unnoticed, unless the provider refuses a
    verifier for which it has no challenge.
    """
    bare: dict[str, str | None] = {"code_challenge": None, "code_challenge_method": None}
    code = look.fresh_code(**bare)
    if not code:
        return passed("demanded") if look.refuses(look.authorize(**bare)) else untried("login_first")
    heard = look.redeem(code, code_verifier=VERIFIER)
    if heard.refused:
        return untried("no_answer", heard.detail)
    return finding("taken") if heard.status == 200 else passed(seen=str(heard.status))
