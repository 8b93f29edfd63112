"""/oauth/authorize: what a client asks is validated, the person signs in, is asked, and goes back with a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from actionstudio.apps.oauth import codes, consents, tracing
from actionstudio.apps.oauth.address import consent, explaining, onward, pages
from actionstudio.apps.oauth.address.onward import Onward
from actionstudio.apps.oauth.engine import authorizing, reading
from actionstudio.apps.oauth.engine.authorizing import Asked
from actionstudio.apps.oauth.engine.refusing import Rejected, Trouble
from actionstudio.apps.oauth.models import EndUser
from actionstudio.core.auth import OAuth

if TYPE_CHECKING:
    from actionstudio.apps.oauth.door import AddressRequest

NONE, CONSENT = "none", "consent"  # values of prompt (OpenID Connect Core 1.0, section 3.1.2.1)


class Back(HttpResponseRedirect):
    """302 to a client's callback. Where it may lead was validated against what is registered: exactly."""

    allowed_schemes = ["https", "http"]


@pages.page("GET", "POST")
def authorize(request: AddressRequest) -> HttpResponse:
    """GET asks, POST is the answer of the person who was shown the question."""
    if not isinstance(request.tenant.hosted.contract.auth, OAuth):
        words = _("People give apps a key of their own here. You find yours in your account.")
        return explaining.plain(request, 404, _("Apps do not sign in here"), words)
    if request.method == "HEAD":
        return pages.nothing()
    if request.method == "POST" and not request.META["QUERY_STRING"]:
        return _by_url(request)
    asked = authorizing.request_of(request)
    if isinstance(asked, Trouble):
        return _wrong(request, asked)
    way = Onward(asked, onward.plain_query(request))
    user = request.user
    if user is None or onward.stale(request, asked) or _must_choose(request, asked):
        return _sign_in(request, way, asked)
    if user.denies:  # a drill: they are asked, and always say no
        tracing.leg("consent", tracing.WAITING, user=user)
        request.browser.sign_out()  # they are never shown a page: with them signed in nobody else could be chosen
        return _back(request, authorizing.deny(asked, codes.DRILL_DENIED))
    question = consents.question(user, asked.client, asked.scopes, asked.redirect_uri, CONSENT in asked.prompt)
    if request.method == "POST" and not request.forged:
        return _answered(request, asked, user)
    if not question.needed:
        if question.news:
            consents.remember(user, asked.client, asked.scopes, asked.redirect_uri)
        return _code(request, asked, user)
    if NONE in asked.prompt:
        return _back(request, authorizing.deny(asked, codes.CONSENT_REQUIRED))
    tracing.leg("consent", tracing.WAITING, user=user, scopes=asked.scopes)
    return consent.show(request, way, question)


def _by_url(request: AddressRequest) -> HttpResponse:
    """A client may ask with a form (OpenID Connect Core 1.0, section 3.1.2.1). From then on it stands in the URL, as
    with others, so that what people send with a form is theirs alone."""
    try:
        return pages.See(f"{request.path}?{reading.of_body(request, reading.AUTHORIZE).encoded()}")
    except Rejected as error:
        return explaining.explain(request, error.trouble)


def _answered(request: AddressRequest, asked: Asked, user: EndUser) -> HttpResponse:
    """What the person decided. All but their yes or no comes from the validated request, nothing from the form."""
    if "allow" not in request.POST:
        return _back(request, authorizing.deny(asked, codes.ACCESS_DENIED))
    consents.remember(user, asked.client, asked.scopes, asked.redirect_uri)
    tracing.leg("allowed", user=user, scopes=asked.scopes)
    return _code(request, asked, user)


def _code(request: AddressRequest, asked: Asked, user: EndUser) -> HttpResponse:
    """Back to the client with a code, for which ``user`` signed in when their session began."""
    session = request.browser.session
    assert session is not None
    return _back(request, authorizing.allow(request, asked, user, asked.scopes, authenticated=session.created))


def _sign_in(request: AddressRequest, way: Onward, asked: Asked) -> HttpResponse:
    if NONE in asked.prompt:
        return _back(request, authorizing.deny(asked, codes.LOGIN_REQUIRED))
    return _to(request, way.page("login"))


def _must_choose(request: AddressRequest, asked: Asked) -> bool:
    return onward.CHOSEN in asked.prompt and onward.CHOSEN not in onward.fulfilled(request)


def _wrong(request: AddressRequest, trouble: Trouble) -> HttpResponse:
    return _back(request, trouble.redirect) if trouble.redirect else explaining.explain(request, trouble)


def _back(request: AddressRequest, url: str) -> HttpResponse:
    response = _to(request, url)
    response["Content-Security-Policy"] = pages.policy(url)
    return response


def _to(request: AddressRequest, url: str) -> HttpResponse:
    return pages.See(url) if request.method == "POST" else Back(url)
