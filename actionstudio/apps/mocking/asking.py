"""What one can be asked of a call: a field for each parameter of an operation and for each part of its body.

A field is a text in a form. ``read`` makes a value of it, ``text`` a text of a value; what cannot be a value of the
declared type goes out as the text it is, so that one can see what the mock says to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from django.utils.translation import gettext as _

from actionstudio.core.contract import Parameter
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.shape import compile_text, shape_of
from actionstudio.core.schemas.wire import text_of

MISSING: Any = object()
DEEPEST = 3  # groups inside groups; below them one writes JSON
MOST = 80  # fields of a body; larger ones are written as JSON
_SCALARS = frozenset(("string", "integer", "number", "boolean"))
_KINDS = {"string": "text", "integer": "whole", "number": "number", "boolean": "yesno"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``kind``: text, whole, number, yesno, choice, lines (a list), json, or group (a heading).

    ``way`` are the keys that lead to it in the body, ``choices`` the values of a choice.
    """

    name: str
    label: str
    place: str
    kind: str
    required: bool = False
    hint: str = ""
    depth: int = 0
    way: tuple[str, ...] = ()
    choices: tuple[Any, ...] = ()
    schema: Any = None
    parameter: Parameter | None = None


def of_parameters(parameters: Iterable[Parameter], components: Mapping[str, Any]) -> list[Field]:
    """A field for each parameter, path first."""
    order = ("path", "query", "header", "cookie")
    found = []
    for parameter in sorted(parameters, key=lambda one: order.index(one.in_) if one.in_ in order else 9):
        schema = parameter.content[0].schema if parameter.content else parameter.schema
        kind, choices = ("json", ()) if parameter.content else kind_of(schema, components, "text")
        found.append(
            Field(
                f"{parameter.in_}.{parameter.name}",
                parameter.name,
                parameter.in_,
                kind,
                parameter.required or parameter.in_ == "path",
                parameter.description,
                choices=choices,
                schema=schema,
                parameter=parameter,
            )
        )
    return found


def of_body(schema: Any, components: Mapping[str, Any]) -> list[Field]:
    """The fields of a body that is an object; none when it is something else, or too large for a form."""
    shape = shape_of(schema, components)
    if shape.kinds != {"object"} or not shape.properties:
        return []
    found = list(islice(_members(schema, components, (), 0), MOST + 1))
    return found if len(found) <= MOST else []


def _members(schema: Any, components: Mapping[str, Any], way: tuple[str, ...], depth: int) -> Iterable[Field]:
    needed = _required(schema, components)
    for name, inner in shape_of(schema, components).properties.items():
        here = (*way, name)
        shape = shape_of(inner, components)
        said = refs.resolve(inner, components)
        hint = str(said.get("description") or "") if isinstance(said, dict) else ""
        group = shape.kinds == {"object"} and bool(shape.properties) and depth < DEEPEST
        kind, choices = ("group", ()) if group else kind_of(inner, components, "json")
        yield Field("body" + refs.pointer(here), name, "body", kind, name in needed, hint, depth, here, choices, inner)
        if group:
            yield from _members(inner, components, here, depth + 1)


def _required(schema: Any, components: Mapping[str, Any], depth: int = 0) -> set[str]:
    schema = refs.resolve(schema, components)
    if not isinstance(schema, dict) or depth > DEEPEST:
        return set()
    found = {name for name in schema.get("required", ()) if isinstance(name, str)}
    return found.union(*(_required(part, components, depth + 1) for part in schema.get("allOf", ())))


def kind_of(schema: Any, components: Mapping[str, Any], usual: str) -> tuple[str, tuple[Any, ...]]:
    """How a value of this schema is typed in, and its choices. ``usual``: when the schema says nothing."""
    plain = refs.resolve(schema, components)
    if isinstance(plain, dict):
        options = [plain["const"]] if "const" in plain else plain.get("enum")
        if isinstance(options, list) and options and not any(isinstance(one, dict | list) for one in options):
            return "choice", tuple(options)
    shape = shape_of(schema, components)
    kinds = shape.kinds - {"null"}
    if not kinds:
        return usual, ()
    if kinds == {"array"}:
        inner = shape_of(shape.items, components).kinds - {"null"}
        return ("lines" if inner and inner <= _SCALARS else "json"), ()
    if len(kinds) == 1:
        return _KINDS.get(next(iter(kinds)), "json"), ()
    if kinds == {"integer", "number"}:
        return "number", ()
    return ("text" if kinds <= _SCALARS else "json"), ()


def read(field: Field, text: str, components: Mapping[str, Any]) -> Any:
    """The value that ``text`` says; MISSING for an empty text. Raises Refused for JSON that is none."""
    if not text.strip() or field.kind == "group":
        return MISSING
    if field.kind == "json":
        return parsed(text, field.name)
    if field.kind == "choice":
        return next((one for one in field.choices if text_of(one) == text), text)
    if field.kind == "lines":
        one = compile_text(shape_of(field.schema, components).items, components)
        return [one(line) for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    return text if field.parameter is not None else compile_text(field.schema, components)(text)


def parsed(text: str, name: str) -> Any:
    """The JSON value of a text. Raises Refused with the line and column of what is wrong."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno, "what": error.msg}
        words = _("Not JSON, line %(line)s, column %(column)s: %(what)s.") % place
        raise Refused(Problem(name, words, "json")) from None


def text(field: Field, value: Any) -> str:
    """The text of a value, as the field shows it; "" for MISSING."""
    if value is MISSING or field.kind == "group":
        return ""
    if field.kind == "json":
        return written(value)
    if isinstance(value, list) and field.kind == "lines":
        return "\n".join(text_of(item) for item in value)
    return text_of(value)


def written(value: Any) -> str:
    """A value as JSON text for people."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def gathered(fields: Iterable[Field], texts: Mapping[str, str], components: Mapping[str, Any]) -> Any:
    """The body that the fields say. Raises Refused with every field that cannot be read."""
    body: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in fields:
        try:
            value = read(field, texts.get(field.name, ""), components)
        except Refused as refused:
            problems += refused.problems
            continue
        if value is not MISSING:
            inner = body
            for key in field.way[:-1]:
                inner = inner.setdefault(key, {})
            inner[field.way[-1]] = value
    if problems:
        raise Refused(*problems)
    return body


def spread(fields: Iterable[Field], value: Any) -> dict[str, str]:
    """The texts of the fields that say ``value``."""
    return {field.name: text(field, _at(value, field.way)) for field in fields if field.kind != "group"}


def whole(fields: Iterable[Field], value: Any, components: Mapping[str, Any]) -> bool:
    """Whether the fields can say all of ``value``."""
    fields = list(fields)
    return isinstance(value, dict) and gathered(fields, spread(fields, value), components) == value


def _at(value: Any, way: tuple[str, ...]) -> Any:
    for key in way:
        if not isinstance(value, dict) or key not in value:
            return MISSING
        value = value[key]
    return value
