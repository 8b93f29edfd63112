"""Parts of a contract -> objects of an OpenAPI 3.1 document. The opposite of readers/parts.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actionstudio.core.contract import Body, Example, Header, Media, Parameter, Response

type JSON = Any

_NO_VALUE = ("externalValue", "$ref", "dataValue", "serializedValue")


def given(**fields: JSON) -> dict[str, JSON]:
    """Those of the fields that say something. A trailing underscore is not part of a name."""
    return {name.rstrip("_"): value for name, value in fields.items() if value not in ("", None, False, (), [], {})}


def reference(ref: str, beside: Mapping[str, JSON]) -> dict[str, JSON]:
    """A reference object with what stands beside it."""
    return {"$ref": ref, **beside}


def parameter(value: Parameter) -> dict[str, JSON]:
    """One parameter."""
    if value.ref:
        return reference(value.ref, value.extra)
    out: dict[str, JSON] = {"name": value.name, "in": value.in_}
    if value.description:
        out["description"] = value.description
    if value.required or value.in_ == "path":
        out["required"] = True
    out |= given(deprecated=value.deprecated, style=value.style)
    if value.explode is not None:
        out["explode"] = value.explode
    if value.schema is not None:
        out["schema"] = value.schema
    if value.content:
        out["content"] = contents(value.content)
    return _with_examples(out, value.examples, value.extra)


def header(value: Header) -> dict[str, JSON]:
    """One response header."""
    if value.ref:
        return reference(value.ref, value.extra)
    out = given(description=value.description, required=value.required)
    if value.schema is not None:
        out["schema"] = value.schema
    return _with_examples(out, value.examples, value.extra)


def media(value: Media) -> dict[str, JSON]:
    """One media type object."""
    out = {} if value.schema is None else {"schema": value.schema}
    return _with_examples(out, value.examples, value.extra)


def contents(values: Iterable[Media]) -> dict[str, JSON]:
    """A ``content`` map."""
    return {value.media_type: media(value) for value in values}


def body(value: Body) -> dict[str, JSON]:
    """One request body."""
    if value.ref:
        return reference(value.ref, value.extra)
    out = given(description=value.description, required=value.required)
    return {**out, "content": contents(value.content), **value.extra}


def response(value: Response) -> dict[str, JSON]:
    """One response."""
    if value.ref:
        return reference(value.ref, value.extra)
    out: dict[str, JSON] = {"description": value.description}
    if value.headers:
        out["headers"] = {item.name: header(item) for item in value.headers}
    if value.content:
        out["content"] = contents(value.content)
    return {**out, **value.extra}


def _with_examples(out: dict[str, JSON], examples: Iterable[Example], extra: Mapping[str, JSON]) -> dict[str, JSON]:
    named = {}
    for example in examples:
        if example.key:
            named[example.key] = _example(example)
        else:
            out["example"] = example.value
    odd = extra.get("examples")
    named |= odd if isinstance(odd, dict) else {}
    if named:
        out["examples"] = named
    return {**out, **{key: value for key, value in extra.items() if key != "examples"}}


def _example(value: Example) -> dict[str, JSON]:
    out = given(summary=value.summary)
    if value.value is not None or not any(key in value.extra for key in _NO_VALUE):
        out["value"] = value.value
    return {**out, **value.extra}
