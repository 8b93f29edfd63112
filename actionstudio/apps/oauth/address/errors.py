"""Errors of the provider's paths: problem+json for clients; people get pages."""

from django.http import JsonResponse


def _problem(status: int, title: str) -> JsonResponse:
    value = {"type": "about:blank", "title": title, "status": status}
    return JsonResponse(value, status=status, content_type="application/problem+json")


def bad_request(request, exception=None):
    return _problem(400, "Bad request")


def forbidden(request, exception=None):
    return _problem(403, "Forbidden")


def not_found(request, exception=None):
    return _problem(404, "No such path")


def server_error(request):
    return _problem(500, "The provider failed")
