"""Refresh tokens are replaced when they are used"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review, untried
from actionstudio.apps.signin.checks.look import Look


@review(
    level="medium",
    source="RFC 9700, 4.14.2",
    same=lazy("A public client kept its refresh token: a stolen one works for ever, unnoticed."),
    bound=lazy("It stays the same, but only the client's secret makes it work."),
    reused=lazy("The old refresh token still works after it was replaced, and brought other tokens."),
    grace=lazy("The old one works for a moment more and brings the same tokens: a safe answer to retries."),
    refused=lazy("The refresh token was refused."),
)
def check(look: Look) -> Found:
    """Refreshes once, looks whether a new refresh token came, and tries the old one again.

    A replaced token that shows up again was stolen from somebody; then the whole family should end. This check uses up
    the run's refresh token.
    """
    old = look.held.get("refresh", "")
    if not old:
        return untried("no_refresh")
    first = look.token(grant_type="refresh_token", refresh_token=old)
    if first.refused:
        return untried("no_answer", first.detail)
    value = first.json or {}
    if first.status != 200:
        return untried("refused", f"{first.status} {value.get('error', '')!s}")
    new = value.get("refresh_token") or old
    look.held["refresh"], look.held["access"] = str(new), str(value.get("access_token", ""))
    if new == old:
        return finding("same") if look.public else passed("bound")
    again = look.token(grant_type="refresh_token", refresh_token=old)
    if again.status != 200:
        return passed(seen=str(again.status))
    return passed("grace") if (again.json or {}).get("refresh_token") == new else finding("reused")
