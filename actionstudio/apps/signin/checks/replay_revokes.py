"""A code that comes again ends its tokens"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="low",
    source="RFC 6749, 4.1.2; RFC 9700, 4.5",
    alive=lazy("After its code had come a second time, the token still worked."),
)
def check(look: Look) -> Found:
    """Calls the API with the run's token after its code was redeemed a second time.

    One of the two who had the code is a thief, and nobody knows which: the tokens made from it should end.
    """
    token = look.held.get("access", "")
    if not look.held.get("spent") or not token:
        return untried("no_token")
    heard = look.call(token)
    if heard is None:
        return untried("no_call")
    if heard.refused:
        return untried("no_answer", heard.detail)
    return passed(seen=str(heard.status)) if heard.status == 401 else finding("alive", str(heard.status))
