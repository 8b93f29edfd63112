"""Schemas as documents write them -> JSON Schema 2020-12 (OpenAPI 3.1, section 4.8.24).

OpenAPI 3.0 (section 4.7.24) has a dialect of its own: ``nullable``, boolean ``exclusiveMinimum`` and
``exclusiveMaximum``, ``$ref`` that ignores its neighbours. Where its text and the habit of its writers differ, the
habit wins: ``nullable`` beside ``enum`` or ``allOf`` allows null.
"""

from __future__ import annotations

from typing import Any

from actionstudio.core.schemas.refs import children, pointer
from actionstudio.core.specs import grammar
from actionstudio.core.specs.readers.notes import Notes, kind_of
from actionstudio.core.words import said

type JSON = Any

_BESIDE_REF = ("title", "description", "summary", "default", "example", "deprecated", "readOnly", "writeOnly")
_ENCODINGS = {"byte": ("contentEncoding", "base64"), "binary": ("contentMediaType", "application/octet-stream")}
_NULL = {"type": "null"}


def tidy(document: JSON, notes: Notes, *, old: bool) -> JSON:
    """The document with every schema in it as JSON Schema 2020-12; ``old``: it is written in OpenAPI 3.0."""

    def schema(node: JSON, at: str) -> JSON:
        return _tidy(node, notes, at, old=old)

    return grammar.rebuild("document", document, {"schema": schema})


def _tidy(schema: JSON, notes: Notes, at: str, *, old: bool) -> JSON:
    if isinstance(schema, bool):
        return schema
    if not isinstance(schema, dict):
        message = said(
            "A schema must be an object, not %(kind)s; one that allows everything stands in its place.",
            kind=kind_of(schema),
        )
        notes.add(at, message, "not-a-schema")
        return {}
    out = schema
    for way, child in children(schema):
        fresh = _tidy(child, notes, at + pointer(way), old=old)
        if fresh is child:
            continue
        if out is schema:
            out = dict(schema)
        if len(way) == 1:
            out[way[0]] = fresh
            continue
        if out[way[0]] is schema[way[0]]:
            out[way[0]] = schema[way[0]].copy()
        out[way[0]][way[1]] = fresh
    out = _required(out, notes, at)
    return modern(out) if old else out


def _required(schema: dict[str, JSON], notes: Notes, at: str) -> dict[str, JSON]:
    """``required: true`` on a property (OpenAI's own samples of 2023 do it) means the list of the object around it."""
    properties = schema.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    marked = {
        name: item["required"]
        for name, item in properties.items()
        if isinstance(item, dict) and isinstance(item.get("required"), bool)
    }
    if not marked:
        return schema
    plain = {
        name: {key: value for key, value in item.items() if key != "required"} if name in marked else item
        for name, item in properties.items()
    }
    listed = schema.get("required")
    names = listed if isinstance(listed, list) else []
    names = [*names, *(name for name, needed in marked.items() if needed and name not in names)]
    for name in marked:
        message = said(
            "“required” of the property “%(name)s” belongs into the list of the object around it; it was moved there.",
            name=name,
        )
        notes.add(f"{at}/properties/{name}/required", message, "required-moved")
    out = {**schema, "properties": plain}
    return {**out, "required": names} if names else out


def modern(schema: dict[str, JSON]) -> dict[str, JSON]:
    """One OpenAPI 3.0 schema object (its inner ones are done already) as JSON Schema 2020-12."""
    if not _is_old(schema):
        return schema
    out = dict(schema)
    nullable = out.pop("nullable", False) is True
    if isinstance(out.get("$ref"), str):
        out = {key: value for key, value in out.items() if key == "$ref" or key in _BESIDE_REF or key.startswith("x-")}
    for edge, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(out.get(edge), bool) and out.pop(edge) and bound in out:
            out[edge] = out.pop(bound)
    if isinstance(out.get("format"), str) and out["format"] in _ENCODINGS:
        keyword, value = _ENCODINGS[out["format"]]
        out.setdefault(keyword, value)
    return _or_null(out) if nullable else out


def _is_old(schema: dict[str, JSON]) -> bool:
    """Whether anything in it reads differently in 2020-12."""
    return (
        "nullable" in schema
        or ("$ref" in schema and len(schema) > 1)
        or isinstance(schema.get("exclusiveMinimum"), bool)
        or isinstance(schema.get("exclusiveMaximum"), bool)
        or schema.get("format") in ("byte", "binary")
    )


def _or_null(schema: dict[str, JSON]) -> dict[str, JSON]:
    """The schema, null allowed too."""
    out = dict(schema)
    kind = out.get("type")
    if isinstance(kind, str):
        out["type"] = kind if kind == "null" else [kind, "null"]
    elif isinstance(kind, list) and "null" not in kind:
        out["type"] = [*kind, "null"]
    if isinstance(out.get("enum"), list) and None not in out["enum"]:
        out["enum"] = [*out["enum"], None]
    for choice in ("anyOf", "oneOf"):
        if isinstance(out.get(choice), list):
            if not any(_allows_null(item) for item in out[choice]):
                out[choice] = [*out[choice], dict(_NULL)]
            return out
    if "$ref" in out or "allOf" in out:
        aside = {key: out.pop(key) for key in list(out) if key in _BESIDE_REF or key.startswith("x-")}
        return {**aside, "anyOf": [out, dict(_NULL)]}
    return out


def _allows_null(schema: JSON) -> bool:
    if not isinstance(schema, dict):
        return schema is True
    kind = schema.get("type")
    return kind == "null" or (isinstance(kind, list) and "null" in kind) or None in (schema.get("enum") or ())
