"""Keeps a run's replays small: bodies as bytes, an answer that came back unchanged once, everything compressed.

A run may hold 10,000 calls, and each a request and two answers of up to 256 kB. Written as JSON with base64 they would
take a third more than they are; packed, JSON answers take about a tenth.
"""

from __future__ import annotations

import base64
import zlib
from typing import Any

import orjson

NAMES = ("call", "before", "after", "again")
LEVEL = 6
_SIZE = 4  # bytes that say how long the description is; the bodies follow it


def pack(row: Any) -> dict[str, Any]:
    """Moves the bodies of a replay into ``packed``; returns what was there, for :func:`restore`."""
    whole = {name: getattr(row, name) for name in NAMES}
    bodies: list[bytes] = []
    told = {name: _without_body(whole[name], bodies) for name in NAMES}
    head = orjson.dumps({"parts": told, "sizes": [len(body) for body in bodies]})
    row.packed = zlib.compress(len(head).to_bytes(_SIZE, "big") + head + b"".join(bodies), LEVEL)
    row.call = {**whole["call"], "body": ""}
    row.before, row.after, row.again = {}, {}, None
    return whole


def restore(row: Any, whole: dict[str, Any]) -> None:
    """The replay as it was before it was packed."""
    for name, value in whole.items():
        setattr(row, name, value)


def unpack(row: Any) -> None:
    """Fills in what a packed row keeps. Columns that were left in the database are filled in, too: they are here."""
    data = zlib.decompress(bytes(row.packed))
    end = _SIZE + int.from_bytes(data[:_SIZE], "big")
    head = orjson.loads(data[_SIZE:end])
    bodies = []
    for size in head["sizes"]:
        bodies.append(base64.b64encode(data[end : end + size]).decode())
        end += size
    for name in NAMES:
        setattr(row, name, _with_body(head["parts"][name], bodies))


def _without_body(value: Any, bodies: list[bytes]) -> Any:
    """The reply (or call) with the number of its body, which is kept once however often it came."""
    if not value or "body" not in value:
        return value
    body = base64.b64decode(value["body"])
    if body not in bodies:
        bodies.append(body)
    return {**value, "body": bodies.index(body)}


def _with_body(value: Any, bodies: list[str]) -> Any:
    return {**value, "body": bodies[value["body"]]} if value and "body" in value else value
