"""Contract -> the OpenAPI document that ChatGPT's editor takes without a message.

The rules and their sources are DOC-02 to SEC-03 in docs/chatgpt-rules.md. What keeps them is the profile
(core/importer/profile.py), a contract; here it is written down, without what ChatGPT does not read anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actionstudio.core.contract import Body, Contract, Media, Operation, Parameter, Response
from actionstudio.core.importer import mending
from actionstudio.core.importer.profile import profile
from actionstudio.core.importer.repairs import operation_ids, operation_names
from actionstudio.core.resolve import Resolver
from actionstudio.core.specs import objects

type JSON = Any

VERBS = mending.VERBS
offered = mending.offered
names = operation_ids.names
made_name = operation_ids.made_name


def render(contract: Contract, servers: Sequence[str]) -> dict[str, JSON]:
    """The document of the GPT profile of ``contract``, with the first of ``servers`` as its only server; without any,
    the one of the contract's own that ChatGPT takes."""
    return document(profile(contract).contract, servers)


def is_name(text: str) -> bool:
    """Whether a GPT can call an operation by this name (OP-04)."""
    return bool(operation_names.NAME.fullmatch(text))


def document(profiled: Contract, servers: Sequence[str]) -> dict[str, JSON]:
    """The document of a contract that is a GPT profile already."""
    resolver = Resolver(profiled)
    schemes = resolver.schemes(servers[0] if servers else "")
    info = {"title": profiled.title, "version": profiled.version}
    doc: dict[str, JSON] = {"openapi": "3.1.0", "info": info | objects.given(description=profiled.description)}
    urls = [*servers[:1]] or [server.url for server in profiled.servers[:1]]
    if urls:
        doc["servers"] = [{"url": url} for url in urls]
    asked = [security(resolver, schemes, op) for op in profiled.operations]
    if asked and asked[0] and all(item == asked[0] for item in asked):
        doc["security"] = asked[0]
    paths: dict[str, JSON] = {}
    for op, needed in zip(profiled.operations, asked, strict=True):
        out = operation(op)
        if schemes:
            out["security"] = needed
        paths.setdefault(op.path, {})[op.method.lower()] = out
    doc["paths"] = paths
    doc["components"] = {"schemas": {one.name: one.schema for one in sorted(profiled.components, key=_by_name)}}
    if schemes:
        doc["components"]["securitySchemes"] = schemes
    return doc


def _by_name(component: Any) -> str:
    return component.name


def security(resolver: Resolver, schemes: dict[str, JSON], op: Operation) -> list[JSON]:
    """What ``op`` asks for, as far as the schemes are known. It stands on each operation, because a document-wide one
    alone is unreliable (SEC-03)."""
    return [item for item in resolver.security(op) if all(name in schemes for name in item)]


def operation(op: Operation) -> dict[str, JSON]:
    """One operation."""
    out: dict[str, JSON] = {"operationId": op.operation_id}
    out |= objects.given(summary=op.summary, description=op.description, deprecated=op.deprecated)
    if op.consequential is not None:
        out["x-openai-isConsequential"] = op.consequential
    if op.parameters:
        out["parameters"] = [parameter(one) for one in op.parameters]
    if op.body is not None and op.body.content:
        out["requestBody"] = body(op.body)
    if op.responses:
        out["responses"] = {one.status: response(one) for one in op.responses}
    return out


def parameter(value: Parameter) -> dict[str, JSON]:
    """One parameter; its examples are not read."""
    out: dict[str, JSON] = {"name": value.name, "in": value.in_, **objects.given(description=value.description)}
    if value.required or value.in_ == "path":
        out["required"] = True
    out |= objects.given(deprecated=value.deprecated)
    if value.content:
        return {**out, "content": contents(value.content[:1])}
    out |= objects.given(style=value.style)
    if value.explode is not None:
        out["explode"] = value.explode
    return {**out, "schema": {"type": "string"} if value.schema is None else value.schema}


def body(value: Body) -> dict[str, JSON]:
    """The request body."""
    out = objects.given(description=value.description, required=value.required)
    return {**out, "content": contents(value.content)}


def response(value: Response) -> dict[str, JSON]:
    """One response; its headers are not read."""
    out: dict[str, JSON] = {"description": value.description}
    if value.content:
        out["content"] = contents(value.content)
    return out


def contents(values: Sequence[Media]) -> dict[str, JSON]:
    """A ``content`` map."""
    return {value.media_type: {} if value.schema is None else {"schema": value.schema} for value in values}
