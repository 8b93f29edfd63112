"""A request with an unknown client is not redirected"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look

AWAYS = ("https://example.org/phish", "//example.org/phish")
AWAY = AWAYS[0]


@review(
    level="high",
    source="RFC 6749, 4.1.2.1; RFC 9700, 4.11",
    sent=lazy("The browser was sent to a stranger's page."),
)
def check(look: Look) -> Found:
    """Asks for a code with a client that does not exist, and with other faults, to be sent to a stranger's page.

    A provider that redirects on errors lends its good name to phishers. Show a page of your own until client and
    redirect URI are known to be right.
    """
    wishes: list[dict[str, str | None]] = [
        {"client_id": "no-such-client", "redirect_uri": AWAY},
        {"client_id": None, "redirect_uri": AWAY},
        {"redirect_uri": AWAY, "response_type": "nonsense"},
        {"redirect_uri": AWAY, "scope": "no-such-scope-at-all"},
        {"redirect_uri": AWAYS[1]},
    ]
    for wish in wishes:
        heard = look.authorize(**wish)
        if heard.refused:
            return untried("no_answer", heard.detail)
        where = heard.header("location")
        if 300 <= heard.status < 400 and where.startswith(AWAYS):
            return finding("sent", f"{heard.status} → {where}")
    return passed()
