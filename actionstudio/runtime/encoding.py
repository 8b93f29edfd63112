"""Values become bodies: JSON, text, forms and simple XML, by the media type of the answer."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

import orjson

from actionstudio.core.schemas import refs
from actionstudio.runtime.negotiation import is_json, media_key


def content_type(declared: str, value: Any) -> str:
    """The Content-Type to send: a declared range made concrete, texts marked as UTF-8."""
    key = media_key(declared)
    if "*" in key:
        return "text/plain; charset=utf-8" if isinstance(value, str) else "application/json"
    if key.startswith("text/") and "charset" not in declared.lower():
        return f"{declared}; charset=utf-8"
    return declared


def body(declared: str, value: Any, schema: Any, components: Mapping[str, Any]) -> bytes:
    """The bytes of ``value`` in that media type."""
    key = media_key(declared)
    if is_json(declared) or ("*" in key and not isinstance(value, str)):
        return orjson.dumps(value, default=str)
    if key == "application/x-www-form-urlencoded" and isinstance(value, dict):
        return urlencode({name: _text(item) for name, item in value.items()}).encode()
    if (key.endswith(("/xml", "+xml"))) and not isinstance(value, str):
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + xml(value, schema, components).encode()
    if isinstance(value, str):
        return _decoded(value, key, schema)
    return b"" if value is None else orjson.dumps(value, default=str)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


def _decoded(value: str, key: str, schema: Any) -> bytes:
    """Binary content is kept as base64 in examples of schemas that say so (JSON Schema validation, section 8.3)."""
    encoded = isinstance(schema, dict) and (schema.get("contentEncoding") == "base64" or schema.get("format") == "byte")
    if encoded and not key.startswith("text/"):
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            pass
    return value.encode("utf-8", "surrogatepass")


def xml(value: Any, schema: Any, components: Mapping[str, Any], name: str = "") -> str:
    """A value as XML by the schema's ``xml`` hints (OpenAPI 3.1.0, section 4.8.26)."""
    ref = schema.get("$ref") if isinstance(schema, dict) else None
    schema = refs.resolve(schema, components)
    schema = schema if isinstance(schema, dict) else {}
    said = schema.get("xml") if isinstance(schema.get("xml"), dict) else {}
    tag = said.get("name") or name or (refs.name_of(ref) if ref else "") or "root"
    tag = f"{said['prefix']}:{tag}" if said.get("prefix") else tag
    if isinstance(value, list):
        return _xml_list(value, schema, components, said, tag)
    if isinstance(value, dict):
        return _xml_object(value, schema, components, said, tag)
    text = "" if value is None else escape(_text(value))
    return f"<{tag}>{text}</{tag}>"


def _xml_list(value: list, schema: Mapping[str, Any], components: Any, said: Mapping[str, Any], tag: str) -> str:
    items = schema.get("items", {})
    hint = refs.resolve(items, components)
    own = hint.get("xml", {}).get("name") if isinstance(hint, dict) and isinstance(hint.get("xml"), dict) else None
    inner = "".join(xml(item, items, components, own or tag) for item in value)
    return f"<{tag}>{inner}</{tag}>" if said.get("wrapped") or tag == "root" else inner


def _xml_object(value: dict, schema: Mapping[str, Any], components: Any, said: Mapping[str, Any], tag: str) -> str:
    attributes, inner = "", ""
    if said.get("namespace"):
        prefix = f":{said['prefix']}" if said.get("prefix") else ""
        attributes += f" xmlns{prefix}={quoteattr(str(said['namespace']))}"
    properties: Any = schema.get("properties") if isinstance(schema.get("properties"), dict) else {}
    for key, item in value.items():
        hint = refs.resolve(properties.get(key, {}), components)
        mark: Any = hint.get("xml") if isinstance(hint, dict) and isinstance(hint.get("xml"), dict) else {}
        if mark.get("attribute"):
            attributes += f" {mark.get('name', key)}={quoteattr(_text(item))}"
        else:
            inner += xml(item, properties.get(key, {}), components, key)
    return f"<{tag}{attributes}>{inner}</{tag}>"
