"""The callbacks that an operation declares, and the runtime expressions that say where they go.

Sources: OpenAPI 3.1.0, sections 4.8.18 (Callback Object) and 4.8.20.4 (Runtime Expressions); JSON Pointer is RFC 6901.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from actionstudio.core.contract import METHODS, Body, Operation
from actionstudio.core.resolve import Resolver
from actionstudio.core.specs.readers import parts
from actionstudio.core.specs.readers.notes import Notes
from actionstudio.core.templating.values import Missing, as_text, follow

type JSON = Any
type Root = Callable[[str], Any]

MOST = 20  # callbacks of one operation that are looked at
_EMBEDDED = re.compile(r"\{(\$[^{}]*)\}")
_WHOLE = re.compile(r"\$(?:url|method|statusCode|request\.|response\.)\S*")
_SOURCE = re.compile(r"\$(request|response)\.(?:(header|query|path)\.(.+)|body(?:#(.*))?)", re.DOTALL)
_WHY = "is not there"


class Declared(NamedTuple):
    """One call that an operation promises to make: the name of its callback, the expression for its URL, and what it
    sends. ``operation`` holds method, parameters and body as declared."""

    name: str
    expression: str
    operation: Operation
    body: Body | None


def declared(resolver: Resolver, operation: Operation) -> list[Declared]:
    """What an operation calls back, in the order it is written; references are followed, dead ends left out."""
    found: list[Declared] = []
    for name, raw in _members(operation.extra.get("callbacks")):
        for expression, item in _members(_target(resolver, raw)):
            if expression.startswith("x-"):
                continue
            for method, inner in _members(_target(resolver, item)):
                if method.upper() in METHODS and isinstance(inner, Mapping) and len(found) < MOST:
                    found.append(_declared(resolver, name, expression, method.upper(), inner))
    return found


def sends_json(resolver: Resolver, operation: Operation, name: str) -> bool:
    """Whether a callback's body is JSON, as it is when nothing else is declared."""
    kinds = [media.media_type for one in declared(resolver, operation) if one.name == name and one.body
             for media in one.body.content[:1]]  # fmt: skip
    return all(kind.partition(";")[0].strip().lower().endswith(("/json", "+json", "/*")) for kind in kinds)


def _declared(resolver: Resolver, name: str, expression: str, method: str, raw: Mapping[str, JSON]) -> Declared:
    body = parts.body(raw.get("requestBody"), Notes(), "") if raw.get("requestBody") is not None else None
    made = Operation(method, "", parameters=parts.parameters(raw.get("parameters"), Notes(), ""), body=body)
    return Declared(name, expression, made, resolver.body(made))


def _target(resolver: Resolver, raw: JSON) -> JSON:
    ref = parts.reference(raw)
    return resolver.find(ref) if ref else raw


def _members(raw: JSON) -> list[tuple[str, JSON]]:
    return [(str(key), value) for key, value in raw.items()] if isinstance(raw, Mapping) else []


def expanded(expression: str, root: Root) -> str | Missing:
    """The URL that an expression means for one call and its answer; ``root`` gives the values as templates have them
    (core/templating: url, method, query, path, header, body, response). Missing says what is not there.

    A value at the beginning may be a whole URL; further on it is percent-encoded, so that it stays one part of it.
    """
    if _WHOLE.fullmatch(expression):
        expression = f"{{{expression}}}"
    made, at = "", 0
    for place in _EMBEDDED.finditer(expression):
        value = value_of(place[1], root)
        if isinstance(value, Missing):
            return value
        made += expression[at : place.start()]
        made += value if not made else quote(value, safe="")
        at = place.end()
    return made + expression[at:]


def value_of(expression: str, root: Root) -> str | Missing:
    """The text that one runtime expression means."""
    if expression in ("$url", "$method"):
        return as_text(root(expression[1:]))
    if expression == "$statusCode":
        return _text(follow(root("response"), ("status",), expression, _WHY), expression)
    source = _SOURCE.fullmatch(expression)
    if source is None:
        return Missing(f"{expression} is no runtime expression")
    side, place, name, pointer = source.groups()
    if side == "response" and place in ("query", "path"):
        return Missing(f"{expression}: an answer has no {place}")
    if place:
        base = root(place) if side == "request" else follow(root("response"), (place,), expression, _WHY)
        return _text(
            follow(base, (name.lower() if place == "header" else name,), expression, "was not sent"), expression
        )
    base = root("body") if side == "request" else follow(root("response"), ("body",), expression, _WHY)
    return _text(follow(base, steps_of(pointer or ""), expression, "is not in the body"), expression)


def steps_of(pointer: str) -> tuple[str, ...]:
    """The steps of a JSON Pointer; the slash before the first may be missing."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.removeprefix("/").split("/") if pointer)


def _text(value: Any, expression: str) -> str | Missing:
    if isinstance(value, Missing):
        return value
    if value is None or isinstance(value, list | Mapping):
        return Missing(f"{expression} is no text")
    return as_text(value)
