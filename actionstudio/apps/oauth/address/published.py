"""A JSON document that everybody may read, and that is not sent again to those who have it (RFC 9110, section 13)."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


def document(request: HttpRequest, value: dict[str, Any], cache: str) -> HttpResponse:
    """The answer to GET and HEAD: ``value``, or 304. ``cache`` is its Cache-Control."""
    body = json.dumps(value, indent=1).encode()
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": cache}
    response = HttpResponse(body, content_type="application/json", headers=headers)
    return get_conditional_response(request, etag=etag, response=response)
