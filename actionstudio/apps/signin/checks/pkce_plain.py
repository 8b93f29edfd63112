"""PKCE with the method plain is refused"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look
from actionstudio.apps.signin.checks.pkce_required import VERIFIER


@review(
    level="medium",
    source="RFC 9700, 2.1.1; RFC 7636, 7.2",
    listed=lazy("The metadata offers the method “plain”."),
    taken=lazy("A code was issued for a plain challenge."),
)
def check(look: Look) -> Found:
    """Sends a challenge with the method “plain”, in which the challenge is the verifier.

    Whoever reads the authorization request can then redeem the code. Take S256 only, and list nothing else in
    code_challenge_methods_supported.
    """
    if "plain" in look.listed("code_challenge_methods_supported"):
        return finding("listed")
    heard = look.authorize(code_challenge=VERIFIER, code_challenge_method="plain")
    if heard.refused:
        return untried("no_answer", heard.detail)
    back = look.back(heard)
    if back and back.get("code"):
        return finding("taken")
    if heard.status >= 400 or (back and "error" in back):
        return passed()
    return untried("login_first")
