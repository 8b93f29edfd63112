"""What a request said, so that what an answer only says back can be told from what the server made up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from actionstudio.core.call import Call

_SORTING = frozenset(
    ["sort", "order", "orderby", "order_by", "sort_by", "sortby", "ordering", "direction", "sort_order"]
)
_UNUSUAL = 4  # characters from which a value is no coincidence
_MOST = 5_000  # values of one request that are looked at


class Echoes:
    """The values of one request: those of its path, its query and its JSON body."""

    def __init__(self, call: Call | None) -> None:
        self._anywhere: set[str] = set()
        self._named: set[tuple[str, str]] = set()
        self.sorted = False
        if call is not None:
            self._read(call)

    def says(self, name: str, value: Any) -> bool:
        """Whether the request held this value: in its path, under this name, or anywhere if it is an unusual one."""
        if value is None or isinstance(value, bool | list | dict):
            return False
        text = _text(value)
        return text in self._anywhere or (_plain(name), text) in self._named

    def _read(self, call: Call) -> None:
        self._anywhere.update(unquote(part) for part in call.path.split("/") if part)
        pairs: list[tuple[str, Any]] = list(parse_qsl(call.query, keep_blank_values=True))
        self.sorted = any(_plain(name) in _SORTING or name.lower() in _SORTING for name, _value in pairs)
        try:
            pairs += _leaves("", orjson.loads(call.body)) if call.body else ()
        except (orjson.JSONDecodeError, RecursionError):
            pairs += parse_qsl(call.body.decode("utf-8", "replace")) if b"=" in call.body[:200] else []
        for name, value in pairs[:_MOST]:
            text = _text(value)
            self._named.add((_plain(name), text))
            if len(text) >= _UNUSUAL:
                self._anywhere.add(text)


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(key, item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(name, item)
    elif value is not None and not isinstance(value, bool):
        yield name, value


def _text(value: Any) -> str:
    return (
        value if isinstance(value, str) else orjson.dumps(value).decode() if not isinstance(value, int) else str(value)
    )


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
