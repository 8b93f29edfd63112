"""What GPT sees of one operation: the function it calls, its YAML, the card the user confirms, the checks, the size."""

import math
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from actionstudio.apps.design import load
from actionstudio.apps.design.models import Document
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core import lint
from actionstudio.core.contract import Body, Contract, Header, Media, Operation, Parameter, Response
from actionstudio.core.importer.profile import profile
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.sample import compile_sampler
from actionstudio.core.schemas.validate import SchemaError, check_schema, compile_validator
from actionstudio.core.specs import openapi, typescript

CHARACTERS_PER_TOKEN = 4.5
ARGUMENTS = 6  # more would not fit on the card
_TOKENS = re.compile(
    r"(?P<c>//[^\n]*)|(?P<k>\btype\b|\bnamespace\b)|(?P<n>(?<=type )\w+)"
    r"|(?P<ty>\b(?:string|number|integer|boolean|any|null|unknown|object)\b(?!\??:))"
)


def sound(op: Operation, shared: dict[str, Any]) -> Operation:
    """``op`` with {} in place of schemas that cannot be used: the panel shows the rest of a draft that is wrong."""

    def usable(schema: Any) -> Any:
        if schema is None or check_schema(schema):
            return None if schema is None else {}
        try:
            compile_validator(schema, shared)
        except SchemaError:
            return {}
        return schema

    def mended(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(mended(item) for item in value)
        if isinstance(value, Parameter | Header | Media | Response | Body):
            names = [name for name in ("schema", "content", "headers") if hasattr(value, name)]
            kept = {name: getattr(value, name) for name in names}
            return replace(value, **{n: usable(v) if n == "schema" else mended(v) for n, v in kept.items()})
        return value

    parts = ("parameters", "body", "responses")
    return replace(op, **{name: mended(getattr(op, name)) for name in parts})


def part(document: Document, op: Operation, components: dict[str, Any]) -> Contract:
    """A contract of one operation, with all that belongs around it: enough to show it, without loading the rest."""
    return load.part(document, (op,), components)


def at(project: Project) -> str:
    """The URL at which the project answers."""
    return next(iter(bases(project)), "")


def bases(project: Project) -> tuple[str, ...]:
    """All the URLs at which it does, the best first."""
    address = project.addresses.first()
    return base_urls(address.name, address.domain) if address else ()


def look(project: Project, document: Document, op: Operation, components: dict[str, Any]) -> dict[str, Any]:
    """Everything that the panel beside the editor shows."""
    components = {name: schema for name, schema in components.items() if not check_schema(schema)}
    op = sound(op, components)
    contract = part(document, op, components)
    url = at(project)
    signature = _signature(contract, op)
    return {
        "signature": coloured(signature),
        "tokens": math.ceil(len(signature) / CHARACTERS_PER_TOKEN),
        "yaml": _yaml(contract, url),
        "host": urlsplit(url).netloc,
        "arguments": _arguments(contract, op),
        "asks": op.consequential if op.consequential is not None else op.method != "GET",
        "findings": findings(contract, op),
    }


def _signature(contract: Contract, op: Operation) -> str:
    """The function as the GPT profile has it; of one that is hidden from GPT, what it would be."""
    told = typescript.operations(profile(contract).contract)
    return told[0].text if told else typescript.operation(contract, op)


def coloured(signature: str) -> str:
    """A function signature with its comments, names and types marked."""
    out, position = [], 0
    for match in _TOKENS.finditer(signature):
        out.append(conditional_escape(signature[position : match.start()]))
        out.append(f'<span class="{match.lastgroup}">{conditional_escape(match.group())}</span>')
        position = match.end()
    out.append(conditional_escape(signature[position:]))
    return mark_safe("".join(out))


def _yaml(contract: Contract, url: str) -> str:
    """The operation as ChatGPT's document has it; its path may bear other names there."""
    doc = openapi.render(contract, profile="gpt", servers=(url,) if url else ())
    return openapi.to_yaml(doc["paths"]) if doc["paths"] else ""


def findings(contract: Contract, op: Operation) -> list[Any]:
    """The checks' findings about this operation."""
    found = lint.pressing(lint.check(contract))
    return [one for one in found if one.pointer == op.pointer or one.pointer.startswith(op.pointer + "/")]


def _arguments(contract: Contract, op: Operation) -> list[tuple[str, str]]:
    """What a call of GPT might carry: names and values, from examples or made up."""
    seen = profile(contract).contract
    if seen.operations:
        contract, op = seen, seen.operations[0]
    resolver = Resolver(contract)
    shared = contract.schemas()
    found: list[tuple[str, Any]] = []
    for parameter in resolver.parameters(op):
        if parameter.in_ in ("path", "query"):
            found.append((parameter.name, _value(parameter, shared)))
    body = resolver.body(op)
    for media in body.content[:1] if body else ():
        value = _value(media, shared)
        found.extend(value.items() if isinstance(value, dict) else [("body", value)] if value is not None else [])
    return [(name, _short(value)) for name, value in found[:ARGUMENTS]]


def _value(holder: Any, shared: dict[str, Any]) -> Any:
    for example in holder.examples:
        if example.value is not None:
            return example.value
    return compile_sampler(holder.schema, shared).sample(0) if holder.schema is not None else None


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else openapi.to_json(value).decode() if value is not None else ""
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"
