"""Logged calls as an HTTP Archive (http://www.softwareishard.com/blog/har-12-spec/), and one as it was on the wire."""

from __future__ import annotations

import base64
import datetime
import json
import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from actionstudio import __version__
from actionstudio.apps.design.models import Operation
from actionstudio.apps.traffic.exporting import calls
from actionstudio.apps.traffic.exporting.secrets import Secrets
from actionstudio.apps.traffic.models import Exchange


def har(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """HAR 1.2, entry by entry; ends where a file is full. What the log hides is ``{{key}}`` in the requests, so that no
    tool sends a mark of ours."""
    creator = {"name": "Action Studio", "version": __version__}
    yield f'{{"log": {{"version": "1.2", "creator": {json.dumps(creator)}, "entries": ['
    secrets, paths = Secrets(), _Paths()
    for number, (exchange, url) in enumerate(calls.located(calls.within(exchanges))):
        entry = _entry(exchange, url, secrets) | {"_path": paths.of(exchange)}
        yield ("," if number else "") + json.dumps(entry, ensure_ascii=False)
    yield "]}}"


class _Paths:
    """The path templates of operations by the names that the log has of them; "" of those that are gone."""

    def __init__(self) -> None:
        self._known: dict[int, dict[str, str]] = {}

    def of(self, exchange: Exchange) -> str:
        project = exchange.project_id
        if project not in self._known:
            rows = Operation.objects.filter(project_id=project).values_list("operation_id", "method", "path")
            self._known[project] = {name or f"{method} {path}": path for name, method, path in rows}
        return self._known[project].get(exchange.operation_id, "")


def _entry(exchange: Exchange, url: str, secrets: Secrets) -> dict:
    """One call. The fields that begin with an underscore are our own: what the studio knows of it, and reads again
    (core/specs/readers/har.py)."""
    spent = exchange.duration_us / 1000
    return {
        "startedDateTime": exchange.at.astimezone(datetime.UTC).isoformat(timespec="milliseconds"),
        "time": spent,
        "request": _request(exchange, url, secrets),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": spent, "receive": 0},
        "_id": exchange.public_id,
        "_operationId": exchange.operation_id,
        "_revision": exchange.revision,
        "_source": exchange.source,
        "_kind": exchange.kind,
        "_fits": not any(item.get("side") != "response" for item in exchange.found),
    }


def _request(exchange: Exchange, url: str, secrets: Secrets) -> dict:
    url = secrets.braces(url, "URL")
    made = {
        "method": exchange.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [
            {"name": name, "value": secrets.braces(value, calls.part(name))} for name, value in exchange.headers_in
        ],
        "queryString": [
            {"name": name, "value": value} for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)
        ],
        "headersSize": -1,
        "bodySize": exchange.request_size,
    }
    if exchange.request_body or calls.unkept(exchange):
        content = _content(bytes(exchange.request_body), exchange.headers_in)
        made["postData"] = {"mimeType": content["mimeType"], "text": secrets.braces(content["text"], "body")}
        if "encoding" in content:
            made["postData"]["comment"] = "base64"
    if lacking := calls.lacking(exchange):
        made["comment"] = lacking
    return made


def _response(exchange: Exchange) -> dict:
    body = bytes(exchange.response_body)
    content = {"size": exchange.response_size, **_content(body, exchange.headers_out)}
    if exchange.lacks("response"):
        content["comment"] = "The log kept only the beginning of this body." if body else "The log did not keep it."
        if not body:
            del content["text"]
    return {
        "status": exchange.status,
        "statusText": _reason(exchange.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": name, "value": value} for name, value in exchange.headers_out],
        "content": content,
        "redirectURL": dict(exchange.headers_out).get("location", ""),
        "headersSize": -1,
        "bodySize": exchange.response_size,
    }


def _content(body: bytes, headers) -> dict:
    kind = next((value for name, value in headers if name.lower() == "content-type"), "application/octet-stream")
    try:
        return {"mimeType": kind, "text": body.decode()}
    except UnicodeDecodeError:
        return {"mimeType": kind, "text": base64.b64encode(body).decode(), "encoding": "base64"}


def _reason(status: int) -> str:
    return HTTPStatus(status).phrase if re.fullmatch(r"\d+", str(status)) and status in iter(HTTPStatus) else ""


def wire(exchange: Exchange) -> str:
    """The request as HTTP/1.1 writes it (RFC 9112, section 2.1); secrets are hidden as the log hides them."""
    headers = [f"{name}: {value}" for name, value in exchange.headers_in]
    lines = [f"{exchange.method} {exchange.line} HTTP/1.1", *headers]
    body = bytes(exchange.request_body)
    if body and not any(name == "content-length" for name, _value in exchange.headers_in):
        lines.append(f"content-length: {exchange.request_size}")
    return "\n".join([*lines, "", body.decode("utf-8", "replace")]).rstrip("\n") + "\n"
