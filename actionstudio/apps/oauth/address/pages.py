"""The frame of every page for people on an address: its headers, its project, its forms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.csp import CSP, build_policy

from actionstudio.apps.oauth import callbacks, sessions
from actionstudio.apps.oauth.address import assets, language

if TYPE_CHECKING:
    from actionstudio.apps.oauth.door import AddressRequest


class See(HttpResponse):
    """303: the answer to a form is another page, asked for with GET whatever the form was sent with (RFC 9700, section
    4.12: never 307, which would send the password on). ``url`` was validated before: it may be a client's."""

    status_code = 303

    def __init__(self, url: str) -> None:
        super().__init__()
        self["Location"] = url


def page(*methods: str):
    """A view for people: only these methods, never kept, and ``request.forged`` says why its form may not be theirs.

    Such a view shows its form again with what was typed instead of doing anything.
    """

    def decorated(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            if request.method not in (*methods, "HEAD"):
                return HttpResponseNotAllowed(methods)
            _ = request.body  # read as a whole first, so that a view may still read it when it is no form
            request.forged = sessions.forged(request) if request.method == "POST" else ""
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            response.headers.setdefault("Content-Security-Policy", policy())
            # A client may open the way to sign in as a window of its own and wait for it there: with the studio's
            # "same-origin" its window would be cut off from it.
            response["Cross-Origin-Opener-Policy"] = "unsafe-none"
            return response

        answer.for_people = True
        return answer

    return decorated


def nothing() -> HttpResponse:
    """The answer to HEAD on the way of a sign-in: it reads only (RFC 9110, section 9.2.1). No code is made, no failure
    is spent, and no leg is told of what nobody sees."""
    return HttpResponse()


def show(
    request: AddressRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    returns: str = "",
) -> HttpResponse:
    """A page. ``returns`` is the callback to which a form on it may lead, so that the browser lets it."""
    hosted = request.tenant.hosted
    made = {
        "hosted": hosted,
        "name": hosted.contract.title,
        "letters": letters(hosted.contract.title),
        "logo": address_url(request, "logo.png") if hosted.logo else "",
        "privacy": address_url(request, "privacy"),
        "languages": language.choices(request),
        "sheets": [f"css/{name}.css" for name in assets.SHEETS],
        "forged": getattr(request, "forged", ""),
        **(context or {}),
    }
    if status == 200 and made["forged"]:
        status = 403
    response = render(request, f"address/{template}", made, status=status)
    response["Content-Security-Policy"] = policy(returns)
    return response


def policy(returns: str = "") -> str:
    """The Content-Security-Policy of a page.

    Chromium applies ``form-action`` to every redirect that follows a form: to the client's callback, and on from there.
    Those are https, or the client runs on the reader's own computer.
    """
    parts = urlsplit(returns)
    local = (
        [f"{parts.scheme}://{parts.netloc}"] if parts.scheme == "http" and parts.hostname in callbacks.LOOPBACK else []
    )
    return build_policy({**settings.SECURE_CSP, "form-action": [CSP.SELF, "https:", *local]})


def address_url(request: AddressRequest, path: str) -> str:
    """A path of this address beside its sign-in pages."""
    return reverse("connected").removesuffix("connected") + path


def letters(name: str) -> str:
    """One or two letters that stand for a name where there is no picture."""
    words = [word for word in name.replace("-", " ").replace("_", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or name[:1].upper() or "?"
