"""Where somebody goes on to once they have signed in: the authorize request that brought them, or their own page.

An authorize request travels in the query of our own pages, as the client sent it, and is validated again on each of
them: no other address can be named there. What a sign-in has done for it (``prompt``) is said by a signed part.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from actionstudio.apps.oauth.address import explaining, pages
from actionstudio.apps.oauth.engine import authorizing
from actionstudio.apps.oauth.engine.authorizing import Asked
from actionstudio.apps.oauth.engine.refusing import Trouble
from actionstudio.apps.oauth.models import EndUserSession
from actionstudio.core.auth import OAuth

if TYPE_CHECKING:
    from actionstudio.apps.oauth.door import AddressRequest

PROOF = "signed_in"  # the part of a query that says what was done
LOGIN, CHOSEN = "login", "select_account"  # values of prompt that it fulfils (OpenID Connect Core 1.0, 3.1.2.1)
_LASTS = 3600
_SALT = "actionstudio.oauth.onward"


@dataclass(frozen=True, slots=True)
class Onward:
    """The way on. ``asked`` is the validated authorize request, None for the person's own page; ``query`` is as it
    came, without what we added."""

    asked: Asked | None
    query: str

    @property
    def app(self) -> str:
        """The name of the client that waits, "" for none."""
        return str(self.asked.client) if self.asked else ""

    @property
    def returns(self) -> str:
        """The callback to which this way leads in the end."""
        return self.asked.redirect_uri if self.asked else ""

    def page(self, name: str) -> str:
        """The URL of one of our pages on this way: login, signup, authorize."""
        return reverse(name) + (f"?{self.query}" if self.query else "")

    def url(self, session: EndUserSession, done: str = LOGIN) -> str:
        """Where to go now that ``session`` is there; ``done`` is what was asked of the person for it."""
        if self.asked is None:
            return reverse("connected")
        proof = signing.dumps([session.pk, _digest(self.query), done], salt=_SALT)
        return f"{reverse('authorize')}?{self.query}&{PROOF}={proof}"


def of(request: AddressRequest) -> Onward | HttpResponse:
    """The way on of a request to one of our pages; the page that explains what is wrong with it; nothing for HEAD."""
    if request.method == "HEAD":
        return pages.nothing()
    query = plain_query(request)
    if not request.GET.get("client_id") or not isinstance(request.tenant.hosted.contract.auth, OAuth):
        return Onward(None, "")
    asked = authorizing.request_of(request)
    return explaining.explain(request, asked) if isinstance(asked, Trouble) else Onward(asked, query)


def plain_query(request: AddressRequest) -> str:
    """The query as the client sent it."""
    parts = request.META["QUERY_STRING"].split("&")
    return "&".join(part for part in parts if part and part.partition("=")[0] != PROOF)


def fulfilled(request: AddressRequest) -> frozenset[str]:
    """What was asked of the person for this authorize request, in the session that they have now."""
    text, session = request.GET.get(PROOF, ""), request.browser.session
    if not text or session is None:
        return frozenset()
    try:
        key, digest, done = signing.loads(text, salt=_SALT, max_age=_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return frozenset()
    if (key, digest) != (session.pk, _digest(plain_query(request))):
        return frozenset()
    return frozenset((LOGIN, CHOSEN)) if done == LOGIN else frozenset((CHOSEN,))


def stale(request: AddressRequest, asked: Asked | None) -> bool:
    """Whether the client wants a newer sign-in than the one that is there: ``prompt=login``, or ``max_age`` seconds."""
    session = request.browser.session
    if session is None or LOGIN in fulfilled(request):
        return session is None
    if asked is None:
        return False
    age = (timezone.now() - session.created).total_seconds()
    return LOGIN in asked.prompt or (asked.max_age is not None and age > asked.max_age)


def _digest(query: str) -> str:
    """Of what does not change on the way: a reader may choose another language there."""
    kept = [part for part in query.split("&") if not part.startswith("lang=")]
    return sha256("&".join(kept).encode()).hexdigest()[:32]
