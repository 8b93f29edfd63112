"""The API takes no token from the URL"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="medium",
    source="RFC 9700, 4.3.2; RFC 6750, 2.3",
    taken=lazy("A call with the token in the URL was let in."),
)
def check(look: Look) -> Found:
    """Calls the API with the token as ?access_token= instead of the Authorization header.

    URLs are logged everywhere. Take tokens from the header alone.
    """
    token = look.held.get("access", "")
    if not token:
        return untried("no_token")
    heard = look.call(token, in_query=True)
    if heard is None:
        return untried("no_call")
    if heard.refused:
        return untried("no_answer", heard.detail)
    return finding("taken", str(heard.status)) if heard.status < 300 else passed(seen=str(heard.status))
