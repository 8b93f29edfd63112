"""A curl command that calls a new project's first operation, ready to paste."""

import json
import shlex
from urllib.parse import quote, urlencode

from actionstudio.core.auth import ApiKey, ServiceHttp
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
    resolver = Resolver(contract)
    op = min(contract.operations, key=lambda op: (op.method != "GET", "{" in op.path, op.body is not None))
    words = ["curl"] if op.method == "GET" else ["curl", "-X", op.method]
    words.append(shlex.quote(base_url + _target(resolver, op)))
    for name, value in _headers(resolver, op):
        words += ["-H", shlex.quote(f"{name}: {value}")]
    return " ".join(words + _body(resolver, op))


def _target(resolver: Resolver, op: Operation) -> str:
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
    return path + (f"?{urlencode(pairs, quote_via=quote)}" if pairs else "")


def _headers(resolver: Resolver, op: Operation) -> list[tuple[str, str]]:
    auth = resolver.contract.auth
    headers = []
    if op.security != () and isinstance(auth, ApiKey):
        credential = {"bearer": f"Bearer {KEY}", "basic": f"Basic {KEY}"}
        name = "Authorization" if auth.scheme in credential else auth.header
        headers.append((name, credential.get(auth.scheme, KEY)))
    elif op.security != () and isinstance(auth, ServiceHttp):
        headers.append(("Authorization", f"{auth.authorization_type.title()} {KEY}"))
    for parameter in resolver.parameters(op):
        if parameter.in_ == "header" and parameter.required:
            headers.append((parameter.name, text_of(_value(resolver, parameter))))
    return headers


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
