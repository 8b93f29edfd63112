"""Token answers are not kept by caches"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.asking import MADE_UP
from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="medium",
    source="RFC 6749, 5.1",
    kept=lazy("The answer with the tokens has no “Cache-Control: no-store”."),
)
def check(look: Look) -> Found:
    """Looks at the headers of the answer that brought the tokens.

    A proxy that keeps it can hand one person's token to the next. Send “Cache-Control: no-store” from the token
    endpoint, with errors too.
    """
    leg = look.leg("token")
    if leg is not None and leg["response"]["status"] == 200:
        given = {name.lower(): value for name, value in leg["response"]["headers"]}.get("cache-control", "")
    else:
        heard = look.token(grant_type="authorization_code", code=MADE_UP, redirect_uri=look.setup.redirect_uri)
        if heard.refused:
            return untried("no_answer", heard.detail)
        given = heard.header("cache-control")
    return passed(seen=given) if "no-store" in given.lower() else finding("kept", given)
