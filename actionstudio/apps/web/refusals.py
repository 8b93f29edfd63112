"""The page for a form that was too large: made outside any request, for the guard that stands in front of Django."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.http import parse_cookie
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from actionstudio.apps.web.context import THEMES


def too_large(limit: int, headers: Mapping[str, str]) -> bytes:
    """The whole page, in the reader's language and theme; ``limit`` in bytes, the request's headers in lower case."""
    cookies = parse_cookie(headers.get("cookie", ""))
    theme = cookies.get("theme", "")
    context = {
        "limit": limit // (1024 * 1024),
        "theme": theme if theme in THEMES else "",
        "back": _back(headers),
    }
    with translation.override(_language(headers, cookies)):
        return render_to_string("web/too_large.html", context).encode()


def _language(headers: Mapping[str, str], cookies: Mapping[str, str]) -> str:
    """The chosen language, else the first that the browser likes and we have."""
    liked = [code for code, _quality in parse_accept_lang_header(headers.get("accept-language", "")[:500])]
    for code in (cookies.get("django_language", ""), *liked):
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return "en"


def _back(headers: Mapping[str, str]) -> str:
    """Path and query of the page the form stood on, when it is one of ours."""
    try:
        came = urlsplit(headers.get("referer", ""))
    except ValueError:
        return ""
    own = came.netloc == headers.get("host") and came.path.startswith("/") and not came.path.startswith("//")
    if not own:
        return ""
    return f"{came.path}?{came.query}" if came.query else came.path
