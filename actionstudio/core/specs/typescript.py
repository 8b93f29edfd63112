"""What the model sees of a project: a TypeScript namespace, reconstructed from prompts that GPTs echoed in 2024.

No newer one is public, so pages call it a reconstruction. Nothing else of the document reaches the model: no paths, no
methods, no title, no responses but the shape of the 200.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from actionstudio.core.contract import Contract, Media, Operation, Response
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.gathered import gathered
from actionstudio.core.specs import gpt, manifest

type JSON = Any

LAYOUTS = ("action", "early", "plugin")  # since the middle of 2024; before; plugins of 2023
DEEPEST, MOST = 12, 2_000  # a schema that unfolds further ends in ``any``
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_SIMPLE = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_FIRST = "This typescript tool allows you to call external API endpoints on {host} over the internet."
_SECOND = (
    " When calling a tool include the namespace and function name such as namespace.function and ensure valid syntax."
)


@dataclass(frozen=True, slots=True)
class Told:
    """One operation, the name by which the model calls it, and its text in the namespace."""

    op: Operation
    name: str
    text: str


def namespace_name(host: str) -> str:
    """The model's name for all operations of a host (TS-01)."""
    return re.sub(r"[^A-Za-z0-9]", "_", host) + "__jit_plugin"


def namespace(contract: Contract, host: str, layout: str = "action") -> str:
    """Everything the model is told about the operations under ``host``, in one of the LAYOUTS."""
    return written(*head(contract, host, layout), operations(contract))


def written(name: str, above: str, operations: Iterable[Told]) -> str:
    """A namespace of these operations."""
    types = "".join(f"{told.text}\n\n" for told in operations)
    return f"{above}\nnamespace {name} {{\n\n{types}}} // namespace {name}"


def head(contract: Contract, host: str, layout: str = "action") -> tuple[str, str]:
    """The namespace's name and what stands above it.

    The sentence about valid syntax is in prompts since the middle of 2024 only (TS-02). Plugins told the manifest's
    ``description_for_model``, and their namespace was ``name_for_model`` (TS-11; its exact layout is our conclusion).
    """
    if layout == "plugin":
        texts = contract.manifest
        told = _comment(texts.description_for_model or manifest.model_text(contract))
        return texts.name_for_model or manifest.model_name(contract.title), told.rstrip("\n")
    name = namespace_name(host)
    return name, f"## {name}\n\n{_FIRST.format(host=host)}{_SECOND if layout == 'action' else ''}"


def operations(contract: Contract, most: int | None = None) -> list[Told]:
    """What the model is told about each operation; about the first ``most`` only, if that is set."""
    resolver, names = Resolver(contract), gpt.names(contract)
    named = [(op, names[op.method, op.path]) for op in gpt.offered(contract)[:most]]
    return [Told(op, name, _operation(resolver, op, name)) for op, name in named]


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
    """The shape of the 200 when it is a JSON object, else ``any`` (TS-09)."""
    for response in resolver.responses(op):
        media = result_media(resolver, response)
        if media is not None:
            return _Types(resolver).of(media.schema)
    return "any"


def result_media(resolver: Resolver, response: Response) -> Media | None:
    """The part of a (resolved) response whose shape the model sees, if any."""
    media = json_media(response.content) if response.status == "200" else None
    return media if media is not None and _Types(resolver).properties(media.schema)[0] else None


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
    plain = isinstance(value, str) and value.isprintable()
    return f" // default: {value if plain else json.dumps(value, ensure_ascii=False)}"


def type_of(resolver: Resolver, schema: JSON, most: int = MOST) -> str:
    """One schema as a type; what comes after ``most`` inner ones is ``any``."""
    return _Types(resolver, most).of(schema)


class _Types:
    """Writes schemas as types; counts what it writes, so that no schema unfolds without end."""

    def __init__(self, resolver: Resolver, most: int = MOST) -> None:
        self.resolver = resolver
        self.most = most
        self.written = 0

    def of(self, schema: JSON, depth: int = 0) -> str:
        """The type of one schema."""
        self.written += 1
        schema = self.resolver.schema(schema)
        if not isinstance(schema, dict) or depth > DEEPEST or self.written > self.most:
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
        return gathered(schema, self.resolver.schema) if depth <= DEEPEST else ({}, set())
