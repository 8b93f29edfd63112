"""Calls made as ChatGPT makes them: one flat object of arguments, of which path, query and JSON body are filled.

What the model knows is the imported document alone; ``Caller`` samples arguments from that, and the same operation's
call in the document's own shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from actionstudio.core.arguments import Encode, Move, Parse, Step, Unwrap
from actionstudio.core.call import Call
from actionstudio.core.contract import Contract, Media, Operation
from actionstudio.core.importer import mending
from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.message import Argument, ImportedOperation
from actionstudio.core.importer.profile import enabled, profile
from actionstudio.core.importer.simulate import simulate_document
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.validate import SchemaError
from actionstudio.core.schemas.wire import text_of, write_parameter
from actionstudio.core.specs import openapi
from actionstudio.runtime.sides import components_for, schema_for

type JSON = Any

HOST = "https://todo.live.example"
CHATGPT = (
    ("user-agent", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0"),
    ("accept", "*/*"),
    ("openai-conversation-id", "6e9d7aed-deaf-54e1-a255-7fbe9a2e4fd6"),
)
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


def call_of(op: ImportedOperation, given: Mapping[str, JSON]) -> Call:
    """The HTTP call that ChatGPT makes of the arguments ``given``."""
    places = {one.name: one.in_ for one in op.arguments}
    path = op.path
    query: list[tuple[str, str]] = []
    body = {name: value for name, value in given.items() if places[name] == "body"}
    for name, value in given.items():
        if places[name] == "path":
            path = path.replace("{" + name + "}", ",".join(quote(text_of(one), safe="") for one in _listed(value)))
        elif places[name] == "query":
            query += [(name, text_of(one)) for one in _listed(value)]
    headers, data = CHATGPT, b""
    if "body" in places.values():
        headers, data = (*CHATGPT, ("content-type", "application/json")), orjson.dumps(body)
    return Call(op.method, path, urlencode(query), headers, data)


def _listed(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True)
class Sent:
    """One call to be made. ``steps`` are those of which at least one must be taken."""

    operation: Operation
    call: Call
    given: JSON
    steps: tuple[Step, ...] = ()


class Caller:
    """Samples calls of one contract with all repairs on."""

    def __init__(self, contract: Contract) -> None:
        self.contract = enabled(contract, None)
        self.profile = profile(self.contract)
        self.resolver = Resolver(self.contract)
        plain = profile(replace(self.contract, repairs={"json-bodies": {}})).contract
        self._plain = {(op.method, op.path): op for op in plain.operations}
        self._shared = Resolver(plain)
        self.seen: Import = simulate_document(openapi.render(self.contract, profile="gpt", servers=[HOST]), root=HOST)
        self.components = components_for("request", self.contract.schemas())
        self._operations = {(op.method, op.path): op for op in self.contract.operations}
        self._samplers: dict[int, tuple[JSON, Any]] = {}

    def operations(self) -> Iterator[tuple[ImportedOperation, Operation]]:
        """What ChatGPT has, and what each is in the document. Without those that no call can be made of: paths with a
        fragment, which no client sends, and bodies that are files."""
        for op in self.seen.kept:
            if "#" in op.path:
                continue
            here = (op.method, op.path)
            whole = self._operations[self.profile.moved.get(here, here)]
            if whole.body is None or op.method == "GET" or any(one.in_ == "body" for one in op.arguments):
                yield op, whole

    def steps(self, whole: Operation) -> tuple[Step, ...]:
        """What leads a call of the operation back to the document."""
        return self.profile.steps.get((whole.method, whole.path), ())

    def as_chatgpt(self, op: ImportedOperation, whole: Operation, seed: int) -> Sent | None:
        """A call with arguments by the imported document; None when its schemas have no value."""
        rng = Random(seed)
        steps = self.steps(whole)
        try:
            chosen = [one for one in op.arguments if one.required or rng.random() < 0.6]
            given = {one.name: self._argument(one, whole, seed) for one in chosen}
            filled = self._maps_filled(given, op, whole, seed)
        except (Unsatisfiable, SchemaError):
            return None
        return Sent(whole, call_of(op, filled), filled, tuple(step for step in steps if _touches(step, filled)))

    def as_documented(self, whole: Operation, seed: int) -> Sent | None:
        """A call in the document's own shape; None when its schemas have no value, or it has no text for a body."""
        rng = Random(seed)
        path, query, headers, cookie = whole.path, [], list(CHATGPT), []
        given: dict[str, JSON] = {}
        try:
            for one in self.resolver.parameters(whole):
                if not (one.required or one.in_ == "path" or rng.random() < 0.6):
                    continue
                schema = one.content[0].schema if one.content else one.schema
                value = given[f"{one.in_} {one.name}"] = self._value(schema, self.components, seed)
                style = "json" if one.content else one.style
                text = write_parameter(one.name, one.in_, style, one.explode, value)
                if one.in_ == "query":
                    query += text
                elif one.in_ == "path":
                    path = path.replace("{" + one.name + "}", text)
                elif one.in_ == "header":
                    headers.append((one.name.lower(), text))
                else:
                    cookie.append(f"{one.name}={quote(text)}")
            data, kind = self._body(whole, given, seed)
        except (Unsatisfiable, SchemaError):
            return None
        if kind is None:
            return None
        headers += [("cookie", "; ".join(cookie))] * bool(cookie) + [("content-type", kind)] * bool(kind)
        return Sent(whole, Call(whole.method, path, urlencode(query), tuple(headers), data), given)

    def _body(self, whole: Operation, given: dict[str, JSON], seed: int) -> tuple[bytes, str | None]:
        body = self.resolver.body(whole)
        if body is None or not body.content:
            return b"", ""
        index = mending.json_index(body.content)
        media = body.content[0 if index is None else index]
        kind = media.media_type.partition(";")[0].strip().lower()
        if index is None and kind not in (FORM, MULTIPART):
            return b"", None
        value = given["body"] = self._value({} if media.schema is None else media.schema, self.components, seed)
        if index is not None:
            return orjson.dumps(value), "application/json" if "*" in kind else media.media_type
        return _form(media, value, kind)

    def _argument(self, one: Argument, whole: Operation, seed: int) -> JSON:
        schema = {} if one.schema is None else one.schema
        moves = {step.name: (step.in_, step.to) for step in self.steps(whole) if isinstance(step, Move)}
        place = moves.get(one.name, (one.in_, one.name))
        for parameter in self.resolver.parameters(whole) if one.in_ == "query" else ():
            if (parameter.in_, parameter.name) == place and parameter.content:
                return orjson.dumps(self._value(parameter.content[0].schema, self.components, seed)).decode()
        value = self._value(schema, self.seen.schemas, seed)
        return value if value != "" or one.in_ != "path" else "x"

    def _value(self, schema: JSON, components: Mapping[str, JSON], seed: int) -> JSON:
        known = self._samplers.get(id(schema))
        if known is None:
            side = schema_for("request", schema, components) if components is self.components else schema
            known = self._samplers[id(schema)] = (schema, compile_sampler(side, components))
        return known[1].sample(seed)

    def _maps_filled(
        self, given: dict[str, JSON], op: ImportedOperation, whole: Operation, seed: int
    ) -> dict[str, JSON]:
        """The arguments with JSON texts where the document has maps, as a model writes them that knows the maps."""
        steps = self.steps(whole)
        body = {one.name for one in op.arguments if one.in_ == "body"}
        wrapped = [step.key for step in steps if isinstance(step, Unwrap)]
        for step in steps:
            if isinstance(step, Parse) and step.path[0] in given and step.path[0] in body:
                way, schema = step.path, mending.json_schema(self._plain[whole.method, whole.path])
                inner = [schema] if way[0] not in wrapped else [{"properties": {way[0]: schema}}]
                given = _at(given, way, lambda inner=inner, way=way: self._text(inner, way, seed))
        return given

    def _text(self, nodes: list[JSON], way: tuple[str, ...], seed: int) -> JSON:
        for name in way:
            nodes = [inner for node in nodes for inner in self._below(node, name)]
        for node in nodes:
            value = self._value(node, self._shared.contract.schemas(), seed)
            if isinstance(value, dict):
                return orjson.dumps(value).decode()
        return "{}"

    def _below(self, node: JSON, name: str, depth: int = 0) -> Iterator[JSON]:
        node = self._shared.schema(node)
        if not isinstance(node, dict) or depth > 12:
            return
        if name == "*" and isinstance(node.get("items"), dict):
            yield node["items"]
        elif name in (node.get("properties") or {}):
            yield node["properties"][name]
        for key in ("allOf", "anyOf", "oneOf"):
            for part in node.get(key) or ():
                yield from self._below(part, name, depth + 1)


def _touches(step: Step, given: JSON) -> bool:
    """Whether a call with these arguments has the step's shape."""
    if isinstance(step, Encode):
        return True
    if isinstance(step, Parse):
        return _reaches(given, step.path)
    return given.get(step.key if isinstance(step, Unwrap) else step.name) not in (None, [])


def _reaches(value: JSON, way: tuple[str, ...]) -> bool:
    if not way:
        return isinstance(value, str)
    if way[0] == "*":
        return isinstance(value, list) and any(_reaches(item, way[1:]) for item in value)
    return isinstance(value, dict) and way[0] in value and _reaches(value[way[0]], way[1:])


def _at(value: JSON, way: tuple[str, ...], make: Callable[[], JSON]) -> JSON:
    if not way:
        return make() if isinstance(value, str) else value
    if way[0] == "*" and isinstance(value, list):
        return [_at(item, way[1:], make) for item in value]
    if isinstance(value, dict) and way[0] in value:
        return {**value, way[0]: _at(value[way[0]], way[1:], make)}
    return value


def _form(media: Media, value: JSON, kind: str) -> tuple[bytes, str | None]:
    if not isinstance(value, dict):
        return b"", None
    encoding = media.extra.get("encoding") or {}
    pairs: list[tuple[str, str]] = []
    for name, item in value.items():
        said = encoding.get(name) or {}
        style = said.get("style") or ("json" if isinstance(item, dict) else None)
        if item is not None:
            pairs += write_parameter(name, "query", style, said.get("explode"), item)
    if kind == FORM:
        return urlencode(pairs).encode(), FORM
    parts = (f'--mark\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in pairs)
    return f"{''.join(parts)}--mark--\r\n".encode(), f"{MULTIPART}; boundary=mark"
