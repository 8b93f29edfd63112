"""A curl command that calls a new project's first operation, ready to paste."""

import json
import shlex
from typing import Any
from urllib.parse import quote, urlencode

from actionstudio.core.auth import OAuth
from actionstudio.core.contract import Contract, Operation, Parameter
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.validate import SchemaError
from actionstudio.core.schemas.wire import text_of, write_parameter

KEY = "YOUR_KEY"


def curl(contract: Contract, base_url: str) -> str:
    """The command for the simplest operation; for a project without any, the one that fetches its document."""
    if not contract.operations:
        return f"curl {base_url}/openapi.yaml"
    resolver, op = Resolver(contract), simplest(contract)
    words = ["curl"] if op.method == "GET" else ["curl", "-X", op.method]
    credentials = _credentials(resolver, op)
    words.append(shlex.quote(base_url + _target(resolver, op, credentials)))
    for name, value in _headers(resolver, op, credentials):
        words += ["-H", shlex.quote(f"{name}: {value}")]
    return " ".join(words + _body(resolver, op))


def simplest(contract: Contract) -> Operation:
    """The operation that takes least to call; where people sign in, one that needs nobody comes first."""
    resolver = Resolver(contract)

    def effort(op: Operation) -> tuple[bool, ...]:
        asks = isinstance(contract.auth, OAuth) and bool(_credentials(resolver, op))
        return asks, op.method != "GET", "{" in op.path, op.body is not None

    return min(contract.operations, key=effort)


def _target(resolver: Resolver, op: Operation, credentials: list[tuple[str, str, str]]) -> str:
    """Path and query with example values for what is required."""
    path, pairs = op.path, []
    for parameter in resolver.parameters(op):
        if parameter.in_ not in ("path", "query") or (parameter.in_ == "query" and not parameter.required):
            continue
        value = _value(resolver, parameter)
        written = write_parameter(parameter.name, parameter.in_, parameter.style, parameter.explode, value)
        if isinstance(written, list):
            pairs += written
        else:
            path = path.replace("{" + parameter.name + "}", written)
    pairs += [(name, value) for place, name, value in credentials if place == "query"]
    return path + (f"?{urlencode(pairs, quote_via=quote)}" if pairs else "")


def _headers(resolver: Resolver, op: Operation, credentials: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    headers = [(name, value) for place, name, value in credentials if place == "header"]
    cookies = [f"{name}={value}" for place, name, value in credentials if place == "cookie"]
    if cookies:
        headers.append(("Cookie", "; ".join(cookies)))
    given = {name.lower() for name, _value in headers}
    for parameter in resolver.parameters(op):
        if parameter.in_ == "header" and parameter.required and parameter.name.lower() not in given:
            headers.append((parameter.name, text_of(_value(resolver, parameter))))
    return headers


def _credentials(resolver: Resolver, op: Operation) -> list[tuple[str, str, str]]:
    """What a call has to prove, in the way that takes least, as (place, name, value). Until a key is issued, any will
    do."""
    schemes, ways = resolver.schemes(), resolver.security(op)
    way = min(ways, key=len, default={})
    found = (credential(schemes[name], op) for name in way if name in schemes)
    return list(dict.fromkeys(one for one in found if one is not None))


def credential(scheme: dict[str, Any], op: Operation) -> tuple[str, str, str] | None:
    """A well-formed credential of a security scheme (OpenAPI 3.1.0, section 4.8.27), None when none is sent."""
    kind, word = scheme.get("type"), str(scheme.get("scheme", "bearer"))
    if kind == "apiKey":
        return str(scheme.get("in", "header")), str(scheme.get("name", "")), KEY
    if kind == "http" and word.lower() == "digest":
        value = f'Digest username="{KEY}", realm="api", nonce="0", uri="{op.path}", response="0"'
        return "header", "Authorization", value
    if kind == "http":
        return "header", "Authorization", f"{word.title() if word.islower() else word} {KEY}"
    if kind in ("oauth2", "openIdConnect"):
        return "header", "Authorization", f"Bearer {KEY}"
    return None


def _body(resolver: Resolver, op: Operation) -> list[str]:
    body = resolver.body(op)
    media = next((m for m in body.content if "json" in m.media_type), None) if body else None
    if media is None:
        return []
    value = media.examples[0].value if media.examples else _sample(resolver, media.schema, {})
    data = shlex.quote(json.dumps(value, ensure_ascii=False))
    return ["-H", shlex.quote(f"content-type: {media.media_type}"), "--data", data]


def _value(resolver: Resolver, parameter: Parameter) -> object:
    if parameter.examples and parameter.examples[0].value is not None:
        return parameter.examples[0].value
    return _sample(resolver, parameter.schema, "1")


def _sample(resolver: Resolver, schema: object, otherwise: object) -> object:
    if schema is None:
        return otherwise
    try:
        return compile_sampler(schema, resolver.components).sample(1)
    except (SchemaError, Unsatisfiable, RecursionError):
        return otherwise
