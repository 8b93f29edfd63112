"""Pages for people when a sign-in cannot go on: what happened, what was sent, what is registered, who can mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.oauth import codes, tenancy
from actionstudio.apps.oauth.address import pages
from actionstudio.apps.oauth.engine.refusing import Trouble

if TYPE_CHECKING:
    from actionstudio.apps.oauth.door import AddressRequest

# code: what the page is called, and what it says
_WORDS: dict[str, tuple[Promise, Promise]] = {
    codes.CLIENT_MISSING: (
        lazy("The app did not say which one it is"),
        lazy("The link that brought you here has no client_id, so nothing can be allowed."),
    ),
    codes.CLIENT_UNKNOWN: (
        lazy("This app is not known here"),
        lazy("Its client_id belongs to no app of this project. It may have been deleted, or mistyped."),
    ),
    codes.CLIENT_DISABLED: (
        lazy("This app is switched off"),
        lazy("The people who run this project have switched it off. Nothing was allowed."),
    ),
    codes.REDIRECT_MISSING: (
        lazy("The app did not say where to go back to"),
        lazy("The link that brought you here has no redirect_uri, and the app has not registered exactly one."),
    ),
    codes.REDIRECT_MISMATCH: (
        lazy("The app wants to go back to an address that is not registered"),
        lazy("You were not sent there, for your safety: it could be somebody else's."),
    ),
    codes.RESPONSE_TYPE_MISSING: (
        lazy("The app asked for nothing"),
        lazy("The link that brought you here has no response_type; it has to be “code”."),
    ),
    codes.RESPONSE_TYPE_UNKNOWN: (
        lazy("The app asked in a way that is not offered"),
        lazy("Only response_type “code” is: what it asked for would put a token into the address line."),
    ),
    codes.PARAMETER_TWICE: (
        lazy("The app asked the same thing twice"),
        lazy("A parameter of the link came more than once, so it is not clear what is meant."),
    ),
    codes.PARAMETER_LONG: (
        lazy("The link cannot be read"),
        lazy("A parameter of it is far too long."),
    ),
    codes.PARAMETER_CONTROL: (
        lazy("The link cannot be read"),
        lazy("A parameter of it holds a control character, such as a line break."),
    ),
    codes.PARAMETER_JUNK: (
        lazy("The link cannot be read"),
        lazy("A parameter of it is not plain text."),
    ),
}
_OTHER = (lazy("The sign-in cannot go on"), lazy("What the app asked for cannot be answered."))


def explain(request: AddressRequest, trouble: Trouble) -> HttpResponse:
    """The page for what was wrong with a client's request. It never leads to a callback that was not registered."""
    title, words = _WORDS.get(trouble.code, _OTHER)
    facts = dict(trouble.facts)
    if trouble.code == codes.REDIRECT_MISMATCH:
        facts.setdefault("sent", request.GET.get("redirect_uri", ""))
    context = {
        "title": title,
        "words": words,
        "app": str(trouble.client) if trouble.client else "",
        "sent": _lines(facts.get("sent")),
        "registered": _lines(facts.get("registered")) if tenancy.current().provider.development else [],
        "told": trouble.description if trouble.code not in _WORDS else "",
        "code": trouble.code,
        "asked": bool(trouble.facts.get("noticed")),  # the validator has asked the builder
        "builder": builder_url(),
    }
    status = 400 if trouble.status == 401 else trouble.status
    return pages.show(request, "trouble.html", context, status=status)


def plain(request: AddressRequest, status: int, title: str, words: str) -> HttpResponse:
    """The page for what has nothing to do with a client."""
    return pages.show(request, "trouble.html", {"title": title, "words": words}, status=status)


def builder_url() -> str:
    """Where the builder of the project sees this sign-in leg by leg. For others it is a page that asks to sign in."""
    tenant = tenancy.current()
    base = f"{settings.STUDIO_PUBLIC_URL}/projects/{tenant.hosted.project_slug}/oauth/handshake/"
    return f"{base}{tenant.sign_in}/" if tenant.sign_in else base


def _lines(fact) -> list[str]:
    """What was sent or is registered, as lines to read; [] for nothing."""
    if not fact:
        return []
    return (
        [str(one)[:500] for one in fact][:20] if isinstance(fact, list | tuple | set | frozenset) else [str(fact)[:500]]
    )
