"""Answers runtime.Provider: a call to the provider's paths, through Django, without the studio's own middleware."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.urls import get_script_prefix, get_urlconf, set_script_prefix, set_urlconf
from django.utils.module_loading import import_string

from actionstudio.apps.oauth import tenancy, tracing
from actionstudio.apps.oauth.tenancy import Tenant
from actionstudio.apps.projects.pooling import give_back
from actionstudio.core.call import Call, Reply
from actionstudio.runtime.ports import Hosted, Provided

log = logging.getLogger(__name__)


class AddressRequest(WSGIRequest):
    """A request to an address. Its host and scheme are those of the base URL that was called, whatever it says."""

    tenant: Tenant

    def get_host(self) -> str:
        return self.tenant.issuer.split("/")[2]

    def _get_scheme(self) -> str:
        return self.tenant.issuer.partition(":")[0]


class AddressHandler(BaseHandler):
    """Django with STUDIO_ADDRESS_MIDDLEWARE and STUDIO_ADDRESS_URLCONF."""

    def load_middleware(self, is_async: bool = False) -> None:
        self._view_middleware, self._template_response_middleware, self._exception_middleware = [], [], []
        chain = convert_exception_to_response(self._get_response)
        for path in reversed(settings.STUDIO_ADDRESS_MIDDLEWARE):
            made = import_string(path)(chain)
            if hasattr(made, "process_view"):
                self._view_middleware.insert(0, made.process_view)
            if hasattr(made, "process_exception"):
                self._exception_middleware.append(made.process_exception)
            chain = convert_exception_to_response(made)
        self._middleware_chain = chain


class AddressProvider:
    """runtime.ports.Provider over the pages and endpoints of apps/oauth/address."""

    def __init__(self) -> None:
        self._handler: AddressHandler | None = None

    def answer(self, hosted: Hosted, call: Call, base: int, client: str) -> Provided:
        tenant = Tenant(hosted, base, client)
        with tenancy.entered(tenant), _own_urls():
            try:
                response = self._respond(tenant, call)
                body = b"".join(response)  # of HEAD as well: the server sends its length alone
                tracing.settle(tenant)
            finally:
                give_back()  # what Django does by signals when a request ends
        return _provided(tenant, call, response, body)

    def _respond(self, tenant: Tenant, call: Call) -> HttpResponse:
        if self._handler is None:
            handler = AddressHandler()
            handler.load_middleware()
            self._handler = handler
        prefix = tenant.issuer.split("/", 3)[3:]
        script = f"/{prefix[0]}" if prefix else ""
        environ = _environ(tenant, call, script)
        set_script_prefix(script + "/")
        request = AddressRequest(environ)
        request.tenant = tenant
        request.urlconf = settings.STUDIO_ADDRESS_URLCONF
        return self._handler.get_response(request)


@contextmanager
def _own_urls() -> Iterator[None]:
    """What is set inside for making URLs does not outlive it: a page of the studio may be what calls the address."""
    urlconf, prefix = get_urlconf(), get_script_prefix()
    try:
        yield
    finally:
        set_urlconf(urlconf)
        set_script_prefix(prefix)


def _environ(tenant: Tenant, call: Call, script: str) -> dict:
    env = {
        "REQUEST_METHOD": call.method,
        "SCRIPT_NAME": script,
        "PATH_INFO": unquote_to_bytes(call.path).decode("latin-1"),
        "QUERY_STRING": call.query,
        "REMOTE_ADDR": tenant.client,
        "SERVER_NAME": "address",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(call.body)),
        "wsgi.input": io.BytesIO(call.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": tenant.issuer.partition(":")[0],
    }
    for name, value in call.headers:
        if "_" in name or name == "content-length":
            continue
        key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
        env[key] = f"{env[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}" if key in env else value
    return env


def _provided(tenant: Tenant, call: Call, response: HttpResponse, body: bytes) -> Provided:
    headers = [(name.lower(), value) for name, value in response.items()]
    headers += [("set-cookie", morsel.OutputString()) for morsel in response.cookies.values()]
    notes = {"leg": "page", "outcome": "ok", **tenant.notes}
    decisions = {
        "route": f"the address's own sign-in, {call.path}",
        "response": str(response.status_code),
        "oauth": notes,
    }
    page = response.get("content-type", "").startswith("text/html")
    shown = b"(a page for people)" if page and body else None
    return Provided(
        Reply(response.status_code, tuple(headers), body),
        decisions,
        shown,
        notes.get("auth", "open"),
        tenant.sign_in,
        tenant.wait,
    )
