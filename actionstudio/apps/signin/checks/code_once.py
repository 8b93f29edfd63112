"""A code works once"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="high",
    source="RFC 6749, 4.1.2; RFC 9700, 4.5",
    again=lazy("The same code brought tokens a second time."),
)
def check(look: Look) -> Found:
    """Redeems the code of the run's sign-in a second time.

    Codes travel through browsers and their histories. One that was used must be refused with invalid_grant. This check
    may end the run's tokens.
    """
    code = look.held.get("spent", "")
    if not code:
        return untried("no_run")
    heard = look.redeem(code)
    if heard.refused:
        return untried("no_answer", heard.detail)
    return finding("again") if heard.status == 200 else passed(seen=str(heard.status))
