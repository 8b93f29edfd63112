"""What every request of the dashboard gets: an id, the reader's language and time zone, redirects htmx understands."""

import secrets
import zoneinfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone, translation

from actionstudio.apps.web.htmx import Redirect

LEVELS = {"ok": messages.SUCCESS, "info": messages.INFO, "warn": messages.WARNING, "bad": messages.ERROR}


class RequestIdMiddleware:
    """Gives every request a short id, which error pages show and the log of the server names."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = secrets.token_hex(6)
        response = self.get_response(request)
        response["X-Request-Id"] = request.id
        return response


class KitMiddleware:
    """The signed-in reader's language and time zone; ``htmx.redirect`` for browser and htmx. Stands last."""

    def __init__(self, get_response):
        self.get_response = get_response

    def process_view(self, request, view, args, kwargs):
        """A name with U+0000 is nobody's, and PostgreSQL would not even look."""
        if any(isinstance(value, str) and "\0" in value for value in kwargs.values()) and not hasattr(view, "cls"):
            raise Http404

    def __call__(self, request):
        user = request.user
        with timezone.override(_zone(user)):
            if user.is_authenticated and user.language and user.language != translation.get_language():
                translation.activate(user.language)
                request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            return _onward(request, response) if isinstance(response, Redirect) else response


def _zone(user):
    name = user.timezone if user.is_authenticated else ""
    try:
        return zoneinfo.ZoneInfo(name) if name else timezone.get_default_timezone()
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()


def _onward(request, response: Redirect):
    if response.message:
        messages.add_message(request, LEVELS[response.kind], response.message)
    if not request.htmx:
        return response
    return HttpResponse(status=200, headers={"HX-Redirect": response.url})
