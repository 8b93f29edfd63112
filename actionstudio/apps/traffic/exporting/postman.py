"""Logged calls as a Postman collection, format v2.1.0
(https://schema.getpostman.com/json/collection/v2.1.0/collection.json)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from actionstudio.apps.traffic.exporting import calls
from actionstudio.apps.traffic.exporting.secrets import Secrets
from actionstudio.apps.traffic.models import Exchange

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_FORM = "application/x-www-form-urlencoded"
_LANGUAGES = {"application/json": "json", "text/html": "html", "application/xml": "xml", "text/xml": "xml"}


def collection(exchanges: Iterable[Exchange], name: str = "Action Studio") -> dict[str, Any]:
    """The calls in their order, each with its answer saved. What the log hides are empty variables, ``{{key}}``."""
    secrets = Secrets()
    items = [_item(row, url, secrets) for row, url in calls.located(calls.within(exchanges))]
    variables = [
        {"key": name, "value": "", "type": "string", "description": f"A secret that the log hides: {place}"}
        for name, place in secrets.names.items()
    ]
    return {"info": {"name": name, "schema": SCHEMA}, "item": items, "variable": variables}


def file(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """The same as text."""
    yield json.dumps(collection(exchanges), ensure_ascii=False, indent=2)


def _item(row: Exchange, url: str, secrets: Secrets) -> dict[str, Any]:
    request = _request(row, url, secrets)
    return {"name": calls.title(row), "request": request, "response": _responses(row, request, secrets)}


def _request(row: Exchange, url: str, secrets: Secrets) -> dict[str, Any]:
    made: dict[str, Any] = {"method": row.method, "url": _url(url, secrets)}
    made["header"] = [
        {"key": name, "value": secrets.braces(value, calls.part(name))} for name, value in calls.headers(row)
    ]
    if lacking := calls.lacking(row):
        made["description"] = lacking
    if row.request_body:
        body = _body(bytes(row.request_body), calls.kind_of(row.headers_in), secrets)
        if body is None:
            made["description"] = f"{row.public_id}: its body is no text and was left out."
        else:
            made["body"] = body
    elif calls.unkept(row):
        made["body"] = {"mode": "file", "file": {"src": calls.body_file(row)}}
    return made


def _url(text: str, secrets: Secrets) -> dict[str, Any]:
    raw = secrets.braces(text, "URL")
    parts = urlsplit(raw)
    made: dict[str, Any] = {
        "raw": raw,
        "protocol": parts.scheme,
        "host": (parts.hostname or "").split("."),
        "path": parts.path.split("/")[1:],
    }
    if parts.port:
        made["port"] = str(parts.port)
    if parts.query:
        pairs = (pair.partition("=") for pair in parts.query.split("&"))
        made["query"] = [{"key": key, "value": value} for key, _equals, value in pairs]
    return made


def _body(body: bytes, kind: str, secrets: Secrets) -> dict[str, Any] | None:
    text = calls.text_of(body)
    if text is None:
        return None
    text = secrets.braces(text, "body")
    if kind == _FORM:
        pairs = parse_qsl(text, keep_blank_values=True)
        return {"mode": "urlencoded", "urlencoded": [{"key": key, "value": value} for key, value in pairs]}
    language = "json" if kind.endswith("+json") else _LANGUAGES.get(kind, "text")
    return {"mode": "raw", "raw": text, "options": {"raw": {"language": language}}}


def _responses(row: Exchange, request: dict[str, Any], secrets: Secrets) -> list[dict[str, Any]]:
    """The answer as a saved one; one that is no text is left out."""
    text = calls.text_of(bytes(row.response_body))
    if not row.status or text is None:
        return []
    status = HTTPStatus(row.status).phrase if row.status in iter(HTTPStatus) else ""
    headers = [
        {"key": name, "value": secrets.braces(value, f"answer's {calls.part(name)}")} for name, value in row.headers_out
    ]
    saved = {"name": f"{row.status} {status}".strip(), "originalRequest": request, "status": status, "code": row.status}
    kind = calls.kind_of(row.headers_out)
    language = "json" if kind.endswith("json") else _LANGUAGES.get(kind, "text")
    return [
        saved | {"_postman_previewlanguage": language, "header": headers, "body": secrets.braces(text, "answer's body")}
    ]
