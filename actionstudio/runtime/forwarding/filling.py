"""Fills ``{{ … }}`` in the texts of a transformation: one value of the call, or several with ``or`` between them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import orjson

if TYPE_CHECKING:
    from actionstudio.runtime.forwarding.answer import Answer
    from actionstudio.runtime.visit import Visit

_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_LITERAL = re.compile(r"""(?:"([^"]*)"|'([^']*)'|(-?\d+(?:\.\d+)?))\Z""")


def scope_of(visit: Visit, answer: Answer | None = None) -> dict[str, Any]:
    """What the texts may speak of: the call, and where it is known what the upstream answered."""
    query: dict[str, Any] = {}
    for name, value in parse_qsl(visit.call.query, keep_blank_values=True):
        had = query.get(name)
        query[name] = value if had is None else [*had, value] if isinstance(had, list) else [had, value]
    made = {
        "method": visit.call.method,
        "path": dict(visit.values or {}),
        "query": query,
        "header": visit.headers,
        "body": _parsed(visit.call.body),
    }
    if answer is not None:
        headers = dict(reversed(answer.headers))
        made["response"] = {"status": answer.status, "headers": headers, "body": _parsed(answer.read or b"")}
    return made


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace")


class Text:
    """One text, read once."""

    __slots__ = ("_parts",)

    def __init__(self, text: str) -> None:
        parts = _HOLE.split(text)
        self._parts = [part if index % 2 == 0 else _choices(part) for index, part in enumerate(parts)]

    def text(self, scope: Mapping[str, Any]) -> str:
        return "".join(part if isinstance(part, str) else _written(_first(part, scope)) for part in self._parts)

    def value(self, scope: Mapping[str, Any]) -> Any:
        """The value itself when the whole text is one hole: a list stays a list."""
        if len(self._parts) == 3 and not self._parts[0] and not self._parts[2]:
            return _first(self._parts[1], scope)
        return self.text(scope)


def _choices(expression: str) -> list[str]:
    return [part.strip() for part in re.split(r"\bor\b", expression)]


def _first(choices: Any, scope: Mapping[str, Any]) -> Any:
    for choice in choices:
        literal = _LITERAL.match(choice)
        if literal:
            return next(group for group in literal.groups() if group is not None)
        found: Any = scope
        for step in choice.split("."):
            if isinstance(found, Mapping):
                found = found.get(step)
            elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
                found = found[int(step)]
            else:
                found = None
        if found not in (None, "", []):
            return found
    return ""


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
