"""Which web pages may read the provider's answers (CORS), and which methods an endpoint answers at all.

Metadata and public keys are everybody's. What answers to a client is open to the origins to which a public client of
the project returns: a page without a server has to ask from the browser. Cookies are never let in: no answer here says
``Access-Control-Allow-Credentials``. Source: Fetch standard, section 3.2; RFC 9700, section 2.6.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from actionstudio.apps.oauth import tenancy
from actionstudio.apps.oauth.address import errors
from actionstudio.apps.oauth.models import Client

type View = Callable[..., HttpResponse]
AGE = "600"
_PORTS = {"http": 80, "https": 443}


def everybody(*methods: str) -> Callable[[View], View]:
    """Decorates a view that answers these methods (GET brings HEAD) and that any page may read."""
    return _decorator(methods, lambda request: "*")


def apps(*methods: str) -> Callable[[View], View]:
    """Decorates a view that answers these methods and that pages of registered public clients may read."""
    return _decorator(methods, _registered)


def origin_of(uri: str) -> str:
    """The origin of an absolute http or https URL as browsers send it, "" for anything else."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, _PORTS[parts.scheme]) else "")


def _registered(request: HttpRequest) -> str:
    """The request's origin when a public client of the project returns there, else ""."""
    origin = request.headers.get("origin", "")
    if origin_of(origin) != origin or not origin:
        return ""
    public = Client.objects.filter(project_id=tenancy.current().project_id, enabled=True, token_method="none")
    near = public.filter(redirect_uris__contains=origin).values_list("redirect_uris", flat=True)
    return origin if any(origin_of(uri) == origin for uris in near for uri in uris.split()) else ""


def _decorator(methods: tuple[str, ...], readers: Callable[[HttpRequest], str]) -> Callable[[View], View]:
    answered = [*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"]
    allow = ", ".join(answered)

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method == "OPTIONS":
                response = HttpResponse(status=204, headers={"Allow": allow})
                del response["Content-Type"]
            elif request.method in answered:
                response = view(request, *args, **kwargs)
            else:
                response = errors.problem(405, "Method not allowed", f"This path answers {allow}.")
                response["Allow"] = allow
            return _readable(request, response, readers(request), allow)

        wrapped.csrf_exempt = True  # type: ignore[attr-defined]
        return wrapped

    return decorate


def _readable(request: HttpRequest, response: HttpResponse, origin: str, allow: str) -> HttpResponse:
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if origin else "same-origin"
    if origin != "*":
        patch_vary_headers(response, ["Origin"])
    if not origin:
        return response
    response["Access-Control-Allow-Origin"] = origin
    response["Access-Control-Expose-Headers"] = "WWW-Authenticate, ETag, Retry-After"
    if request.method == "OPTIONS":
        response["Access-Control-Allow-Methods"] = allow
        response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, If-None-Match, MCP-Protocol-Version"
        response["Access-Control-Max-Age"] = AGE
    return response
