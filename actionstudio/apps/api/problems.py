"""Errors of the API: application/problem+json with ``errors: [{pointer, code, message}]``, made in one place."""

import logging
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from actionstudio.core.problem import Problem, Refused

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)


class Conflict(exceptions.APIException):
    """What was asked for cannot be done in the present state of things."""

    status_code = 409
    default_code = "conflict"


class TooLarge(exceptions.APIException):
    """The body is larger than this endpoint reads."""

    status_code = 413
    default_code = "too_large"


class Unreadable(Exception):
    """A document that cannot be used at all: 422."""

    def __init__(self, refused: Refused) -> None:
        self.problems = refused.problems


def _refusal(context: dict) -> str:
    """What a refusal comes to: nobody who only asked fears for what is kept."""
    request = context.get("request")
    reads = request is not None and request.method in ("GET", "HEAD", "OPTIONS")
    return _("This cannot be answered as it was asked.") if reads else _("Nothing was changed.")


def handler(error: Exception, context: dict) -> Response:
    """The answer for an exception of a view. A bug is logged, and answered 500."""
    set_rollback()
    if isinstance(error, Unreadable):
        return answer(422, _("The document cannot be used. Nothing was changed."), list(error.problems))
    if isinstance(error, Refused):
        return answer(400, _refusal(context), list(error.problems))
    if isinstance(error, Http404):
        return answer(404, str(error) or _("There is no such thing."), [])
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.ValidationError):
        return answer(400, _refusal(context), list(flatten(error.get_full_details())))
    if isinstance(error, exceptions.APIException):
        problem = Problem("", str(error.detail), str(error.get_codes()))
        return answer(error.status_code, str(error.detail), [problem], _headers(error))
    request = getattr(context["request"], "_request", None)
    log.exception("the API failed: %s", request and request.path)
    got_request_exception.send(sender=handler, request=request)
    return answer(500, _("Something went wrong on our side. Nothing was changed."), [])


def flatten(details, pointer: str = ""):
    """DRF's nested error details as problems with JSON pointers."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield Problem(pointer, str(details["message"]), str(details["code"]))
    elif isinstance(details, dict):
        for name, inner in details.items():
            step = "" if name == "non_field_errors" else "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from flatten(inner, pointer + step)
    else:
        for index, inner in enumerate(details):
            nested = isinstance(inner, dict) and set(inner) != {"message", "code"}
            yield from flatten(inner, f"{pointer}/{index}" if nested else pointer)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))
    return headers


def answer(status: int, detail: str, problems: list[Problem], headers=None, **more) -> Response:
    """A problem as a response. ``more`` are members besides those that every problem has (RFC 9457, section 3.2)."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": [{"pointer": p.pointer, "code": p.code, "message": p.message} for p in problems],
        **more,
    }
    return Response(body, status, headers=headers, content_type=MEDIA_TYPE)
