"""Sign-in pages cannot be framed"""

from __future__ import annotations

from urllib.parse import urljoin

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="medium",
    source="RFC 9700, 4.16",
    framed=lazy("The page may be shown inside another page, which can make people press Allow unawares."),
)
def check(look: Look) -> Found:
    """Looks at the headers of the page that people see first, and of the page that shows an error.

    Send “Content-Security-Policy: frame-ancestors 'none'”, and X-Frame-Options for old browsers.
    """
    pages = [look.usual, look.authorize(client_id="no-such-client")]
    if 300 <= look.usual.status < 400 and look.back(look.usual) is None:
        where = urljoin(look.setup.authorization_url, look.usual.header("location"))
        pages[0] = look.get(where.partition("#")[0])
    shown = [one for one in pages if one.page]
    if not shown:
        return untried("login_first" if look.usual.status else "no_answer")
    for one in shown:
        policy, old = one.header("content-security-policy"), one.header("x-frame-options")
        if "frame-ancestors" not in policy and old.upper() not in ("DENY", "SAMEORIGIN"):
            return finding("framed", f"{one.status}")
    return passed()
