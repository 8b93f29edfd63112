"""How near a call comes to an operation: field by field what fits and what does not.

A cheap look at the surface, for calls that were not answered as they were meant: names, presence and JSON types, one
level deep. What a schema asks beyond that is the reader's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson

from actionstudio.core.call import Call
from actionstudio.core.contract import Body, Parameter
from actionstudio.core.schemas.shape import compile_text, kind_of, shape_of

MOST = 12  # lines of each kind
_LONGEST_QUERY = 16_384
LARGEST = 65_536  # bytes of a body that is looked into
_IGNORED = frozenset(("accept", "content-type", "authorization"))
_WORDS = {
    "string": "text", "integer": "whole number", "number": "number", "boolean": "yes or no", "object": "group",
    "array": "list", "null": "nothing",
}  # fmt: skip


class Nearness:
    """``matched`` names what fits ("query.limit"); ``differences`` are sentences about what does not."""

    __slots__ = ("differences", "matched")

    def __init__(self) -> None:
        self.matched: list[str] = []
        self.differences: list[str] = []

    def fits(self, where: str) -> None:
        if len(self.matched) < MOST:
            self.matched.append(where)

    def differs(self, where: str, how: str) -> None:
        if len(self.differences) < MOST:
            self.differences.append(f"{where}: {how}")


def compare(
    call: Call, parameters: Iterable[Parameter], body: Body | None, components: Mapping[str, Any], found: Nearness
) -> None:
    """Adds to ``found`` how the query, the headers and the body of a call fit what an operation declares."""
    sent = (
        dict(parse_qsl(call.query, keep_blank_values=True, max_num_fields=1000)) if call.query.count("&") < 999 else {}
    )
    headers = {name.lower(): value for name, value in call.headers}
    for parameter in parameters:
        if parameter.in_ == "query":
            _given(f"query.{parameter.name}", parameter, sent.get(parameter.name), components, found)
        elif parameter.in_ == "header" and parameter.name.lower() not in _IGNORED:
            _given(f"header.{parameter.name}", parameter, headers.get(parameter.name.lower()), components, found)
    if body is not None:
        _body(call, headers.get("content-type", ""), body, components, found)


def _given(where: str, parameter: Parameter, text: str | None, components: Mapping[str, Any], found: Nearness) -> None:
    if text is None:
        if parameter.required:
            found.differs(where, "missing")
        return
    kinds = shape_of(parameter.schema, components).kinds
    plain = not parameter.content and kinds and not kinds & {"array", "object", "string"}
    if plain and isinstance(compile_text(parameter.schema, components)(text), str):
        found.differs(where, f"`{cut(text)}`, wanted {wanted(kinds)}")
    else:
        found.fits(where)


def _body(call: Call, content_type: str, body: Body, components: Mapping[str, Any], found: Nearness) -> None:
    if not call.body:
        if body.required:
            found.differs("body", "missing")
        return
    kind = content_type.partition(";")[0].strip().lower()
    declared = [media.media_type.partition(";")[0].strip().lower() for media in body.content]
    media = next((one for one, name in zip(body.content, declared, strict=True) if _covers(name, kind)), None)
    if media is None:
        found.differs("body", f"{kind or 'no content type'}, wanted {' or '.join(declared) or 'nothing'}")
        return
    if "json" not in kind or len(call.body) > LARGEST:
        found.fits("body")
        return
    try:
        value = orjson.loads(call.body)
    except orjson.JSONDecodeError:
        found.differs("body", "not valid JSON")
        return
    _value("body", value, media.schema, components, found)


def _covers(declared: str, sent: str) -> bool:
    return not sent or declared in (sent, "*/*") or (declared.endswith("/*") and sent.startswith(declared[:-1]))


def _value(where: str, value: Any, schema: Any, components: Mapping[str, Any], found: Nearness) -> None:
    """The value and its members, each by its JSON type."""
    shape = shape_of(schema, components)
    if not _is(value, shape.kinds):
        found.differs(where, f"{_WORDS[kind_of(value)]}, wanted {wanted(shape.kinds)}")
        return
    if not isinstance(value, dict) or not shape.properties:
        found.fits(where)
        return
    needed = schema.get("required", ()) if isinstance(schema, dict) else ()
    for name, inner in list(shape.properties.items())[:50]:
        if name in value:
            kinds = shape_of(inner, components).kinds
            if _is(value[name], kinds):
                found.fits(f"{where}.{name}")
            else:
                found.differs(f"{where}.{name}", f"{_WORDS[kind_of(value[name])]}, wanted {wanted(kinds)}")
        elif name in needed and not (isinstance(inner, dict) and inner.get("readOnly")):
            found.differs(f"{where}.{name}", "missing")
    for name in list(value)[:50]:
        if name not in shape.properties and shape.other in (True, False):
            found.differs(f"{where}.{cut(name)}", "not declared")


def _is(value: Any, kinds: frozenset[str]) -> bool:
    kind = kind_of(value)
    return not kinds or kind in kinds or (kind == "integer" and "number" in kinds)


def wanted(kinds: Iterable[str]) -> str:
    """JSON types in words: "text or number"."""
    return " or ".join(_WORDS[kind] for kind in sorted(kinds, key=list(_WORDS).index) if kind in _WORDS)


def cut(text: str) -> str:
    """A text of the caller's, no longer than one can read."""
    return text if len(text) <= 60 else text[:59] + "…"
