"""Typed values become texts on the wire: the inverse of coerce, for those who make calls.

Source: OpenAPI 3.1 section 4.8.12.2 (style values) and RFC 6570, which defines the expansions.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson

from actionstudio.core.schemas.coerce import SEPARATORS, resolved_style

type Pair = tuple[str, str]


def text_of(value: Any) -> str:
    """A scalar as it stands on the wire (``true``, ``null``, ``1.5``); a list or an object as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return orjson.dumps(value).decode()


def write_parameter(name: str, in_: str, style: str | None, explode: bool | None, value: Any) -> list[Pair] | str:
    """The pieces of one parameter: for a query a list of pairs not yet encoded, else the text of path, header, cookie.

    A path's text is percent-encoded, its delimiters are not. ``style`` and ``explode`` may be None; ``json`` writes one
    JSON text.
    """
    style, explode = resolved_style(in_, style, explode)
    if in_ == "query":
        return _query(name, style, explode, value)
    if style == "json":
        text = orjson.dumps(value).decode()
        return quote(text, safe="") if in_ == "path" else text
    encode = _quoted if in_ == "path" else text_of
    return _piece(name, style, explode, value, encode)


def _quoted(value: Any) -> str:
    return quote(text_of(value), safe="")


def _query(name: str, style: str, explode: bool, value: Any) -> list[Pair]:
    if style == "json":
        return [(name, orjson.dumps(value).decode())]
    if style == "deepObject" and isinstance(value, dict):
        return _deep(name, value)
    if isinstance(value, dict):
        if explode:
            return [pair for key, item in value.items() for pair in _repeated(key, item)]
        parts = [part for key, item in value.items() for part in (key, text_of(item))]
        return [(name, SEPARATORS.get(style, ",").join(parts))]
    if isinstance(value, list):
        if explode:
            return _repeated(name, value)
        return [(name, SEPARATORS.get(style, ",").join(text_of(item) for item in value))]
    return [(name, text_of(value))]


def _repeated(name: str, value: Any) -> list[Pair]:
    return [(name, text_of(item)) for item in value] if isinstance(value, list) else [(name, text_of(value))]


def _deep(name: str, value: dict[str, Any]) -> list[Pair]:
    pairs: list[Pair] = []
    for key, item in value.items():
        inner = f"{name}[{key}]"
        pairs += _deep(inner, item) if isinstance(item, dict) else _repeated(inner, item)
    return pairs


def _piece(name: str, style: str, explode: bool, value: Any, encode: Any) -> str:
    between = {"label": ".", "matrix": ";"}.get(style, ",") if explode else ","
    start = {"label": ".", "matrix": ";"}.get(style, "")
    mark = f"{name}=" if style == "matrix" else ""
    if isinstance(value, list):
        if not value:
            return start + name if style == "matrix" else start
        if explode and mark:
            return start + between.join(mark + encode(item) for item in value)
        return start + mark + between.join(encode(item) for item in value)
    if isinstance(value, dict):
        if explode:
            return start + between.join(f"{encode(key)}={encode(item)}" for key, item in value.items())
        return start + mark + between.join(f"{encode(key)},{encode(item)}" for key, item in value.items())
    return start + mark + encode(value)
