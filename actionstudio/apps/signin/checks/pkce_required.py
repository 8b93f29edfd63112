"""PKCE protects the code"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look
from actionstudio.apps.signin.runs import challenge

VERIFIER = "action-studio-review-verifier-0123456789-abcdefghij"


@review(
    level="high",
    source="RFC 9700, 2.1.1; RFC 7636, 4.4.1",
    demanded=lazy("A request without a challenge is refused."),
    wrong=lazy("A code was redeemed with a wrong verifier: the challenge is not checked."),
    missing=lazy("A code with a challenge was redeemed without a verifier."),
    public=lazy("A public client got a code without PKCE: whoever reads the code can redeem it."),
    secret=lazy("This client has a secret, so PKCE may be left out, as GPT actions do."),
)
def check(look: Look) -> Found:
    """Asks for codes with and without a challenge, and redeems them with a wrong verifier and without one.

    PKCE ties a code to the client that asked for it. Public clients must use it; where a challenge came, only the right
    verifier may redeem the code.
    """
    bare: dict[str, str | None] = {"code_challenge": None, "code_challenge_method": None}
    without = look.authorize(**bare)
    if without.refused:
        return untried("no_answer", without.detail)
    demanded = look.refuses(without)
    made = {"code_challenge": challenge(VERIFIER), "code_challenge_method": "S256"}
    for said, verifier in (("wrong", VERIFIER[::-1]), ("missing", "")):
        code = look.fresh_code(**made)
        if code and look.redeem(code, code_verifier=verifier).status == 200:
            return finding(said)
    if demanded:
        return passed("demanded")
    if look.public:
        got = (look.back(without) or {}).get("code") or not look.run.profile.pkce
        return finding("public") if got else untried("login_first")
    return passed("secret")
