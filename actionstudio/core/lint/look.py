"""What rules look at: a contract with its references followed, and the pointers that findings name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from actionstudio.core.contract import Contract, Media, Operation, Parameter
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.refs import escape
from actionstudio.core.specs import gpt
from actionstudio.core.specs.typescript import json_media
from actionstudio.core.words import said

type JSON = Any


class Look:
    """One contract. ``operations`` are those to judge: what ChatGPT gets, or only ``only``."""

    def __init__(self, contract: Contract, only: Operation | None = None) -> None:
        self.contract = contract
        self.only = only
        self.resolver = Resolver(contract)
        exposed = tuple(op for op in contract.operations if op.exposed)
        self.exposed = exposed if only is None else tuple(op for op in (only,) if op.exposed)
        self.operations = tuple(op for op in self.exposed if op.method in gpt.VERBS)
        self.hosted = contract.operations if only is None else (only,)

    def context(self, op: Operation) -> str:
        """How ChatGPT's messages name an operation."""
        return f"In path {op.path}, method {op.method.lower()}, operationId {op.operation_id or None}"

    def parameters(self, op: Operation) -> Iterator[tuple[str, Parameter]]:
        """The parameters of ``op`` with the pointer of each (those of the path point there)."""
        own = {}
        for index, parameter in enumerate(op.parameters):
            followed = self.resolver.parameter(parameter)
            if followed is not None:
                own[followed.in_, followed.name] = f"{op.pointer}/parameters/{index}"
        path_level = f"/paths/{escape(op.path)}/parameters"
        for parameter in self.resolver.parameters(op):
            yield own.get((parameter.in_, parameter.name), path_level), parameter

    def body(self, op: Operation) -> tuple[str, Media] | None:
        """The JSON body that a GPT sends, with the pointer of its schema."""
        body = self.resolver.body(op)
        media = json_media(body.content) if body is not None else None
        if media is None:
            return None
        return f"{op.pointer}/requestBody/content/{escape(media.media_type)}/schema", media

    def asked(self, op: Operation) -> Iterator[tuple[str, JSON]]:
        """The schemas of what ``op`` takes: those of its parameters and of its body."""
        for pointer, parameter in self.parameters(op):
            if parameter.schema is not None:
                yield f"{pointer}/schema", parameter.schema
        body = self.resolver.body(op)
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

    def nodes(self, schemas: Iterator[tuple[str, JSON]]) -> Iterator[tuple[str, dict[str, JSON]]]:
        """Every object schema in these, with its pointer (references are not entered)."""
        stack = [(pointer, schema) for pointer, schema in schemas]
        while stack:
            pointer, node = stack.pop()
            if isinstance(node, dict):
                yield pointer, node
                stack.extend((pointer + refs.pointer(way), child) for way, child in refs.children(node))

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


def place_of(pointer: str) -> str:
    """Where a pointer is, for people: ``GET /todos, answer 200`` or ``Schema Pet``."""
    steps = [refs.unescape(token) for token in pointer.split("/")[1:]]
    if steps[:2] == ["components", "schemas"]:
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
    if part == "responses":
        return said("%(op)s, answer %(status)s", op=op, status="".join(steps[4:5]))
    return op


def types_of(schema: JSON) -> tuple[str, ...]:
    """The types a schema names."""
    kind = schema.get("type") if isinstance(schema, dict) else None
    if isinstance(kind, str):
        return (kind,)
    return tuple(name for name in kind if isinstance(name, str)) if isinstance(kind, list) else ()


def context_of(pointer: str) -> str:
    """A pointer the way ChatGPT's messages write it: ``('paths', '/x', 'get')``."""
    return str(tuple(refs.unescape(token) for token in pointer.split("/")[1:]))
