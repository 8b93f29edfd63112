"""GPT profile -> function tools of OpenAI's API, in the shapes of Chat Completions and of Responses.

Everything that emits tools goes through :func:`tools`: one value an operation, with the arguments that a GPT would fill
in. Sources: OpenAI, "Function calling" (names, ``strict``), and core/specs/strict.py.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from actionstudio.core import codec
from actionstudio.core.arguments import Step
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.profile import profile
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs
from actionstudio.core.specs.strict import Strict, strict
from actionstudio.core.specs.typescript import arguments_of, json_media
from actionstudio.core.words import said

type JSON = Any

NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]{0,63}")
LONGEST_NAME = 64
LONGEST_TEXT = 1024  # characters of a function's description that OpenAI's API takes
_DEFS = "#/$defs/"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an argument goes in the call: ``in_`` is path, query or body; ``to`` is its name there, "" the whole."""

    argument: str
    in_: str
    to: str


@dataclass(frozen=True, slots=True)
class Tool:
    """One operation as a function.

    ``original`` is its operationId, from which ``name`` was made. ``method`` and ``path`` are those of the GPT profile,
    which an address of ours answers; ``steps`` lead its call back to what the whole document says. ``schema`` is the
    arguments as JSON Schema 2020-12, ``strict`` the same for strict mode. ``lost`` says what no argument carries.
    """

    name: str
    original: str
    description: str
    method: str
    path: str
    schema: JSON
    strict: Strict
    places: tuple[Place, ...] = ()
    steps: tuple[Step, ...] = ()
    consequential: bool = False
    lost: tuple[str, ...] = ()
    summary: str = ""

    @property
    def renamed(self) -> bool:
        """Whether the model calls it by another name than the document."""
        return self.name != self.original


def tools(contract: Contract) -> tuple[Tool, ...]:
    """What a GPT may call, as functions; every name once."""
    found = profile(contract)
    resolver = Resolver(found.contract)
    taken: set[str] = set()
    out = []
    for op in found.contract.operations:
        name = function_name(op.operation_id or f"{op.method.lower()}_{op.path}", taken)
        taken.add(name)
        steps = found.steps.get(found.moved.get((op.method, op.path), (op.method, op.path)), ())
        out.append(_tool(resolver, op, name, steps))
    return tuple(out)


def of_import(imported: Import) -> tuple[Tool, ...]:
    """The operations that ChatGPT has after an import, as functions; every name once."""
    contract = imported.survivors()
    resolver = Resolver(contract)
    taken: set[str] = set()
    out = []
    for op in contract.operations:
        name = function_name(op.operation_id, taken)
        taken.add(name)
        out.append(_tool(resolver, op, name, ()))
    return tuple(out)


def strictly(resolver: Resolver, op: Operation) -> Strict:
    """The arguments of one operation of the GPT profile for strict mode, or why they cannot be said there."""
    return _tool(resolver, op, op.operation_id, ()).strict


def chat(found: tuple[Tool, ...], *, strictly: bool = True) -> list[JSON]:
    """Tools for Chat Completions. ``strictly`` asks for strict mode where it can be had."""
    return [{"type": "function", "function": _function(tool, strictly)} for tool in found]


def responses(found: tuple[Tool, ...], *, strictly: bool = True) -> list[JSON]:
    """Tools for Responses, where ``strict`` is on unless it is switched off."""
    return [{"type": "function", **_function(tool, strictly)} for tool in found]


def argument_map(found: tuple[Tool, ...], server: str = "") -> JSON:
    """How a call of each function becomes an HTTP call of ``server``, and what was renamed or lost."""
    return {"server": server, "tools": [_mapped(tool) for tool in found]}


def function_name(text: str, taken: set[str] | frozenset[str] = frozenset()) -> str:
    """A name that OpenAI takes, made of ``text``; not one of ``taken``. A cut or second one ends in a digest of it."""
    name = re.sub(r"_+", "_", re.sub(r"[^a-zA-Z0-9_-]", "_", text)).strip("_-")
    name = name if name[:1].isalpha() else f"op_{name}".rstrip("_")
    number, wanted = 0, name
    while len(wanted) > LONGEST_NAME or wanted in taken:
        digest = hashlib.sha256(f"{text}{number or ''}".encode()).hexdigest()[:6]
        wanted, number = f"{name[: LONGEST_NAME - 7].rstrip('_-')}_{digest}", number + 1
    return wanted


def _function(tool: Tool, strictly: bool) -> dict[str, JSON]:
    ready = strictly and tool.strict.schema is not None
    parameters = tool.strict.schema if ready else tool.schema
    return {"name": tool.name, "description": tool.description, "parameters": parameters, "strict": ready}


def _mapped(tool: Tool) -> JSON:
    return {
        "name": tool.name,
        "operationId": tool.original,
        "method": tool.method,
        "path": tool.path,
        "consequential": tool.consequential,
        "strict": tool.strict.schema is not None,
        "notStrictBecause": list(tool.strict.reasons),
        "nullMeansLeftOut": list(tool.strict.nullable) if tool.strict.schema is not None else [],
        "arguments": [{"name": place.argument, "in": place.in_, "to": place.to} for place in tool.places],
        "steps": [{"step": type(step).__name__.lower(), **_step(step)} for step in tool.steps],
        "lost": list(tool.lost),
    }


def _step(step: Step) -> dict[str, JSON]:
    return {name.rstrip("_"): value for name, value in codec.plain(step).items()}


def _tool(resolver: Resolver, op: Operation, name: str, steps: tuple[Step, ...]) -> Tool:
    places, properties, needed, lost = _arguments(resolver, op)
    defs = _Defs(resolver)
    schema: dict[str, JSON] = {
        "type": "object",
        "properties": {key: defs.moved(one) for key, one in properties.items()},
    }
    if needed:
        schema["required"] = needed
    schema["additionalProperties"] = False
    if defs.found:
        schema["$defs"] = {key: defs.found[key] for key in sorted(defs.found)}
    text = (op.description or op.summary).strip()
    if len(text) > LONGEST_TEXT:
        lost = (*lost, said("The description was cut after %(n)s characters.", n=LONGEST_TEXT))
        text = f"{text[: LONGEST_TEXT - 1]}…"
    consequential = op.method != "GET" if op.consequential is None else op.consequential
    return Tool(
        name,
        op.operation_id,
        text,
        op.method,
        op.path,
        schema,
        strict(schema),
        places,
        steps,
        consequential,
        lost,
        op.summary,
    )


def _arguments(
    resolver: Resolver, op: Operation
) -> tuple[tuple[Place, ...], dict[str, JSON], list[str], tuple[str, ...]]:
    """Where each argument goes, its schema by name, which are required, and what is lost."""
    places: list[Place] = []
    properties: dict[str, JSON] = {}
    needed: list[str] = []
    outside = [parameter.in_ for parameter in resolver.parameters(op) if parameter.in_ in ("path", "query")]
    body = resolver.body(op)
    found = [(outside[n] if n < len(outside) else "body", *one) for n, one in enumerate(arguments_of(resolver, op))]
    media = json_media(body.content) if body else None
    whole = media is not None and not any(in_ == "body" for in_, *_rest in found) and not _empty(resolver, media.schema)
    arguments = [(in_, to, schema, required, text, to) for in_, to, schema, required, text in found]
    if whole and body and media:
        arguments.append(("body", "body", media.schema or {}, body.required, body.description, ""))
    for in_, wanted, schema, required, text, to in arguments:
        name = wanted if wanted not in properties else _unused(f"{wanted}_{in_}", properties)
        properties[name] = _described(resolver, schema, text)
        places.append(Place(name, in_, to))
        if required:
            needed.append(name)
    kinds = ", ".join(one.media_type for one in body.content) if body else ""
    lost = (said("The request body is %(kinds)s: no argument carries it.", kinds=kinds),) if kinds and not media else ()
    return tuple(places), properties, needed, lost


def _empty(resolver: Resolver, schema: JSON) -> bool:
    """Whether a body says that it is an object and nothing of what is in it."""
    found = resolver.schema(schema)
    return isinstance(found, dict) and found.get("type") == "object" and found.get("properties") == {}


def _unused(name: str, taken: dict[str, JSON]) -> str:
    fresh, number = name, 2
    while fresh in taken:
        fresh, number = f"{name}_{number}", number + 1
    return fresh


def _described(resolver: Resolver, schema: JSON, text: str) -> JSON:
    """The schema with the argument's description, unless it says that itself."""
    known = resolver.schema(schema)
    if not text or not isinstance(schema, dict) or (isinstance(known, dict) and known.get("description") == text):
        return schema
    return {**schema, "description": text}


class _Defs:
    """Moves references to shared schemas to ``$defs`` and collects these."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.found: dict[str, JSON] = {}
        self._names: dict[str, str] = {}
        self._left: list[str] = []  # names whose schemas are not moved yet

    def moved(self, schema: JSON) -> JSON:
        """``schema`` with its references led to ``$defs``; those that lead elsewhere or nowhere are followed."""
        made = refs.rebuild(schema, self._change)
        while self._left:  # one after the other: a chain of references may be longer than calls may nest
            name = self._left.pop()
            self.found[self._names[name]] = refs.rebuild(self.resolver.components[name], self._change)
        return made

    def _change(self, node: dict[str, JSON]) -> dict[str, JSON]:
        ref = node.get("$ref")
        if not isinstance(ref, str):
            return node
        name = refs.name_of(ref)
        if name is None or ref != refs.ref_to(name) or name not in self.resolver.components:
            beside = {key: value for key, value in node.items() if key != "$ref"}
            target = self.resolver.schema({"$ref": ref})
            plain = isinstance(target, dict) and not refs.refs(target) and "$ref" not in target
            return {**target, **beside} if plain else beside
        if name not in self._names:
            self._names[name] = _unused(re.sub(r"[^A-Za-z0-9_]", "_", name), self.found)
            self.found[self._names[name]] = {}
            self._left.append(name)
        return {**node, "$ref": _DEFS + self._names[name]}
