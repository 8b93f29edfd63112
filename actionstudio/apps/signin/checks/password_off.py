"""Clients cannot send people's passwords"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="medium",
    source="RFC 9700, 2.4",
    known=lazy("The grant type “password” is known: it looked at the name and password."),
)
def check(look: Look) -> Found:
    """Asks for a token with the grant type “password” and a name that does not exist.

    It teaches people to type their password anywhere, and knows no second factor. Answer unsupported_grant_type.
    """
    heard = look.token(grant_type="password", username="action-studio-review", password="no-such-password")
    if heard.refused:
        return untried("no_answer", heard.detail)
    error = str((heard.json or {}).get("error", ""))
    if heard.status == 200 or error == "invalid_grant":
        return finding("known", f"{heard.status} {error}")
    return passed(seen=f"{heard.status} {error}")
