"""A secret between the request that made it and the page that shows it once: no database holds its text meanwhile.

The session keeps text XOR pad, a cookie that only that page is sent keeps the pad; either alone says nothing.
"""

import re
import secrets

from django.conf import settings

from actionstudio.apps.web import htmx

NAME = "shown-once"
SECONDS = 120


def show_next(request, url: str, what, text: str):
    """On to the page at ``url``, which finds ``text`` and ``what`` it is (JSON) with :func:`shown`."""
    pad = secrets.token_bytes(len(text.encode()))
    request.session[NAME] = {"url": url, "what": what, "text": _xor(text.encode(), pad).hex()}
    response = htmx.redirect(url)
    response.set_cookie(
        NAME, pad.hex(), max_age=SECONDS, path=url, secure=settings.HTTPS, httponly=True, samesite="Strict"
    )
    return response


def shown(request):
    """(what, text) for this page, once; (None, "") when there is nothing. Reloading shows no text."""
    told = request.session.get(NAME)
    if not told or told["url"] != request.path or request.method != "GET":
        return None, ""
    del request.session[NAME]
    hidden, pad = bytes.fromhex(told["text"]), request.COOKIES.get(NAME, "")
    if not re.fullmatch(f"[0-9a-f]{{{2 * len(hidden)}}}", pad):
        return None, ""
    return told["what"], _xor(hidden, bytes.fromhex(pad)).decode(errors="replace")


def forget(request, response):
    """The response of a page that shows such a text: not to be stored, and without the pad."""
    response["Cache-Control"] = "no-store"
    response.delete_cookie(NAME, path=request.path, samesite="Strict")
    return response


def _xor(text: bytes, pad: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(text, pad, strict=True))
