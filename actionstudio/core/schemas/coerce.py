"""Texts on the wire become typed values: parameters in every style of OpenAPI 3.1 (section 4.8.12.2), read cheaply.

All that depends on the declaration is decided when a reader is compiled; reading only splits and converts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote

import orjson

from actionstudio.core.schemas.shape import Shape, compile_text, shape_of
from actionstudio.core.schemas.validate import SchemaError, compile_validator

type Pairs = Iterable[tuple[str, str]]
type Found = tuple[bool, Any]
type Many = Callable[[list[str]], Any]

DEFAULT_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
SEPARATORS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
ABSENT: Found = (False, None)
_DEEPEST = 16


class Reader:
    """Reads one parameter; see :func:`compile_parameter`. ``name``, ``in_``, ``style`` and ``explode`` are resolved."""

    __slots__ = ("explode", "in_", "name", "read", "style")

    def __init__(self, name: str, in_: str, style: str, explode: bool, read: Callable[[Any], Found]) -> None:
        self.name = name
        self.in_ = in_
        self.style = style
        self.explode = explode
        self.read = read


def resolved_style(in_: str, style: str | None, explode: bool | None) -> tuple[str, bool]:
    """Style and explode with OpenAPI's defaults filled in: explode is True for form only."""
    style = style or DEFAULT_STYLES.get(in_, "form")
    return style, style == "form" if explode is None else explode


def compile_parameter(
    name: str,
    in_: str,
    schema: Any,
    components: Mapping[str, Any],
    style: str | None = None,
    explode: bool | None = None,
) -> Reader:
    """The reader of one parameter: ``reader.read(raw) -> (present, value)``.

    ``raw`` is for a query the decoded list of (key, value) pairs, for path, header and cookie the text of that
    parameter (path: percent-decoded) or None. Values come out as the declared types; what cannot be converted stays
    text, for validation to report. Beside OpenAPI's styles, ``json`` reads one JSON text (a parameter with
    ``content``). Lists are read from repeated keys and from comma lists, and both from JSON text.
    """
    style, explode = resolved_style(in_, style, explode)
    shape = shape_of(schema, components)
    if style == "json":
        one: Callable[[str], Any] = _json
        read = _query_one(name, one) if in_ == "query" else _text(one)
    elif in_ == "query":
        read = _query(name, shape, schema, components, style, explode)
    else:
        read = _text(_piece(name, shape, schema, components, style, explode))
    return Reader(name, in_, style, explode, read)


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _text(convert: Callable[[str], Any]) -> Callable[[str | None], Found]:
    def read(raw: str | None) -> Found:
        return ABSENT if raw is None else (True, convert(raw))

    return read


def _query_one(name: str, convert: Callable[[str], Any]) -> Callable[[Pairs], Found]:
    def read(pairs: Pairs) -> Found:
        for key, text in pairs:
            if key == name:
                return True, convert(text)
        return ABSENT

    return read


def _query(
    name: str, shape: Shape, schema: Any, components: Mapping[str, Any], style: str, explode: bool
) -> Callable[[Pairs], Found]:
    if style == "deepObject":
        return _deep(name, shape, components)
    if "object" in shape.kinds and "array" not in shape.kinds:
        members = _members(shape, components)
        if explode and style == "form":
            return _exploded_object(name, shape, components, members)
        return _query_one(name, _object(members, SEPARATORS.get(style, ","), False))
    if "array" in shape.kinds:
        return _query_list(name, shape, components, SEPARATORS.get(style, ","), explode)
    return _query_one(name, compile_text(schema, components))


def _query_list(
    name: str, shape: Shape, components: Mapping[str, Any], separator: str, explode: bool
) -> Callable[[Pairs], Found]:
    item = compile_text(shape.items, components)
    nested = shape_of(shape.items, components).kinds == {"array"}
    split = None if explode else (lambda text: text.split(separator))
    if explode:
        split = _split_if_needed(shape, components, item)

    def read(pairs: Pairs) -> Found:
        texts = [text for key, text in pairs if key == name]
        if not texts:
            return ABSENT
        if texts == [""]:
            return True, []
        if len(texts) == 1 and texts[0][:1] == "[":
            value = _json(texts[0])
            if isinstance(value, list):  # the whole list, or its only item where items are lists themselves
                of_lists = bool(value) and all(isinstance(part, list) for part in value)
                return True, value if of_lists or not nested else [value]
        if split is not None and (not explode or len(texts) == 1):
            texts = [part for text in texts for part in split(text)]
        return True, [item(text) for text in texts]

    return read


def _split_if_needed(
    shape: Shape, components: Mapping[str, Any], item: Callable[[str], Any]
) -> Callable[[str], list[str]] | None:
    """A single ``?ids=1,2`` under explode is a comma list when the whole text is no valid item but its parts are."""
    try:
        valid = compile_validator(shape.items, components).ok
    except SchemaError:
        return None

    def split(text: str) -> list[str]:
        if "," not in text or valid(item(text)):
            return [text]
        parts = text.split(",")
        return parts if all(valid(item(part)) for part in parts) else [text]

    return split


def _members(shape: Shape, components: Mapping[str, Any]) -> Callable[[str, str], Any]:
    """A function that converts the text of one property by its name."""
    known = {key: compile_text(value, components) for key, value in shape.properties.items()}
    other = compile_text(shape.other, components)

    def convert(key: str, text: str) -> Any:
        return known.get(key, other)(text)

    return convert


def _exploded_object(
    name: str, shape: Shape, components: Mapping[str, Any], convert: Callable[[str, str], Any]
) -> Callable[[Pairs], Found]:
    """Each property is a key of its own; a free-form object takes every key, and JSON under its own name is read."""
    known = frozenset(shape.properties)
    lists = {key for key, value in shape.properties.items() if "array" in shape_of(value, components).kinds}

    def read(pairs: Pairs) -> Found:
        out: dict[str, Any] = {}
        for key, text in pairs:
            if key == name and key not in known and text[:1] == "{":
                value = _json(text)
                if isinstance(value, dict):
                    return True, value
            if key in known or not known:
                value = convert(key, text)
                if key in lists:
                    out.setdefault(key, []).append(value)
                else:
                    out.setdefault(key, value)
        return (True, out) if out else ABSENT

    return read


def _object(convert: Callable[[str, str], Any], separator: str, explode: bool) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text[:1] == "{":
            value = _json(text)
            if isinstance(value, dict):
                return value
        if not text:
            return {}
        parts = text.split(separator)
        if explode:
            cut = [part.partition("=") for part in parts]
            return {key: convert(key, value) for key, mark, value in cut} if all(c[1] for c in cut) else text
        if len(parts) % 2:
            return text
        return {key: convert(key, value) for key, value in zip(parts[::2], parts[1::2], strict=True)}

    return read


def _list(item: Callable[[str], Any], separator: str) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text[:1] == "[":
            value = _json(text)
            if isinstance(value, list):
                return value
        return [item(part.strip() if separator == "," else part) for part in text.split(separator)] if text else []

    return read


def _piece(
    name: str, shape: Shape, schema: Any, components: Mapping[str, Any], style: str, explode: bool
) -> Callable[[str], Any]:
    """A path segment, header or cookie."""
    if style == "label":
        return _label(shape, schema, components, explode)
    if style == "matrix":
        return _matrix(name, shape, schema, components, explode)
    return _inner(shape, schema, components, SEPARATORS.get(style, ","), explode)


def _inner(
    shape: Shape, schema: Any, components: Mapping[str, Any], separator: str, explode: bool
) -> Callable[[str], Any]:
    if "array" in shape.kinds:
        return _list(compile_text(shape.items, components), separator)
    if "object" in shape.kinds:
        return _object(_members(shape, components), separator, explode)
    return compile_text(schema, components)


def _label(shape: Shape, schema: Any, components: Mapping[str, Any], explode: bool) -> Callable[[str], Any]:
    """``.a,b`` (3.1.1) or ``.a.b`` (3.0, and exploded)."""
    dotted = _inner(shape, schema, components, ".", explode)
    commas = _inner(shape, schema, components, ",", explode)

    def read(text: str) -> Any:
        text = text.removeprefix(".")
        return commas(text) if not explode and "," in text else dotted(text)

    return read


def _matrix(name: str, shape: Shape, schema: Any, components: Mapping[str, Any], explode: bool) -> Callable[[str], Any]:
    """``;ids=1,2``, exploded ``;ids=1;ids=2``, an object exploded ``;a=1;b=2``."""
    inner = _inner(shape, schema, components, ",", False)
    item = compile_text(shape.items, components) if "array" in shape.kinds else None
    members = _object(_members(shape, components), ";", True)
    mark = f"{name}="

    def read(text: str) -> Any:
        text = text.removeprefix(";")
        if explode and item is not None:
            parts = [part.removeprefix(mark) for part in text.split(";")]
            return [item(part) for part in parts] if text != name else []
        if explode and "object" in shape.kinds:
            return members(text)
        return inner("" if text == name else text.removeprefix(mark))

    return read


def _deep(name: str, shape: Shape, components: Mapping[str, Any]) -> Callable[[Pairs], Found]:
    """``name[a]=1&name[b][c]=2``; a repeated key, or one that ends in ``[]``, is a list."""
    start = f"{name}["
    convert = _deep_converter(shape, components)

    def read(pairs: Pairs) -> Found:
        tree: dict[str, Any] = {}
        for key, text in pairs:
            if key.startswith(start) and key.endswith("]"):
                _plant(tree, key[len(start) : -1].split("][")[:_DEEPEST], text)
            elif key == name and text[:1] == "{" and isinstance(value := _json(text), dict):
                return True, value
        return (True, convert(tree)) if tree else ABSENT

    return read


def _plant(tree: dict[str, Any], way: list[str], text: str) -> None:
    many = way[-1] == "" and len(way) > 1
    if many:
        way = way[:-1]
    for step in way[:-1]:
        branch = tree.setdefault(step, {})
        if not isinstance(branch, dict):
            return
        tree = branch
    last = way[-1]
    if last not in tree:
        tree[last] = [text] if many else text
    elif isinstance(tree[last], list):
        tree[last].append(text)
    elif isinstance(tree[last], str):
        tree[last] = [tree[last], text]


def _deep_converter(shape: Shape, components: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Converts a tree of texts by the schemas of its properties. Compiled when first met: schemas may be recursive."""
    compiled: dict[str | None, Callable[[Any], Any]] = {}

    def convert(tree: dict[str, Any]) -> Any:
        out = {}
        for key, value in tree.items():
            known = key if key in shape.properties else None
            if known not in compiled:
                compiled[known] = _deep_value(shape.properties.get(key, shape.other), components)
            out[key] = compiled[known](value)
        return out

    return convert


def _deep_value(schema: Any, components: Mapping[str, Any]) -> Callable[[Any], Any]:
    shape = shape_of(schema, components)
    scalar = compile_text(schema, components)
    item = compile_text(shape.items, components)
    inner = _deep_converter(shape, components)
    is_list = "array" in shape.kinds

    def convert(value: Any) -> Any:
        if isinstance(value, dict):
            if is_list and all(key.isdigit() for key in value):
                return [item(part) if isinstance(part, str) else part for part in value.values()]
            return inner(value)
        if isinstance(value, list):
            return [item(part) for part in value]
        return [item(value)] if is_list else scalar(value)

    return convert


def decoded(text: str) -> str:
    """A percent-encoded path segment as text (RFC 3986, section 2.1)."""
    return unquote(text) if "%" in text else text
