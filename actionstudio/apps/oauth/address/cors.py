"""Which web pages may read the provider's answers (CORS), and which methods an endpoint answers at all.

Metadata and public keys are everybody's. What answers to a client is open to the origins to which a public client of
the project returns, since a page without a server has to ask from the browser, and to those that a client is given by
name. Cookies are never let in: no answer here says ``Access-Control-Allow-Credentials``. Source: Fetch standard,
section 3.2; RFC 9700, section 2.6.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.db.models import Q
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


def apps(*methods: str, others: bool = False) -> Callable[[View], View]:
    """Decorates a view that answers these methods and that pages of registered public clients may read. ``others``: it
    refuses other methods itself, in words of its own."""
    return _decorator(methods, _registered, others)


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
    """The request's origin when a public client of the project returns there, or a client names it, else ""."""
    origin = request.headers.get("origin", "")
    if origin_of(origin) != origin or not origin:
        return ""
    clients = Client.objects.filter(project_id=tenancy.current().project_id, enabled=True)
    returns = Q(token_method=Client.Method.NONE, redirect_uris__contains=origin)
    near = clients.filter(returns | Q(allowed_origins__contains=origin))
    for method, uris, named in near.values_list("token_method", "redirect_uris", "allowed_origins"):
        places = uris.split() if method == Client.Method.NONE else []
        if any(origin_of(uri) == origin for uri in (*places, *named.split())):
            return origin
    return ""


def _decorator(
    methods: tuple[str, ...], readers: Callable[[HttpRequest], str], others: bool = False
) -> Callable[[View], View]:
    answered = [*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"]
    allow = ", ".join(answered)

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method == "OPTIONS":
                response = HttpResponse(status=204, headers={"Allow": allow})
                del response["Content-Type"]
            elif others or request.method in answered:
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
