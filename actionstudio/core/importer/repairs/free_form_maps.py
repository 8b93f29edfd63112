"""Repair: maps with names of the caller's choice are passed as one JSON text (SCH-03, RT-05)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from actionstudio.core.arguments import Parse, Step, Unwrap
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer import mending
from actionstudio.core.importer.json_text import as_text
from actionstudio.core.importer.repair import Mended, Note, Place, repair
from actionstudio.core.importer.repairs.wrap_body import free_key, in_object
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs
from actionstudio.core.words import said

type JSON = Any
type Path = tuple[str, ...]

_DEEPEST, _NAMES = 10, 20  # fields, and shared schemas, inside each other
_MOST = 60  # maps in one body
_LOOKED = 200_000  # schemas looked at in all bodies; shared ones can be entered by endlessly many ways
_BESIDE = {"$ref", "title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly"}


@repair(title=said("Pass maps as JSON text"), order=60, shapes=True)
def mend(contract: Contract, options: Any) -> Mended:
    """ChatGPT refuses to send fields that the document does not name, so the model cannot fill an object whose names
    are of the caller's choice. Here such an object is one JSON text, and your address reads it again."""
    resolver = Resolver(contract)
    notes: list[Note] = []
    steps: dict[Place, tuple[Step, ...]] = {}
    leading = _leading(resolver.components)
    looked = iter(range(_LOOKED))

    def texts(op: Operation) -> Operation:
        schema = mending.json_schema(op)
        if schema is None:
            return op
        found = _Maps(resolver, leading, looked)
        made = found.text(schema, (), ())
        first: tuple[Step, ...] = ()
        if found.paths == [()]:
            key = free_key(op, resolver, "entries")
            made, found.paths = in_object(key, made, mending.body_of(op).required), [(key,)]
            first = (Unwrap(key),)
        if not found.paths:
            return op
        steps[op.method, op.path] = (*first, *map(Parse, found.paths))
        for path in found.paths:
            at = f"{op.pointer}/requestBody"
            notes.append(Note("free-form-maps", at, said("“%(field)s” is one JSON text.", field=".".join(path))))
        return mending.with_json_schema(op, made)

    return Mended(mending.each_operation(contract, texts), tuple(notes), steps)


class _Maps:
    """Finds the maps in one body; what leads to one is written out, so that shared schemas stay as they are.

    ``leading`` are the shared schemas that may lead to one, ``looked`` counts what is looked at.
    """

    def __init__(self, resolver: Resolver, leading: set[str], looked: Iterator[int]) -> None:
        self.resolver = resolver
        self.leading = leading
        self.looked = looked
        self.paths: list[Path] = []
        self._entered: set[tuple[str, Path]] = set()

    def text(self, schema: JSON, path: Path, seen: Path) -> JSON:
        """The schema with its maps as texts; the same object when it holds none."""
        name = refs.name_of(schema.get("$ref")) if isinstance(schema, dict) else None
        barren = name in self.resolver.components and name not in self.leading and set(schema) <= _BESIDE
        if name in seen or barren or len(path) > _DEEPEST or len(seen) > _NAMES or len(self.paths) >= _MOST:
            return schema
        if (name, path) in self._entered or next(self.looked, None) is None:
            return schema
        if name is not None:
            seen = (*seen, name)
            self._entered.add((name, path))  # by another way to the same field it would say the same
        node = self.resolver.schema(schema)
        if not isinstance(node, dict):
            return schema
        if is_map(node):
            if path not in self.paths:
                self.paths.append(path)
            return as_text(node, "One object as JSON text, with names as needed", self.resolver)
        out = node
        properties, items = node.get("properties"), node.get("items")
        if isinstance(properties, dict):
            made = {name: self.text(inner, (*path, name), seen) for name, inner in properties.items()}
            out = _changed(out, "properties", made, properties)
        if isinstance(items, dict) and "array" in mending.types_of(node):
            out = _changed(out, "items", self.text(items, (*path, "*"), seen), items)
        for key in ("allOf", "anyOf", "oneOf"):
            parts = node.get(key)
            if isinstance(parts, list) and (key == "allOf" or _or_null(parts)):
                out = _changed(out, key, [self._part(part, path, seen) for part in parts], parts)
        return schema if out is node else out

    def _part(self, part: JSON, path: Path, seen: Path) -> JSON:
        node = self.resolver.schema(part)
        return part if isinstance(node, dict) and is_map(node) and not path else self.text(part, path, seen)


def _leading(components: Mapping[str, JSON]) -> set[str]:
    """The shared schemas in which a map stands, or that refer to one of those, by whatever way."""
    users: dict[str, list[str]] = {}
    found: list[str] = []
    for name, schema in components.items():
        if any(is_map(node) or ("$ref" in node and not set(node) <= _BESIDE) for node in refs.walk(schema)):
            found.append(name)
        for used in refs.direct(schema):
            users.setdefault(used, []).append(name)
    leading: set[str] = set()
    while found:
        name = found.pop()
        if name not in leading:
            leading.add(name)
            found += users.get(name, ())
    return leading


def is_map(schema: dict[str, JSON]) -> bool:
    """Whether an object names no field but takes some."""
    if "object" not in mending.types_of(schema) or schema.get("properties"):
        return False
    if any(key in schema for key in ("allOf", "anyOf", "oneOf", "enum", "const")):
        return False
    return schema.get("additionalProperties") not in (False, {"not": {}}) or bool(schema.get("patternProperties"))


def _or_null(parts: list[JSON]) -> bool:
    return len(parts) == 2 and {"type": "null"} in parts


def _changed(node: dict[str, JSON], key: str, made: JSON, old: JSON) -> dict[str, JSON]:
    values = made.values() if isinstance(made, dict) and key == "properties" else made
    before = old.values() if isinstance(old, dict) and key == "properties" else old
    if key == "items":
        return node if made is old else {**node, key: made}
    return node if all(a is b for a, b in zip(values, before, strict=True)) else {**node, key: made}
