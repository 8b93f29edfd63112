"""Pages for requests that failed: own, styled, with the request's id and a way home."""

import logging

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


def _page(request, status: int, title: str, text: str):
    context = {"status": status, "title": title, "text": text, "request_id": getattr(request, "id", "")}
    try:
        return render(request, "web/error.html", context, status=status)
    except Exception:  # an error page must come out even when what it shows is broken
        log.exception("The error page failed")
        return _bare(status, title, text)


def _bare(status: int, title: str, text: str) -> HttpResponse:
    return HttpResponse(f"{status} {title}\n{text}\n", status=status, content_type="text/plain; charset=utf-8")


def bad_request(request, exception=None):
    """400."""
    return _page(
        request, 400, _("That request made no sense"), _("The server could not read it. Go back and try again.")
    )


def forbidden(request, exception=None):
    """403."""
    return _page(request, 403, _("Not allowed"), _("You may not do that here."))


def not_found(request, exception=None):
    """404: not there, and not yours, look the same."""
    return _page(request, 404, _("Nothing here"), _("The page does not exist, or it belongs to somebody else."))


def server_error(request):
    """500: rendered without the request, for whatever broke may be reached through it."""
    context = {"request_id": getattr(request, "id", "")}
    try:
        return HttpResponse(render_to_string("500.html", context), status=500)
    except Exception:
        log.exception("The error page failed")
        return _bare(500, "Server error", f"Request {context['request_id']}")


def csrf_failure(request, reason=""):
    """403 of a form whose token is too old or missing."""
    text = _("The page was open too long, or cookies are off. Go back, reload the page and try again.")
    return _page(request, 403, _("This form has expired"), text)
