"""Errors of the provider's paths: problem+json for clients, a page for who reads in a browser."""

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from actionstudio.apps.oauth.address import explaining


def problem(status: int, title: str, detail: str = "") -> JsonResponse:
    """An error of a path that answers programs (RFC 9457)."""
    value = {"type": "about:blank", "title": title, "status": status}
    if detail:
        value["detail"] = detail
    return JsonResponse(value, status=status, content_type="application/problem+json")


def bad_request(request, exception=None):
    return problem(400, "Bad request")


def forbidden(request, exception=None):
    return problem(403, "Forbidden")


def not_found(request, exception=None) -> HttpResponse:
    if "text/html" in request.headers.get("Accept", ""):
        return explaining.plain(request, 404, _("Nothing here"), _("This address has no such page."))
    return problem(404, "No such path")


def server_error(request):
    return problem(500, "The provider failed")
