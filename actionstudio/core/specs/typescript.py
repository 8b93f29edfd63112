"""What the model sees of a project: a TypeScript namespace, reconstructed from prompts that GPTs echoed in 2024.

No newer one is public, so pages call it a reconstruction. Nothing else of the document reaches the model: no paths, no
methods, no title, no responses but the shape of the 200.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from actionstudio.core.contract import Contract, Media, Operation
from actionstudio.core.resolve import Resolver
from actionstudio.core.specs import gpt

type JSON = Any

DEEPEST, MOST = 12, 2_000  # a schema that unfolds further ends in ``any``
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_SIMPLE = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_HEADER = (
    "This typescript tool allows you to call external API endpoints on {host} over the internet. When calling a tool "
    "include the namespace and function name such as namespace.function and ensure valid syntax."
)


def namespace_name(host: str) -> str:
    """The model's name for all operations of a host."""
    return re.sub(r"[^A-Za-z0-9]", "_", host) + "__jit_plugin"


def namespace(contract: Contract, host: str) -> str:
    """Everything the model is told about the operations under ``host``."""
    name, resolver, names = namespace_name(host), Resolver(contract), gpt.names(contract)
    types = [_operation(resolver, op, names[op.method, op.path]) for op in gpt.offered(contract)]
    head = f"## {name}\n\n{_HEADER.format(host=host)}\nnamespace {name} {{\n\n"
    return head + "".join(f"{text}\n\n" for text in types) + f"}} // namespace {name}"


def operation(contract: Contract, op: Operation) -> str:
    """What the model is told about one operation (``op`` may be a draft that is not in the contract yet)."""
    return _operation(Resolver(contract), op, op.operation_id or gpt.names(contract).get((op.method, op.path)))


def tokens(text: str) -> int:
    """About how many tokens a text costs: the one prompt that was counted had 4.7 characters a token."""
    return math.ceil(len(text) / 4.5)


def _operation(resolver: Resolver, op: Operation, name: str | None) -> str:
    types = _Types(resolver)
    told = _comment(op.description or op.summary)
    arguments = [
        f"{_comment(description)}{_named(key, required)}: {types.of(schema)},{_default(resolver, schema)}\n"
        for key, schema, required, description in arguments_of(resolver, op)
    ]
    inside = f"_: {{\n{''.join(arguments)}}}" if arguments else ""
    return f"{told}type {name or gpt.made_name(op)} = ({inside}) => {_result(resolver, op)};"


def arguments_of(resolver: Resolver, op: Operation) -> list[tuple[str, JSON, bool, str]]:
    """The flat list the model fills in: path and query parameters, then the top level of the JSON body.

    Each is (name, schema, required, description).
    """
    found = []
    for parameter in resolver.parameters(op):
        if parameter.in_ in ("path", "query"):
            schema = parameter.content[0].schema if parameter.content else parameter.schema
            required = parameter.required or parameter.in_ == "path"
            found.append((parameter.name, {} if schema is None else schema, required, parameter.description))
    body = resolver.body(op)
    media = json_media(body.content) if body else None
    properties, needed = _Types(resolver).properties(media.schema if media else None)
    for name, schema in properties.items():
        described = resolver.schema(schema)
        text = described.get("description") if isinstance(described, dict) else None
        found.append((name, schema, name in needed, text if isinstance(text, str) else ""))
    return found


def json_media(content: Iterable[Media]) -> Media | None:
    """The media type that a GPT uses: the first that is JSON."""
    for media in content:
        kind = media.media_type.split(";")[0].strip().lower()
        if kind == "application/json" or kind.endswith("+json") or kind in ("*/*", "application/*"):
            return media
    return None


def _result(resolver: Resolver, op: Operation) -> str:
    """The shape of the 200 when it is a JSON object, else ``any``."""
    for response in op.responses:
        if response.status == "200":
            media = json_media(resolver.response(response).content)
            types = _Types(resolver)
            if media is not None and types.properties(media.schema)[0]:
                return types.of(media.schema)
    return "any"


def _comment(text: str) -> str:
    return "".join(f"// {line}\n" for line in text.strip().splitlines() if line.strip())


def _named(name: str, required: bool) -> str:
    key = name if _IDENTIFIER.fullmatch(name) else json.dumps(name, ensure_ascii=False)
    return key if required else f"{key}?"


def _default(resolver: Resolver, schema: JSON) -> str:
    schema = resolver.schema(schema)
    if not isinstance(schema, dict) or "default" not in schema:
        return ""
    value = schema["default"]
    return f" // default: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"


class _Types:
    """Writes schemas as types; counts what it writes, so that no schema unfolds without end."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.written = 0

    def of(self, schema: JSON, depth: int = 0) -> str:
        """The type of one schema."""
        self.written += 1
        schema = self.resolver.schema(schema)
        if not isinstance(schema, dict) or depth > DEEPEST or self.written > MOST:
            return "any"
        if isinstance(schema.get("enum"), list) and schema["enum"]:
            return " | ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"])
        if "const" in schema:
            return json.dumps(schema["const"], ensure_ascii=False)
        for choice in ("anyOf", "oneOf"):
            if isinstance(schema.get(choice), list) and schema[choice]:
                return " | ".join(dict.fromkeys(self.of(item, depth + 1) for item in schema[choice]))
        kind = schema.get("type")
        if isinstance(kind, list) and kind:
            return " | ".join(dict.fromkeys(self._kind(schema, name, depth) for name in kind))
        return self._kind(schema, kind, depth)

    def _kind(self, schema: Mapping[str, JSON], kind: JSON, depth: int) -> str:
        if isinstance(kind, str) and kind in _SIMPLE:
            return _SIMPLE[kind]
        if kind == "array":
            inner = self.of(schema.get("items", {}), depth + 1)
            return f"({inner})[]" if " | " in inner and not inner.startswith("{") else f"{inner}[]"
        properties, needed = self.properties(schema, depth)
        if not properties:
            return "object" if kind == "object" else "any"
        lines = (
            f"  {_named(name, name in needed)}: {self.of(item, depth + 1)},\n" for name, item in properties.items()
        )
        return "{\n" + "".join(lines) + "}"

    def properties(self, schema: JSON, depth: int = 0) -> tuple[dict[str, JSON], set[str]]:
        """The properties of an object schema, those of its ``allOf`` too, and which of them are required."""
        schema = self.resolver.schema(schema)
        if not isinstance(schema, dict) or depth > DEEPEST:
            return {}, set()
        found: dict[str, JSON] = {}
        needed: set[str] = set()
        for part in schema["allOf"] if isinstance(schema.get("allOf"), list) else ():
            inner, wanted = self.properties(part, depth + 1)
            found |= inner
            needed |= wanted
        if isinstance(schema.get("properties"), dict):
            found |= schema["properties"]
        if isinstance(schema.get("required"), list):
            needed |= {name for name in schema["required"] if isinstance(name, str)}
        return found, needed
