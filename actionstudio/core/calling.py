"""Arguments become a call: what one operation is asked with, written as its document declares it.

The inverse of what a server reads: path, query, header and cookie by ``style`` and ``explode`` (OpenAPI 3.1.0, section
4.8.12), the body by its media type.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from actionstudio.core.call import Call, Headers
from actionstudio.core.contract import Parameter
from actionstudio.core.schemas.wire import text_of, write_parameter

BOUNDARY = "action-studio-part"


@dataclass(frozen=True, slots=True)
class Content:
    """A request body as it travels: its Content-Type ("" for none) and its bytes."""

    content_type: str = ""
    body: bytes = b""


NOTHING = Content()


def call_of(
    method: str,
    path: str,
    arguments: Iterable[tuple[Parameter, Any]],
    content: Content = NOTHING,
    headers: Headers = (),
) -> Call:
    """The call of an operation with these values. A value may be of any JSON type, also one that is not declared.

    Path parameters that have no value stay ``{name}``. ``headers`` go first, as they are; their names are lower case.
    """
    query: list[tuple[str, str]] = []
    sent = list(headers)
    cookies: list[str] = []
    for parameter, value in arguments:
        style = "json" if parameter.content else parameter.style
        written: Any = write_parameter(parameter.name, parameter.in_, style, parameter.explode, value)
        if parameter.in_ == "query":
            query += written
        elif parameter.in_ == "path":
            path = path.replace("{" + parameter.name + "}", written)
        elif parameter.in_ == "cookie":
            cookies.append(f"{parameter.name}={quote(written, safe=_COOKIE)}")
        else:
            sent.append((parameter.name.lower(), _one_line(written)))
    if cookies:
        sent.append(("cookie", "; ".join(cookies)))
    if content.content_type:
        sent.append(("content-type", content.content_type))
    return Call(method, quote(path, safe=_PATH), urlencode(query, quote_via=quote), tuple(sent), content.body)


_PATH = "/%:@!$&'()*+,;=~-._"
_COOKIE = "!#$&'()*+-./:<=>?@[]^_`{|}~"  # cookie-octet (RFC 6265, section 4.1.1)


def _one_line(text: str) -> str:
    """A header's value holds no line ends (RFC 9110, section 5.5), and only what Latin-1 can say."""
    plain = text.replace("\r", " ").replace("\n", " ").replace("\0", " ").strip()
    return plain.encode("latin-1", "replace").decode("latin-1")


def content_of(media_type: str, value: Any) -> Content:
    """A value as a body of that media type: JSON, form, multipart; a text of every other type as it is."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded" and isinstance(value, dict):
        pairs = [(name, one) for name, item in value.items() for one in _texts(item)]
        return Content(media_type, urlencode(pairs).encode())
    if kind == "multipart/form-data" and isinstance(value, dict):
        return Content(f"{kind}; boundary={BOUNDARY}", _multipart(value))
    if isinstance(value, str) and not is_json(kind):
        return Content(media_type, value.encode("utf-8", "surrogatepass"))
    return Content("application/json" if "*" in kind else media_type, orjson.dumps(value))


def is_json(media_type: str) -> bool:
    """Whether bodies of this media type are written as JSON; a range may be anything, and JSON will do."""
    kind = media_type.partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json") or kind in ("*/*", "application/*", "")


def _texts(value: Any) -> list[str]:
    return [text_of(item) for item in value] if isinstance(value, list) else [text_of(value)]


def _multipart(value: dict[str, Any]) -> bytes:
    """One part a field, lists as repeated ones, objects as JSON (RFC 7578; OpenAPI 3.1.0, section 4.8.14.4)."""
    out = []
    for name, item in value.items():
        quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        kind = "\r\nContent-Type: application/json" if isinstance(item, dict) else ""
        for text in _texts(item):
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{quoted}"{kind}\r\n\r\n'
            out.append(f"{head}{text}\r\n")
    return "".join([*out, f"--{BOUNDARY}--\r\n"]).encode("utf-8", "surrogatepass")
