"""The browsers in which end users are signed in: a cookie of the address's own, its row, and the token of its forms.

The cookie holds a random text, the row its SHA-256. A browser in which nobody is signed in has such a cookie too,
without a row: what binds its forms to it. Signing in and out gives it another text (session fixation).
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from actionstudio.apps.oauth.models import EndUser, EndUserSession
from actionstudio.apps.oauth.prepared import Rows, Slot

if TYPE_CHECKING:
    from django.http import HttpResponse

    from actionstudio.apps.oauth.door import AddressRequest
    from actionstudio.apps.oauth.tenancy import Tenant

NAME = "eu"
IDLE = timedelta(days=14)
WHOLE = timedelta(days=30)
NOTICED = timedelta(minutes=5)  # how exactly a row knows when it was seen last
MOST = 50  # browsers of one person: the oldest are signed out
FIELD = "csrf"  # the name of the token in forms
_LENGTH = 43  # characters of 256 bits


def _live() -> QuerySet[EndUserSession]:
    """Sessions of people who may be signed in: of an open account, and no drill of a development that is over."""
    mine = EndUserSession.objects.select_related("user").filter(user__project_id=Slot("project"), user__is_active=True)
    now = mine.filter(digest=Slot("digest"), expires__gt=Slot("now"), seen__gt=Slot("since"))
    return now.exclude(EndUser.drill_over("user__")).order_by()


_LIVE = Rows(_live)


def cookie_of(tenant: Tenant) -> tuple[str, str]:
    """The cookie's name and path. Below /live/ an address shares its host with the studio and with other addresses."""
    if tenant.below_live:
        return f"{NAME}_{tenant.hosted.address}", f"/live/{tenant.hosted.address}/"
    return (f"__Host-{NAME}" if secure(tenant) else NAME), "/"


def secure(tenant: Tenant) -> bool:
    """Whether the address is called over TLS."""
    return tenant.issuer.startswith("https:")


class Browser:
    """The browser that asks: ``session`` is who is signed in there, None for nobody."""

    def __init__(self, tenant: Tenant, text: str) -> None:
        self._tenant = tenant
        self._text = text if len(text) == _LENGTH and text.isascii() else ""
        self._changed = False
        self.session = _find(tenant.project_id, self._text) if self._text else None

    @classmethod
    def of(cls, request: AddressRequest) -> Browser:
        """The browser of this request; at most two queries."""
        name, _ = cookie_of(request.tenant)
        return cls(request.tenant, request.COOKIES.get(name, ""))

    @property
    def user(self) -> EndUser | None:
        return self.session.user if self.session is not None else None

    def sign_in(self, user: EndUser, agent: str) -> EndUserSession:
        """Signs ``user`` in here, under a new cookie; whoever was signed in here before no longer is."""
        self._end()
        self._renew()
        now = timezone.now()
        self.session = EndUserSession.objects.create(
            user=user, digest=_digest(self._text), agent=agent[:200], created=now, seen=now, expires=now + WHOLE
        )
        EndUser.objects.filter(pk=user.pk).update(last_login=now)
        spare = EndUserSession.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)[MOST:]
        EndUserSession.objects.filter(pk__in=list(spare)).delete()
        return self.session

    def sign_out(self) -> None:
        """Ends the session of this browser, and forgets its cookie."""
        self._end()
        self._renew()

    def token(self) -> str:
        """What the forms of a page carry so that no other site can send them."""
        if not self._text:
            self._renew()
        told = f"{self._tenant.project_id}:{self._text}"
        return salted_hmac("actionstudio.oauth.form", told, algorithm="sha256").hexdigest()

    def sent(self, token: str) -> bool:
        """Whether a form comes from a page that this browser was shown."""
        return bool(self._text) and not self._changed and constant_time_compare(token, self.token())

    @property
    def known(self) -> bool:
        """Whether this browser came with a cookie of ours, and still has it."""
        return bool(self._text) and not self._changed

    def keep(self, response: HttpResponse) -> None:
        """Sets the cookie where it has changed."""
        if not self._changed:
            return
        name, path = cookie_of(self._tenant)
        age = int(WHOLE.total_seconds()) if self.session else None
        response.set_cookie(
            name, self._text, age, path=path, secure=secure(self._tenant), httponly=True, samesite="Lax"
        )

    def _end(self) -> None:
        if self.session is not None:
            self.session.delete()
        self.session = None

    def _renew(self) -> None:
        self._text = secrets.token_urlsafe(32)
        self._changed = True


def forged(request: AddressRequest) -> str:
    """Why a POST may not be what the person who is signed in meant: ``origin``, ``token``, ``changed`` when they signed
    in or out in another window after its page was shown, or "" when it is theirs.

    A browser names the page from which a form was sent (Origin, else Referer; Fetch, section 3.2): it has to be one of
    this address. A program that names neither is judged by the token alone, which it cannot know without the cookie.
    """
    named = request.headers.get("Origin") or request.headers.get("Referer")
    if named is not None and _origin(named) != _origin(request.tenant.issuer):
        return "origin"
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return "origin"
    token = request.POST.get(FIELD, "")
    if request.browser.sent(token):
        return ""
    return "changed" if token and request.browser.known else "token"


def end_others(user: EndUser, kept: EndUserSession | None = None) -> int:
    """Signs ``user`` out everywhere but in ``kept``; how many browsers that were."""
    return EndUserSession.objects.filter(user=user).exclude(pk=kept.pk if kept else None).delete()[0]


def live(user: EndUser):
    """The sessions of ``user`` that have not ended, the newest first."""
    now = timezone.now()
    return EndUserSession.objects.filter(user=user, expires__gt=now, seen__gt=now - IDLE)


def sweep() -> int:
    """Removes sessions that have ended; how many they were."""
    now = timezone.now()
    ended = EndUserSession.objects.filter(expires__lte=now) | EndUserSession.objects.filter(seen__lte=now - IDLE)
    return ended.delete()[0]


def _find(project_id: int, text: str) -> EndUserSession | None:
    now = timezone.now()
    found: EndUserSession | None = _LIVE.first(digest=_digest(text), project=project_id, now=now, since=now - IDLE)
    if found is not None and found.seen < now - NOTICED:
        EndUserSession.objects.filter(pk=found.pk).update(seen=now)
    return found


def _origin(url: str) -> tuple[str, str] | None:
    """Scheme and host of a URL; None for what is no URL, such as ``https://[``."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.scheme, parts.netloc.lower()


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
