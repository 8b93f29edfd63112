"""What rules look at: a contract with its references followed, and the pointers that findings name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from actionstudio.core.contract import Body, Contract, Media, Operation, Parameter
from actionstudio.core.importer.profile import Profile, profile
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.refs import escape
from actionstudio.core.specs import gpt
from actionstudio.core.specs.typescript import arguments_of, json_media
from actionstudio.core.words import said

type JSON = Any
type Argument = tuple[str, JSON, bool, str]
type Filled = tuple[str, dict[str, JSON], bool, str]


@dataclass(frozen=True, slots=True)
class Place:
    """One object schema: where, what, and whether it is about arguments (``asked``) or answers."""

    pointer: str
    node: dict[str, JSON]
    asked: bool


class Look:
    """One contract. ``operations`` are those to judge: what ChatGPT gets, or only ``only``."""

    def __init__(
        self,
        contract: Contract,
        only: Operation | None = None,
        target: str = "gpt",
        *,
        base_url: str = "",
        as_written: bool = False,
    ) -> None:
        self.contract = contract
        self.only = only
        self.target = target
        self.base_url = base_url
        self.as_written = as_written
        self.found: tuple[Any, ...] = ()  # what the rules before this one found
        self.resolver = Resolver(contract)
        exposed = tuple(op for op in contract.operations if op.exposed)
        self.exposed = exposed if only is None else tuple(op for op in (only,) if op.exposed)
        self.operations = tuple(op for op in self.exposed if op.method in gpt.VERBS)
        self.hosted = contract.operations if only is None else (only,)
        self._parameters: dict[int, list[tuple[str, Parameter]]] = {}
        self._arguments: dict[int, list[Argument]] = {}
        self._filled: dict[int, list[Filled]] = {}
        self.memo: dict[str, Any] = {}  # what rules share
        self._bodies: dict[int, Body | None] = {}

    def context(self, op: Operation) -> str:
        """How ChatGPT's messages name an operation."""
        return f"In path {op.path}, method {op.method.lower()}, operationId {op.operation_id or None}"

    def parameters(self, op: Operation) -> list[tuple[str, Parameter]]:
        """The parameters of ``op`` with the pointer of each (those of the path point there)."""
        if id(op) not in self._parameters:
            self._parameters[id(op)] = list(self._found_parameters(op))
        return self._parameters[id(op)]

    def _found_parameters(self, op: Operation) -> Iterator[tuple[str, Parameter]]:
        own = {}
        for index, parameter in enumerate(op.parameters):
            followed = self.resolver.parameter(parameter)
            if followed is not None:
                own[followed.in_, followed.name] = f"{op.pointer}/parameters/{index}"
        path_level = f"/paths/{escape(op.path)}/parameters"
        for parameter in self.resolver.parameters(op):
            yield own.get((parameter.in_, parameter.name), path_level), parameter

    def arguments(self, op: Operation) -> list[Argument]:
        """The flat list the model fills in, with the owner's repairs: (name, schema, required, description) each."""
        if id(op) not in self._arguments:
            self._arguments[id(op)] = self._found_arguments(op)
        return self._arguments[id(op)]

    def _found_arguments(self, op: Operation) -> list[Argument]:
        if not self.contract.repairs or self.as_written:
            return arguments_of(self.resolver, op)
        offered = self._offered.get((op.method, op.path))
        return self.served.arguments(offered) if offered else arguments_of(self.resolver, op)

    @cached_property
    def _offered(self) -> dict[tuple[str, str], Operation]:
        """The operations of the profile by where they stand in this contract."""
        there = {(op.method, op.path): op for op in self.served.operations}
        return {self._profile.moved.get(place, place): op for place, op in there.items()}

    def filled(self, op: Operation) -> list[Filled]:
        """The same with the schemas' references followed; {} stands for what is no object."""
        if id(op) not in self._filled:
            self._filled[id(op)] = [
                (name, node if isinstance(node := self.resolver.schema(schema), dict) else {}, required, text)
                for name, schema, required, text in self.arguments(op)
            ]
        return self._filled[id(op)]

    def argument_at(self, op: Operation, name: str) -> str:
        """Where the argument ``name`` of ``op`` is declared."""
        for pointer, parameter in self.parameters(op):
            if parameter.name == name and (self.contract.repairs or parameter.in_ in ("path", "query")):
                return pointer
        body = self.body(op)
        if body is not None:
            return f"{body[0]}/properties/{escape(name)}"
        return f"{op.pointer}/requestBody" if self.whole_body(op) else op.pointer

    def whole_body(self, op: Operation) -> Body | None:
        """The request body, its reference followed."""
        if id(op) not in self._bodies:
            self._bodies[id(op)] = self.resolver.body(op)
        return self._bodies[id(op)]

    def body(self, op: Operation) -> tuple[str, Media] | None:
        """The JSON body that a GPT sends, with the pointer of its schema."""
        body = self.whole_body(op)
        media = json_media(body.content) if body is not None else None
        if media is None:
            return None
        return f"{op.pointer}/requestBody/content/{escape(media.media_type)}/schema", media

    def asked(self, op: Operation) -> Iterator[tuple[str, JSON]]:
        """The schemas of what ``op`` takes: those of its parameters and of its body."""
        for pointer, parameter in self.parameters(op):
            if parameter.schema is not None:
                yield f"{pointer}/schema", parameter.schema
        body = self.whole_body(op)
        for media in body.content if body is not None else ():
            if media.schema is not None:
                yield f"{op.pointer}/requestBody/content/{escape(media.media_type)}/schema", media.schema

    def answered(self, op: Operation) -> Iterator[tuple[str, JSON]]:
        """The schemas of what ``op`` answers."""
        for response in self.resolver.responses(op):
            for media in response.content:
                if media.schema is not None:
                    at = f"{op.pointer}/responses/{response.status}/content/{escape(media.media_type)}/schema"
                    yield at, media.schema

    def nodes(self, schemas: Iterable[tuple[str, JSON]]) -> Iterator[tuple[str, dict[str, JSON]]]:
        """Every object schema in these, with its pointer (references are not entered)."""
        stack = list(schemas)
        while stack:
            pointer, node = stack.pop()
            if isinstance(node, dict):
                yield pointer, node
                for key, value in node.items():
                    if key in refs.SINGLE:
                        stack.append((f"{pointer}/{key}", value))
                    elif key in refs.MAPS and isinstance(value, dict):
                        stack.extend((f"{pointer}/{key}/{escape(name)}", child) for name, child in value.items())
                    elif key in refs.LISTS and isinstance(value, list):
                        stack.extend((f"{pointer}/{key}/{index}", child) for index, child in enumerate(value))

    @cached_property
    def roots(self) -> list[tuple[str, JSON, bool]]:
        """Every schema that is judged, as a whole: (pointer, schema, whether it is asked for)."""
        inline = [(at, schema, True) for op in self.operations for at, schema in self.asked(op)]
        inline += [(at, schema, False) for op in self.operations for at, schema in self.answered(op)]
        rest = {name: schema for name, schema in self.used.items() if name not in self.taken}
        shared = [(at, schema, True) for at, schema in self.shared(self.taken)]
        shared += [(at, schema, False) for at, schema in self.shared(rest)]
        return list({at: (at, schema, asked) for at, schema, asked in [*inline, *shared]}.values())

    @cached_property
    def places(self) -> list[Place]:
        """Every object schema that is judged, inner ones too: walked once for all rules."""
        return [
            Place(at, node, asked) for root, schema, asked in self.roots for at, node in self.nodes([(root, schema)])
        ]

    @cached_property
    def used(self) -> dict[str, JSON]:
        """The shared schemas that the judged operations need, also by way of others."""
        return {**self.taken, **self._reached(self.answered)}

    @cached_property
    def taken(self) -> dict[str, JSON]:
        """The shared schemas that the arguments need."""
        return self._reached(self.asked)

    def _reached(self, schemas: Any) -> dict[str, JSON]:
        components, found = self.resolver.components, {}
        todo = [name for op in self.operations for _, schema in schemas(op) for name in sorted(refs.direct(schema))]
        while todo:
            name = todo.pop()
            if name not in found and name in components:
                found[name] = components[name]
                todo.extend(sorted(refs.direct(components[name])))
        return found

    def shared(self, components: dict[str, JSON]) -> Iterator[tuple[str, JSON]]:
        """Shared schemas with their pointers."""
        return ((f"/components/schemas/{escape(name)}", schema) for name, schema in components.items())

    @cached_property
    def served(self) -> Look:
        """The GPT profile of the same, as a look of its own: what tools are made from, and ChatGPT gets."""
        made = self._profile  # nothing is left to be mended in it
        return Look(replace(made.contract, repairs={}), None, self.target, base_url=self.base_url)

    @cached_property
    def _profile(self) -> Profile:
        return profile(self.contract if self.only is None else replace(self.contract, operations=(self.only,)))

    @cached_property
    def _back(self) -> dict[str, str]:
        return {Operation(*new).pointer: Operation(*old).pointer for new, old in self._profile.moved.items()}

    def written(self, pointer: str) -> str:
        """Where something of :attr:`served` stands in this contract."""
        item = item_of(pointer)
        return self._back.get(item, item) + pointer[len(item) :]

    @property
    def servers(self) -> tuple[str, ...]:
        """Where calls go: the document's servers as written, our address in what we serve."""
        if self.as_written:
            return tuple(server.url for server in self.contract.servers)
        return (self.base_url,) if self.base_url else ()


def place_of(pointer: str) -> str:
    """Where a pointer is, for people: ``GET /todos, answer 200`` or ``Schema Pet``."""
    steps = [refs.unescape(token) for token in pointer.split("/")[1:]]
    if steps[:2] == ["components", "schemas"] and len(steps) > 2:
        return said("Schema %(name)s", name=steps[2])
    if steps[:1] != ["paths"] or len(steps) < 3:
        return said("The document")
    if steps[2] == "parameters":
        return steps[1]
    op, part = f"{steps[2].upper()} {steps[1]}", "".join(steps[3:4])
    if part == "parameters":
        return said("%(op)s, parameter", op=op)
    if part == "requestBody":
        return said("%(op)s, request body", op=op)
    if part == "responses" and len(steps) > 4:
        return said("%(op)s, answer %(status)s", op=op, status=steps[4])
    return op


def item_of(pointer: str) -> str:
    """The operation or the shared schema that a pointer is in."""
    return "/".join(pointer.split("/")[:4])


def types_of(schema: JSON) -> tuple[str, ...]:
    """The types a schema names."""
    kind = schema.get("type") if isinstance(schema, dict) else None
    if isinstance(kind, str):
        return (kind,)
    return tuple(name for name in kind if isinstance(name, str)) if isinstance(kind, list) else ()


def context_of(pointer: str) -> str:
    """A pointer the way ChatGPT's messages write it: ``('paths', '/x', 'get')``."""
    return str(tuple(refs.unescape(token) for token in pointer.split("/")[1:]))
