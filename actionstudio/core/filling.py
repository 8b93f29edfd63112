"""Fills ``{{name}}`` in a call with values that a suite has: given ones, and those of earlier answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

import orjson

from actionstudio.core.call import Call
from actionstudio.core.compare import ABSENT, loads

type JSON = Any

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,59}")
PLACE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_-]{0,59})\s*\}\}")
_DEEPEST = 200  # levels of a body that are looked into


def names(call: Call) -> list[str]:
    """The variables that a call asks for, each once, in the order of path, query, headers, body."""
    texts = [call.path, call.query, *(value for _name, value in call.headers), call.body.decode("utf-8", "replace")]
    return list(dict.fromkeys(name for text in texts for name in PLACE.findall(text)))


def fill(call: Call, values: Mapping[str, JSON]) -> Call:
    """The call with its variables filled in; what ``values`` does not have stays as it is written.

    Path and query are percent-encoded (RFC 3986). In a JSON body a text that is one variable and nothing else becomes
    the value itself, so that a number stays a number; in the middle of a text, and everywhere else, it is its text.
    """
    if not names(call):
        return call
    headers = tuple((name, _within(value, values, _one_line)) for name, value in call.headers)
    return Call(
        call.method,
        _within(call.path, values, lambda text: quote(text, safe="")),
        _within(call.query, values, quote_plus),
        headers,
        _body(call.body, values),
    )


def text_of(value: JSON) -> str:
    """A value as it stands in a path, a header, or the middle of a text."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _body(body: bytes, values: Mapping[str, JSON]) -> bytes:
    if b"{{" not in body:
        return body
    document = loads(body)
    if document is not ABSENT:
        return orjson.dumps(_filled(document, values, 0))
    text = body.decode("utf-8", "surrogateescape")
    return _within(text, values, str).encode("utf-8", "surrogateescape")


def _filled(value: JSON, values: Mapping[str, JSON], depth: int) -> JSON:
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {key: _filled(item, values, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, values, depth + 1) for item in value]
    if not isinstance(value, str):
        return value
    whole = PLACE.fullmatch(value)
    if whole and whole[1] in values:
        return values[whole[1]]
    return _within(value, values, str)


def _within(text: str, values: Mapping[str, JSON], written: Callable[[str], str]) -> str:
    return PLACE.sub(lambda at: written(text_of(values[at[1]])) if at[1] in values else at[0], text)


def _one_line(text: str) -> str:
    """A header's value ends with its line (RFC 9110, section 5.5)."""
    return re.sub(r"[\r\n\0]+", " ", text)
