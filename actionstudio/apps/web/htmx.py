"""Answers for htmx: a page or one part of it, a toast, a way to another page."""

import json

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_part(request) -> bool:
    """Did htmx ask for a part of the page, and not the browser for the whole?"""
    details = getattr(request, "htmx", None)
    return bool(details) and details.request_type == "partial"


def page(request, template: str, context: dict | None = None, *, part: str | None = None, status: int = 200):
    """The page, or its ``{% partialdef part %}`` when htmx asks for a part."""
    name = f"{template}#{part}" if part and wants_part(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
    return response


def toast(message, kind: str = "ok", status: int = 204, *, url: str = "", label: str = "") -> HttpResponse:
    """An answer that changes nothing on the page and shows ``message`` in the corner (ok, info, warn or bad)."""
    return with_toast(HttpResponse(status=status), message, kind, url=url, label=label)


def with_toast(response, message, kind: str = "ok", *, url: str = "", label: str = ""):
    """The same response, which also shows a toast when htmx receives it. ``url`` and ``label`` add a link."""
    detail = {"message": str(message), "kind": kind}
    if url:
        detail |= {"url": url, "label": str(label)}
    response["HX-Trigger"] = json.dumps({"toast": detail})
    return response


class Redirect(HttpResponseRedirect):
    """On to another page, for a browser and for htmx alike; the kit's middleware writes what each understands."""

    def __init__(self, url: str, message="", kind: str = "ok"):
        super().__init__(url)
        self.message = str(message)
        self.kind = kind


def redirect(url: str, toast="", kind: str = "ok") -> Redirect:
    """On to ``url``, where ``toast`` is shown."""
    return Redirect(url, toast, kind)
