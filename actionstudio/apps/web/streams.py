"""Server-sent events: a stream where the server can, else one finite answer, after which the client asks again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, StreamingHttpResponse


def answer(request, stream: Callable[[], AsyncIterator[str]], once: Callable[[], str]):
    """The answer to a reader: ``stream`` under ASGI, ``once`` under WSGI (an endless answer holds a thread)."""
    if isinstance(request, ASGIRequest):
        response = StreamingHttpResponse(stream(), content_type="text/event-stream")
    else:
        response = HttpResponse(once(), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response
