"""What arrived with a call, as values: the parts of its query, and its body."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import orjson

from actionstudio.core.problem import Refused
from actionstudio.core.schemas.forms import FormReader
from actionstudio.core.templating import Missing
from actionstudio.runtime.negotiation import is_json, media_key
from actionstudio.runtime.reader import charset_of

_MOST_PAIRS = 1_000


def pairs_of(query: str) -> list[tuple[str, str]]:
    """The parts of a query; none when there are more than any honest caller sends."""
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PAIRS) if query else []
    except ValueError:
        return []


def body_of(content_type: str, body: bytes, form: FormReader | None = None) -> Any:
    """A body as a value: JSON, the fields of a form (typed by ``form``), or text; Missing with the reason when it is
    none of them."""
    if not body:
        return Missing("no body was sent")
    kind = media_key(content_type)
    try:
        if kind == "application/x-www-form-urlencoded":
            return (form or FormReader({}, {})).read(body)
        if kind == "multipart/form-data":
            return (form or FormReader({}, {})).read_multipart(body, content_type)
        if is_json(kind) or not kind.startswith("text/"):
            return orjson.loads(body)
        return body.decode(charset_of(content_type))
    except orjson.JSONDecodeError as error:
        return Missing(f"the body is not JSON: {error}")
    except UnicodeDecodeError:
        return Missing("the body is no text")
    except Refused as refused:
        return Missing(f"the body cannot be read: {refused}")
