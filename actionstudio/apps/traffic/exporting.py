"""A logged call in other tools' words: a curl command, a HAR file, a file with the body."""

from __future__ import annotations

import base64
import datetime
import json
import re
import shlex
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from urllib.parse import parse_qsl

from actionstudio import __version__
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.traffic.masking import MASK, is_masked
from actionstudio.apps.traffic.models import Exchange

HOP = {"host", "content-length", "connection", "keep-alive", "transfer-encoding", "te", "upgrade", "accept-encoding"}
MOST = 1_000  # exchanges in one file
BYTES = 64 * 1024 * 1024  # of bodies in one file


def url(exchange: Exchange, base: str = "") -> str:
    """The absolute URL of the call, on its address's first base URL unless ``base`` is given; of a callback its own."""
    if exchange.kind == "callback":
        return exchange.line
    base = base or base_url(exchange.address)
    return f"{base}{exchange.path}{'?' + exchange.query if exchange.query else ''}"


def base_url(address: str) -> str:
    """Where an address answers today; of one that is gone, where it would."""
    domain = Address.objects.filter(name=address).values_list("domain", flat=True).first()
    return base_urls(address, domain)[0]


def curl(exchange: Exchange) -> str:
    """The call as a command for a shell. What the log hides becomes ``$KEY``, for the reader to fill in."""
    parts = ["curl", "-i"]
    if exchange.method == "HEAD":
        parts = ["curl", "-I"]
    elif exchange.method != "GET" or exchange.request_body:
        parts += ["-X", exchange.method]
    parts.append(_quoted(url(exchange)))
    for name, value in exchange.headers_in:
        if name.lower() not in HOP:
            parts += ["\\\n  -H", _quoted(f"{name}: {value}")]
    body = bytes(exchange.request_body)
    if body:
        parts += ["\\\n  --data-binary", _body_argument(body)]
    return " ".join(parts).replace(" \\\n", " \\\n")


def har(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """HAR 1.2, entry by entry, oldest last; ends at ``MOST`` entries or ``BYTES`` of bodies."""
    creator = {"name": "Action Studio", "version": __version__}
    yield f'{{"log": {{"version": "1.2", "creator": {json.dumps(creator)}, "entries": ['
    size, bases = 0, {}
    for number, exchange in enumerate(exchanges):
        size += len(exchange.request_body) + len(exchange.response_body)
        if number >= MOST or (number and size > BYTES):
            break
        if exchange.address not in bases:
            bases[exchange.address] = base_url(exchange.address)
        yield ("," if number else "") + json.dumps(_entry(exchange, bases[exchange.address]), ensure_ascii=False)
    yield "]}}"


def _quoted(text: str) -> str:
    """Text as one shell word; masked parts turn into $KEY, which the shell fills in."""
    if not is_masked(text):
        return shlex.quote(text)
    parts = MASK.split(text)
    words = [shlex.quote(part) if part else "" for part in parts]
    return '"$KEY"'.join(words)


def _body_argument(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return "@body.bin"
    return "@body.txt" if "\0" in text or len(text) > 100_000 else _quoted(text)


def _entry(exchange: Exchange, base: str) -> dict:
    spent = exchange.duration_us / 1000
    request = {
        "method": exchange.method,
        "url": url(exchange, base),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": name, "value": value} for name, value in exchange.headers_in],
        "queryString": [{"name": k, "value": v} for k, v in parse_qsl(exchange.query, keep_blank_values=True)],
        "headersSize": -1,
        "bodySize": exchange.request_size,
    }
    if exchange.request_body:
        content = _content(bytes(exchange.request_body), exchange.headers_in)
        request["postData"] = {"mimeType": content["mimeType"], "text": content["text"]}
        if "encoding" in content:
            request["postData"]["comment"] = "base64"
    return {
        "startedDateTime": exchange.at.astimezone(datetime.UTC).isoformat(timespec="milliseconds"),
        "time": spent,
        "request": request,
        "response": {
            "status": exchange.status,
            "statusText": _reason(exchange.status),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": name, "value": value} for name, value in exchange.headers_out],
            "content": {
                "size": exchange.response_size,
                **_content(bytes(exchange.response_body), exchange.headers_out),
            },
            "redirectURL": dict(exchange.headers_out).get("location", ""),
            "headersSize": -1,
            "bodySize": exchange.response_size,
        },
        "cache": {},
        "timings": {"send": 0, "wait": spent, "receive": 0},
        "_id": exchange.public_id,
        "_operationId": exchange.operation_id,
        "_revision": exchange.revision,
        "_source": exchange.source,
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
