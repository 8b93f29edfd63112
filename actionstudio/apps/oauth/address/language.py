"""The language of an address's pages: chosen by the reader, else asked for by the client, else the browser's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from actionstudio.apps.oauth import sessions

if TYPE_CHECKING:
    from actionstudio.apps.oauth.door import AddressRequest

PARAMETER = "lang"  # of a link that chooses


def of(request: AddressRequest) -> str:
    """A code of settings.LANGUAGES. Clients ask by OpenID Connect's ``ui_locales``."""
    wishes = [
        request.GET.get(PARAMETER, ""),
        request.COOKIES.get(_cookie(request)[0], ""),
        *request.GET.get("ui_locales", "")[:200].split(),
        *(code for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())),
    ]
    return next((known for wish in wishes if (known := _known(wish))), settings.LANGUAGE_CODE)


def keep(request: AddressRequest, response: HttpResponse) -> None:
    """A choice is remembered."""
    chosen = _known(request.GET.get(PARAMETER, ""))
    name, path = _cookie(request)
    if chosen and request.COOKIES.get(name) != chosen:
        age, secure = settings.LANGUAGE_COOKIE_AGE, sessions.secure(request.tenant)
        response.set_cookie(name, chosen, age, path=path, secure=secure, httponly=True, samesite="Lax")


def choices(request: AddressRequest) -> list[dict]:
    """What the switch of a page offers: a link to the same page in each language."""
    found = []
    for code, name in settings.LANGUAGES:
        query = request.GET.copy()
        query[PARAMETER] = code
        url = f"{request.path}?{query.urlencode()}"
        found.append({"code": code, "name": name, "url": url, "current": code == translation.get_language()})
    return found


def _cookie(request: AddressRequest) -> tuple[str, str]:
    """Beside that of the session, under a name that begins like it: such cookies never leave the address."""
    name, path = sessions.cookie_of(request.tenant)
    return name.replace(sessions.NAME, f"{sessions.NAME}-lang", 1), path


def _known(wish: str) -> str:
    try:
        return translation.get_supported_language_variant(wish)
    except LookupError:
        return ""
