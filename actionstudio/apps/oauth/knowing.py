"""Browsers in which somebody signed in before: each has tries of its own, so that no stranger uses theirs up.

A signed cookie beside that of the session names who signed in there, and the browser by a random text. It opens
nothing: a password is asked for and counted as before (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
It stays when they sign out.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.core import signing

from actionstudio.apps.oauth import sessions

if TYPE_CHECKING:
    from django.http import HttpResponse

    from actionstudio.apps.oauth.door import AddressRequest
    from actionstudio.apps.oauth.models import EndUser
    from actionstudio.apps.oauth.tenancy import Tenant

LASTS = 180 * 86_400  # seconds since the last good sign-in
MOST = 5  # people of one browser
_SALT = "actionstudio.oauth.known"


def of(request: AddressRequest) -> Mapping[int, str]:
    """Who signed in in this browser before, by their row's key: what the browser is called to them."""
    try:
        project, known = signing.loads(request.COOKIES.get(_cookie(request.tenant)[0], ""), salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return {}
    return dict(known) if project == request.tenant.project_id else {}


def keep(request: AddressRequest, response: HttpResponse, user: EndUser) -> HttpResponse:
    """``user`` has shown their password here: the browser is known to them from now on."""
    known = dict(of(request))
    known[user.pk] = known.pop(user.pk, "") or secrets.token_urlsafe(16)
    name, path = _cookie(request.tenant)
    text = signing.dumps([request.tenant.project_id, list(known.items())[-MOST:]], salt=_SALT)
    safe = sessions.secure(request.tenant)
    response.set_cookie(name, text, LASTS, path=path, secure=safe, httponly=True, samesite="Lax")
    return response


def _cookie(tenant: Tenant) -> tuple[str, str]:
    """Beside that of the session, under a name that begins like it: such cookies never leave the address."""
    name, path = sessions.cookie_of(tenant)
    return name.replace(sessions.NAME, f"{sessions.NAME}-known", 1), path
