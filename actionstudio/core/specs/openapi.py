"""Contract -> OpenAPI 3.1.0 document, whole (``full``) or as ChatGPT imports it without a message (``gpt``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from actionstudio.core.auth import ApiKey, Declared, NoAuth, OAuth, ServiceHttp, UserHttp
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.resolve import Resolver, scopes_of
from actionstudio.core.specs import gpt, objects, yaml_out

type JSON = Any

VERSION = "3.1.0"
PROFILES = ("full", "gpt")


def render(contract: Contract, *, profile: str = "full", servers: Sequence[str] = ()) -> dict[str, JSON]:
    """The document of ``contract``, with the URLs ``servers`` first (``gpt``: the first of them only)."""
    if profile not in PROFILES:
        raise ValueError(f"unknown profile {profile!r}")
    return gpt.render(contract, servers) if profile == "gpt" else full(contract, servers)


def to_json(doc: JSON) -> bytes:
    """A document as JSON, indented for reading."""
    return orjson.dumps(doc, option=orjson.OPT_INDENT_2)


def to_yaml(doc: JSON) -> str:
    """A document as YAML, long texts as blocks."""
    return yaml_out.write(doc)


def full(contract: Contract, servers: Sequence[str]) -> dict[str, JSON]:
    """Everything the contract says, also what we do not model."""
    extra = dict(contract.extra)
    info, shared, paths = (_object(extra.pop(name, None)) for name in ("info", "components", "paths"))
    doc: dict[str, JSON] = {"openapi": VERSION, "info": _info(contract, info)}
    listed = _servers(contract, servers)
    if listed:
        doc["servers"] = listed
    if contract.tags:
        doc["tags"] = list(contract.tags)
    security = _document_security(contract)
    if security is not None:
        doc["security"] = list(security)
    doc["paths"] = {**_paths(contract), **paths}
    components = _components(contract, shared, servers)
    if components:
        doc["components"] = components
    return {**doc, **extra}


def _object(value: JSON) -> dict[str, JSON]:
    return dict(value) if isinstance(value, Mapping) else {}


def _info(contract: Contract, info: dict[str, JSON]) -> dict[str, JSON]:
    out = {"title": contract.title, "version": contract.version, **objects.given(description=contract.description)}
    if contract.contact_email:
        info["contact"] = {**_object(info.get("contact")), "email": contract.contact_email}
    return {**out, **info}


def _servers(contract: Contract, servers: Sequence[str]) -> list[dict[str, JSON]]:
    own = [{"url": url} for url in dict.fromkeys(servers)]
    theirs = [
        {"url": server.url, **objects.given(description=server.description), **server.extra}
        for server in contract.servers
        if server.url not in servers
    ]
    return own + theirs


def _document_security(contract: Contract) -> tuple[Mapping[str, JSON], ...] | None:
    """The document's ``security``: what its operations inherit when they say nothing of their own."""
    auth = contract.auth
    if isinstance(auth, Declared):
        return contract.security
    if isinstance(auth, NoAuth):
        return () if contract.security == () else None
    inherited = contract.security is not None or any(op.security is None for op in contract.operations)
    return ({auth.scheme_name: []},) if inherited or not contract.operations else None


def _operation_security(contract: Contract, op: Operation) -> tuple[Mapping[str, JSON], ...] | None:
    auth = contract.auth
    if not op.security or isinstance(auth, Declared):
        return op.security
    if isinstance(auth, NoAuth):
        return None
    return ({auth.scheme_name: list(scopes_of(op, auth)) if isinstance(auth, OAuth) else []},)


def _paths(contract: Contract) -> dict[str, JSON]:
    paths: dict[str, JSON] = {}
    for op in contract.operations:
        if op.path not in paths:
            paths[op.path] = _object(contract.path_items.get(op.path))
        paths[op.path][op.method.lower()] = operation(contract, op)
    for path, item in contract.path_items.items():
        paths.setdefault(path, _object(item))
    return paths


def operation(contract: Contract, op: Operation) -> dict[str, JSON]:
    """One operation, whole."""
    extra = dict(op.extra)
    out = objects.given(operationId=op.operation_id, summary=op.summary, description=op.description, tags=list(op.tags))
    out |= objects.given(deprecated=op.deprecated)
    if op.consequential is not None:
        out["x-openai-isConsequential"] = op.consequential
    if op.parameters:
        out["parameters"] = [objects.parameter(parameter) for parameter in op.parameters]
    if op.body is not None:
        out["requestBody"] = objects.body(op.body)
    responses = {response.status: objects.response(response) for response in op.responses}
    responses |= _object(extra.pop("responses", None))
    if responses:
        out["responses"] = responses
    security = _operation_security(contract, op)
    if security is not None:
        out["security"] = list(security)
    return {**out, **extra}


def _components(contract: Contract, shared: dict[str, JSON], servers: Sequence[str]) -> dict[str, JSON]:
    out: dict[str, JSON] = {}
    if contract.components:
        out["schemas"] = contract.schemas()
    if isinstance(contract.auth, ApiKey | ServiceHttp | UserHttp | OAuth):
        ours = Resolver(contract).schemes(servers[0] if servers else "")
        shared["securitySchemes"] = {**_object(shared.get("securitySchemes")), **ours}
    return {**out, **shared}
