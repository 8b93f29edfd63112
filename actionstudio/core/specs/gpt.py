"""Contract -> the OpenAPI document that ChatGPT's editor takes without a message.

The rules and their sources are DOC-02 to SEC-03 in docs/chatgpt-rules.md: one server, every operation named, parameters
in place instead of behind ``$ref`` or on the path, no header or cookie parameters, only the schemas that are used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from actionstudio.core.contract import Body, Contract, Media, Operation, Parameter, Response
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs
from actionstudio.core.specs import objects, pointers

type JSON = Any

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_DEEPEST = 20
_MAY_BE_BOOLEAN = ("additionalProperties",)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def render(contract: Contract, servers: Sequence[str]) -> dict[str, JSON]:
    """The document, with the first of ``servers`` as its only server."""
    return _Render(contract).document(servers)


def offered(contract: Contract) -> tuple[Operation, ...]:
    """The operations that ChatGPT gets: exposed ones, with a method it knows (OP-01)."""
    return tuple(op for op in contract.operations if op.exposed and op.method in VERBS)


def names(contract: Contract) -> dict[tuple[str, str], str]:
    """The name of every operation by (method, path): its own, or one made of both."""
    taken = {op.operation_id for op in contract.operations}
    found = {}
    for op in contract.operations:
        name = op.operation_id or _unused(made_name(op), taken)
        taken.add(name)
        found[op.method, op.path] = name
    return found


def made_name(op: Operation) -> str:
    """A name for an operation that has none: ``get_todos_username``."""
    words = re.findall(r"[A-Za-z0-9]+", op.path)
    return "_".join([op.method.lower(), *words])


def is_name(text: str) -> bool:
    """Whether a GPT can call an operation by this name (OP-04)."""
    return bool(_NAME.fullmatch(text))


def _unused(name: str, taken: set[str]) -> str:
    fresh, number = name, 2
    while fresh in taken:
        fresh, number = f"{name}_{number}", number + 1
    return fresh


class _Render:
    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.resolver = Resolver(contract)
        self.names = names(contract)
        self.schemes = self.resolver.schemes()
        self._used: dict[str, JSON] = {}  # name -> schema, as far as the operations so far need them

    def document(self, servers: Sequence[str]) -> dict[str, JSON]:
        contract = self.contract
        info = {"title": contract.title, "version": contract.version}
        doc: dict[str, JSON] = {"openapi": "3.1.0", "info": info | objects.given(description=contract.description)}
        if servers:
            doc["servers"] = [{"url": servers[0]}]
        asked = [self.security(op) for op in offered(contract)]
        if asked and asked[0] and all(item == asked[0] for item in asked):
            doc["security"] = asked[0]
        paths: dict[str, JSON] = {}
        for op in offered(contract):
            paths.setdefault(op.path, {})[op.method.lower()] = self.operation(op)
        doc["paths"] = paths
        doc["components"] = {"schemas": {name: self._used[name] for name in sorted(self._used)}}
        if self.schemes:
            doc["components"]["securitySchemes"] = self.schemes
        return doc

    def security(self, op: Operation) -> list[JSON]:
        """What ``op`` asks for, as far as the schemes are known."""
        return [item for item in self.resolver.security(op) if all(name in self.schemes for name in item)]

    def operation(self, op: Operation) -> dict[str, JSON]:
        """One operation. Its ``security`` stands on it, because a document-wide one alone is unreliable (SEC-03)."""
        out: dict[str, JSON] = {"operationId": self.names[op.method, op.path]}
        out |= objects.given(summary=op.summary, description=op.description, deprecated=op.deprecated)
        if op.consequential is not None:
            out["x-openai-isConsequential"] = op.consequential
        parameters = [p for p in self.resolver.parameters(op) if p.in_ in ("path", "query")]
        if parameters:
            out["parameters"] = [self.parameter(parameter) for parameter in parameters]
        body = self.resolver.body(op)
        if body is not None and body.content:
            out["requestBody"] = self.body(body)
        responses = self.resolver.responses(op)
        if responses:
            out["responses"] = {response.status: self.response(response) for response in responses}
        if self.schemes:
            out["security"] = self.security(op)
        return out

    def parameter(self, value: Parameter) -> dict[str, JSON]:
        out: dict[str, JSON] = {"name": value.name, "in": value.in_, **objects.given(description=value.description)}
        if value.required or value.in_ == "path":
            out["required"] = True
        out |= objects.given(deprecated=value.deprecated, style=value.style)
        if value.explode is not None:
            out["explode"] = value.explode
        if value.content:
            out["content"] = self.contents(value.content)
        else:
            out["schema"] = self.schema({"type": "string"} if value.schema is None else value.schema)
        return out

    def body(self, value: Body) -> dict[str, JSON]:
        out = objects.given(description=value.description, required=value.required)
        return {**out, "content": self.contents(value.content)}

    def response(self, value: Response) -> dict[str, JSON]:
        out: dict[str, JSON] = {"description": value.description}
        if value.content:
            out["content"] = self.contents(value.content)
        return out

    def contents(self, values: Sequence[Media]) -> dict[str, JSON]:
        return {
            value.media_type: {} if value.schema is None else {"schema": self.schema(value.schema)} for value in values
        }

    def schema(self, schema: JSON) -> JSON:
        """The schema as ChatGPT takes it; the shared ones it names are taken along."""
        out = self._simple(schema)
        todo = list(_named(out))
        while todo:
            name = todo.pop()
            if name not in self._used and name in self.resolver.components:
                self._used[name] = self._simple(self.resolver.components[name])
                todo.extend(_named(self._used[name]))
        return out

    def _simple(self, schema: JSON, depth: int = 0) -> JSON:
        """Every object with ``properties`` (SCH-01); references only to shared schemas that exist (DOC-06)."""

        def simple(node: dict[str, JSON]) -> dict[str, JSON]:
            ref = node.get("$ref")
            if isinstance(ref, str) and refs.name_of(ref) is None:
                return self._inlined(node, ref, depth)
            if isinstance(ref, str) and not self.resolver.exists(ref):
                return {key: value for key, value in node.items() if key != "$ref"}
            if _is_object(node) and not isinstance(node.get("properties"), dict):
                node = {**node, "properties": {}}
            return _without_booleans(node)

        return refs.rebuild(_written_out(schema), simple)

    def _inlined(self, node: dict[str, JSON], ref: str, depth: int) -> dict[str, JSON]:
        """What a reference to somewhere else than the shared schemas points to, in its place."""
        beside = {key: value for key, value in node.items() if key != "$ref"}
        target = self.resolver.find(ref) if depth < _DEEPEST else pointers.MISSING
        target = self._simple(target, depth + 1) if isinstance(target, dict) else {}
        return {**target, **beside}


def _written_out(schema: JSON) -> JSON:
    """``true`` and ``false`` as objects: the model layer of ChatGPT's editor (DOC-03) takes no others."""
    return ({} if schema else {"not": {}}) if isinstance(schema, bool) else schema


def _without_booleans(node: dict[str, JSON]) -> dict[str, JSON]:
    """The schema, ``true`` and ``false`` directly in it written out, but where the editor takes them."""
    source: Any = node  # indexed by ways, whose steps are names or places
    out = source
    for way, child in refs.children(node):
        if isinstance(child, bool) and way[0] not in _MAY_BE_BOOLEAN:
            if out is source:
                out = dict(source)
            if len(way) == 1:
                out[way[0]] = _written_out(child)
                continue
            if out[way[0]] is source[way[0]]:
                out[way[0]] = source[way[0]].copy()
            out[way[0]][way[1]] = _written_out(child)
    return out


def _is_object(schema: dict[str, JSON]) -> bool:
    kind = schema.get("type")
    return kind == "object" or (isinstance(kind, list) and "object" in kind)


def _named(schema: JSON) -> set[str]:
    """The shared schemas named in ``schema``, also by the mapping of a discriminator."""
    found = set(refs.refs(schema))
    for node in refs.walk(schema):
        mapping = node["discriminator"].get("mapping") if isinstance(node.get("discriminator"), dict) else None
        for target in mapping.values() if isinstance(mapping, dict) else ():
            name = refs.name_of(target)
            if name is not None:
                found.add(name)
    return found
