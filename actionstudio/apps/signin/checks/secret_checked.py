"""A wrong client secret is refused"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.asking import MADE_UP
from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="high",
    source="RFC 6749, 3.2.1 and 5.2",
    ignored=lazy("With a wrong secret it went on to look at the code: the secret is not checked first, or not at all."),
)
def check(look: Look) -> Found:
    """Sends a token request with a wrong secret and a code that does not exist.

    The answer must be invalid_client: a provider that complains about the code has not asked who is there.
    """
    if look.public or not look.held.get("secret"):
        return untried("no_secret")
    heard = look.token(grant_type="authorization_code", code=MADE_UP, client_secret="not-the-secret",
                       redirect_uri=look.setup.redirect_uri)  # fmt: skip
    if heard.refused:
        return untried("no_answer", heard.detail)
    error = str((heard.json or {}).get("error", ""))
    seen = f"{heard.status} {error}"
    return finding("ignored", seen) if heard.status == 200 or error == "invalid_grant" else passed(seen=seen)
