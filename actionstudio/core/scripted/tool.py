"""What the scripted model knows of an operation: its texts as counted terms, its arguments with their words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import orjson

from actionstudio.core.scripted.lexicon import lexicon
from actionstudio.core.scripted.roles import Roles, roles_of
from actionstudio.core.scripted.stemming import pieces
from actionstudio.core.scripted.words import terms, tokens

type JSON = Any


class Tool(Protocol):
    """An operation that may be called; any value with these attributes will do."""

    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def parameters(self) -> JSON: ...
    @property
    def operation_id(self) -> str: ...
    @property
    def domain(self) -> str: ...
    @property
    def summary(self) -> str: ...


def title(tool: Tool, tools: Sequence[Tool]) -> str:
    """What a tool is called to people: its operation, or by the name that it has here, with its domain, where another
    of ``tools`` has an operation of the same name."""
    name = tool.operation_id or tool.name
    if sum((one.operation_id or one.name) == name for one in tools) < 2:
        return name
    return f"{tool.name} ({tool.domain})" if tool.domain else tool.name


def says(text: str, name: str) -> bool:
    """Whether a text has a name as a word of its own."""
    return bool(name) and re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text) is not None


def summed_up(tool: Tool, text: str) -> bool:
    """Whether a text is what the document says in short of a tool, and perhaps values in brackets behind it: the
    sentences that are proposed to begin with are that."""
    said = _said_short(re.sub(r"\(.*", "", text, flags=re.S))
    return bool(said) and said in {_said_short(one) for one in (tool.summary, tool.description.partition("\n")[0])}


def _said_short(text: str) -> str:
    return " ".join(text.lower().strip(" \n.!。！").split())


def named(tool: Tool, text: str) -> bool:
    """Whether an answer says which action a tool is of: by its name here, its domain or that one's first part."""
    names = (tool.name, tool.domain, tool.domain.partition(".")[0])
    return any(says(text.lower(), name.lower()) for name in names)


def addressed(text: str, tools: Sequence[Tool]) -> tuple[str, Sequence[Tool]]:
    """A sentence without the domain that it names, and the tools of that one; as they are where it names none."""
    domains = {tool.domain for tool in tools if says(text, tool.domain)}
    if len(domains) != 1 or all(tool.domain in domains for tool in tools):
        return text, tools
    (domain,) = domains
    rest = re.sub(rf"(?:\b(?:at|on|from|with|via|by|sur|chez|avec|par)\s+|[在用从])?{re.escape(domain)}", " ", text)
    return rest, [tool for tool in tools if tool.domain == domain]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument. ``schema`` has no ``$ref`` at its top. ``names`` are the terms of its name, ``cues`` those of its
    name and description: what stands near a value that is meant for it. ``words``: each word of the name by itself."""

    name: str
    schema: Mapping[str, JSON]
    required: bool
    names: frozenset[str]
    cues: frozenset[str]
    words: tuple[frozenset[str], ...]
    roles: Roles


@dataclass(frozen=True, slots=True)
class Known:
    """A tool as it is compared. ``weights``: term -> how much it stands for this tool. ``does``: the kinds of deeds
    that its name tells (r, c, u, d, x). ``object``: the things of its name. ``many``: its name is a plural."""

    weights: Mapping[str, float]
    does: str
    things: frozenset[str]
    many: bool
    parameters: tuple[Parameter, ...]
    defs: Mapping[str, JSON]


NAME, TEXT, ARGUMENT, TOLD, VALUE, INNER = 3.0, 1.0, 1.0, 0.4, 0.7, 0.5


def known(tool: Tool) -> Known:
    """What is known of a tool; kept for the next question."""
    return _known(tool.operation_id or tool.name, tool.description, orjson.dumps(tool.parameters, default=str))


@lru_cache(maxsize=4096)
def _known(name: str, description: str, parameters: bytes) -> Known:
    schema = orjson.loads(parameters)
    schema = schema if isinstance(schema, dict) else {}
    found = schema.get("$defs")
    defs: dict[str, JSON] = found if isinstance(found, dict) else {}
    arguments = parameters_of(schema, defs)
    weights: dict[str, float] = {}
    for weight, text in ((NAME, name), (TEXT, description)):
        _count(weights, weight, text)
    for one in arguments:
        _count(weights, ARGUMENT, one.name)
        _count(weights, TOLD, one.schema.get("description"))
        for value in _values(one.schema):
            _count(weights, VALUE, value)
        _inside(weights, one.schema, defs, 2)
    kinds = lexicon().kinds
    concepts = [term[1:] for term in terms(name) if term.startswith("=")]
    does = "".join(dict.fromkeys(kinds[one] for one in concepts if kinds[one] in "rcudx"))
    if not does:
        does = "".join(kinds[one] for one in _first(description) if kinds[one] in "rcudx")[:1]
    things = frozenset(one for one in concepts if kinds[one] == "n")
    return Known(weights, does, things, _many(name, concepts), arguments, defs)


def parameters_of(schema: Mapping[str, JSON], defs: Mapping[str, JSON]) -> tuple[Parameter, ...]:
    """The properties of an object schema, those that are required first."""
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return ()
    listed = schema.get("required")
    needed: list[JSON] = listed if isinstance(listed, list) else []
    found = []
    for name, raw in properties.items():
        whole = resolved(raw, defs)
        names = frozenset(terms(name))
        cues = names | frozenset(terms(str(whole.get("description") or "")))
        words = tuple(frozenset(terms(word)) for word in pieces(name))
        found.append(Parameter(name, whole, name in needed, names, cues, words, roles_of(name, names, whole)))
    return tuple(sorted(found, key=lambda one: not one.required))


def resolved(schema: JSON, defs: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """A schema without a reference at its top; what may be null as what it is otherwise; {} for what is none."""
    for _ in range(8):
        if not isinstance(schema, dict):
            return {}
        ref = schema.get("$ref")
        if isinstance(ref, str):
            target = defs.get(ref.rpartition("/")[2])
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**(target if isinstance(target, dict) else {}), **beside}
            continue
        choices = next((schema[key] for key in ("anyOf", "oneOf", "allOf") if isinstance(schema.get(key), list)), None)
        real = [one for one in choices or () if isinstance(one, dict) and one.get("type") != "null"]
        if not real or "type" in schema:
            return schema
        schema = {**real[0], **{key: value for key, value in schema.items() if key not in ("anyOf", "oneOf", "allOf")}}
    return schema if isinstance(schema, dict) else {}


def kind_of(schema: Mapping[str, JSON]) -> str:
    """The type of a schema, "" when it says none; of several the first that is not null."""
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "")
    if isinstance(kind, str) and kind:
        return kind
    return "object" if "properties" in schema else "array" if "items" in schema else ""


def _count(weights: dict[str, float], weight: float, text: JSON) -> None:
    if not isinstance(text, str):
        return
    for term in set(terms(text)):
        weights[term] = weights.get(term, 0.0) + weight


def _inside(weights: dict[str, float], schema: Mapping[str, JSON], defs: Mapping[str, JSON], deep: int) -> None:
    """The names inside an object or a list of objects, which say less than those at the top."""
    whole = resolved(schema.get("items"), defs) if kind_of(schema) == "array" else schema
    properties = whole.get("properties")
    for name, raw in properties.items() if isinstance(properties, dict) and deep else ():
        _count(weights, INNER, name)
        _inside(weights, resolved(raw, defs), defs, deep - 1)


def _values(schema: Mapping[str, JSON]) -> list[str]:
    found = schema.get("enum")
    items = schema.get("items")
    if not isinstance(found, list) and isinstance(items, dict):
        found = items.get("enum")
    return [one for one in found if isinstance(one, str)][:60] if isinstance(found, list) else []


def _first(description: str) -> list[str]:
    """The concepts of the first words of a description, where the verb stands."""
    return [concept for token in tokens(description)[:4] for concept in token.concepts]


def _many(name: str, concepts: list[str]) -> bool:
    if "list" in concepts or "all" in concepts or "find" in concepts:
        return True
    words = pieces(name)
    while words and (words[-1].lower() in ("by", "id", "list", "all") or words[-1].isdigit()):
        words.pop()
    return bool(words) and words[-1].endswith("s") and not words[-1].endswith("ss")
