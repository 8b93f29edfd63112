"""Style sheets, fonts, icons and the one script of an address's pages: ``/static/`` there belongs to the project."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.urls import reverse

from actionstudio.apps.oauth.address import colours

if TYPE_CHECKING:
    from actionstudio.apps.oauth.door import AddressRequest

_KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}
SHEETS = ("tokens", "base", "layout", "controls", "surfaces", "solo", "address", "utilities")
FILES = frozenset((
    *(f"css/{name}.css" for name in SHEETS),
    "js/address.js",
    "vendor/icons.svg",
    "vendor/inter-latin-wght-normal.woff2",
    "vendor/jetbrains-mono-latin-wght-normal.woff2",
))  # fmt: skip
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent."""

    kind: str
    data: bytes
    digest: str


def url(name: str) -> str:
    """Where a file of FILES lies on this address; its version is part of it, so that it may be kept for ever."""
    return f"{reverse('static', args=[name])}?{_file(name).digest[:12]}"


def static(request: AddressRequest, name: str) -> HttpResponse:
    """GET /oauth/static/<name>: one of FILES."""
    if name not in FILES:
        raise Http404
    file = _file(name)
    current = request.META["QUERY_STRING"] == file.digest[:12]
    return _sent(request, file, f"public, max-age={_YEAR}, immutable" if current else "public, max-age=3600")


def theme(request: AddressRequest) -> HttpResponse:
    """GET /oauth/theme.css: the project's colour, in both themes."""
    data = colours.sheet(request.tenant.provider.colour).encode()
    return _sent(request, File(_KINDS["css"], data, sha256(data).hexdigest()), "no-cache")


@cache
def _file(name: str) -> File:
    path = finders.find(name)
    if path is None:
        raise RuntimeError(f"static/{name} is missing")
    data = Path(path).read_bytes()
    return File(_KINDS[name.rpartition(".")[2]], data, sha256(data).hexdigest())


def _sent(request: AddressRequest, file: File, keeping: str) -> HttpResponse:
    etag = f'"{file.digest[:32]}"'
    tags = [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]
    if etag in tags:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(file.data, content_type=file.kind)
    response["ETag"] = etag
    response["Cache-Control"] = keeping
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
