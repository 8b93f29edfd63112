"""What an operation's contract says of its answers, compiled once: what may be missing, what may be of another type."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from actionstudio.core.calling import is_json
from actionstudio.core.compare import ABSENT, Answer, Way, loads
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.judging.reasons import type_of
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.validate import SchemaError, Validator, Violation, compile_validator

type JSON = Any

_DEEPEST = 24  # alternatives inside each other that are looked into
_PARTS = ("allOf", "anyOf", "oneOf")


class Shape:
    """The schema of the JSON of one status."""

    def __init__(self, schema: JSON, resolver: Resolver) -> None:
        self._schema = schema
        self._resolver = resolver
        self._checker: Validator | None = None
        with suppress(SchemaError, RecursionError):  # what cannot be checked is not held against an answer
            self._checker = compile_validator(schema, resolver.components)

    def violations(self, value: JSON) -> list[Violation]:
        """What is wrong with an answer's JSON."""
        return [] if self._checker is None or self._checker.ok(value) else self._checker.violations(value)

    def is_optional(self, way: Way) -> bool:
        """Whether the member there is declared, and never required."""
        *above, name = way
        parents = list(self._at(tuple(above)))
        declared = any(name in (schema.get("properties") or {}) for schema in parents)
        return declared and not any(name in (schema.get("required") or ()) for schema in parents)

    def allows(self, way: Way, value: JSON) -> bool:
        """Whether a value of this type is declared there. Where nothing is declared, nothing is allowed."""
        kind = type_of(value)
        return any(kind in _types(schema) for schema in self._at(way))

    def _at(self, way: Way) -> Iterator[dict[str, JSON]]:
        """All schemas that speak of what stands there, those of alternatives too."""
        found = list(self._whole(self._schema))
        for step in way:
            found = [part for schema in found for below in _below(schema, step) for part in self._whole(below)]
        yield from found

    def _whole(self, schema: JSON, depth: int = 0) -> Iterator[dict[str, JSON]]:
        schema = self._resolver.schema(schema)
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return
        yield schema
        for word in _PARTS:
            for part in schema.get(word) or () if isinstance(schema.get(word), list) else ():
                yield from self._whole(part, depth + 1)


class Promise:
    """The answers of one operation."""

    def __init__(self, contract: Contract, operation: Operation) -> None:
        resolver = Resolver(contract)
        self._resolver = resolver
        self._schemas: dict[str, JSON] = {}
        for response in resolver.responses(operation):
            media = next((one for one in response.content if is_json(one.media_type)), None)
            self._schemas[response.status.upper()] = media.schema if media is not None else None
        self._shapes: dict[str, Shape | None] = {}

    @classmethod
    def of(cls, contract: Contract, operation_id: str) -> Promise | None:
        """The promise of the operation of that name; None when there is none."""
        found = next((one for one in contract.operations if one.operation_id == operation_id), None)
        return cls(contract, found) if found is not None else None

    def at(self, status: int) -> Shape | None:
        """What is said of answers of that status: its own entry, that of its hundred, or the default."""
        key = next((key for key in (str(status), f"{status // 100}XX", "DEFAULT") if key in self._schemas), "")
        if key not in self._shapes:
            schema = self._schemas.get(key)
            self._shapes[key] = None if schema is None else Shape(schema, self._resolver)
        return self._shapes[key]

    def violations(self, answer: Answer) -> list[Violation]:
        """What in the JSON of an answer breaks the contract; of other bodies nothing is said."""
        shape, value = self.at(answer.status), loads(answer.body)
        return [] if shape is None or value is ABSENT else shape.violations(value)


def _types(schema: dict[str, JSON]) -> set[str]:
    written = schema.get("type")
    names = {written} if isinstance(written, str) else set(written) if isinstance(written, list) else set()
    if not names:
        values = schema["enum"] if isinstance(schema.get("enum"), list) else ()
        names = {type_of(value) for value in (*values, *([schema["const"]] if "const" in schema else ()))}
    return {"number" if name == "integer" else name for name in names if isinstance(name, str)}


def _below(schema: dict[str, JSON], step: str | int) -> Iterator[JSON]:
    if isinstance(step, int):
        first = schema.get("prefixItems")
        if isinstance(first, list) and step < len(first):
            yield first[step]
        elif "items" in schema:
            yield schema["items"]
        return
    properties = schema.get("properties")
    if isinstance(properties, dict) and step in properties:
        yield properties[step]
    elif "additionalProperties" in schema:
        yield schema["additionalProperties"]
