"""What a body is to ChatGPT, one object with named fields or not; and one object made of several, where possible."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from actionstudio.core.importer.mending import types_of
from actionstudio.core.resolve import Resolver

type JSON = Any

CHOICES = ("anyOf", "oneOf")
_DEEPEST = 16
_TELLS_NOTHING = frozenset(
    ("required", "title", "description", "deprecated", "example", "examples", "default", "$comment")
)
_KEPT = ("title", "description", "additionalProperties", "minProperties", "maxProperties", "deprecated")


@dataclass(slots=True)
class Fields:
    """The fields of an object, gathered."""

    properties: dict[str, JSON] = field(default_factory=dict)
    required: dict[str, None] = field(default_factory=dict)

    def both(self, other: Fields) -> None:
        """Takes in what holds as well."""
        for name, schema in other.properties.items():
            mine = self.properties.get(name)
            self.properties[name] = schema if mine is None or mine == schema else _both(mine, schema)
        self.required |= other.required

    def either(self, other: Fields) -> None:
        """Takes in what may hold instead."""
        for name, schema in other.properties.items():
            mine = self.properties.get(name)
            self.properties[name] = schema if mine is None or mine == schema else _either(mine, schema)
        self.required = {name: None for name in self.required if name in other.required}


def is_object(schema: JSON, resolver: Resolver) -> bool:
    """Whether a body is one object whose fields all stand in its ``properties``."""
    schema = resolver.schema(schema)
    if not isinstance(schema, dict) or types_of(schema) != ("object",):
        return False
    parts = [part for key in ("allOf", *CHOICES) for part in _listed(schema, key)]
    return all(_tells_nothing(resolver.schema(part)) for part in parts)


def as_object(schema: JSON, resolver: Resolver, *, choices: bool) -> dict[str, JSON] | None:
    """The schema as one object with all fields, those of ``allOf`` and (``choices``) those of every alternative too;
    None when it is not made of objects alone."""
    found = _Gathering(resolver, choices).of(schema)
    if found is None:
        return None
    root = resolver.schema(schema)
    out = {"type": "object", **{key: root[key] for key in _KEPT if key in root}, "properties": found.properties}
    required = [name for name in found.required if name in found.properties]
    return {**out, "required": required} if required else out


class _Gathering:
    """Gathers the fields of one object. A part that is reached by many ways is looked at once."""

    def __init__(self, resolver: Resolver, choices: bool) -> None:
        self.resolver = resolver
        self.choices = choices
        self._known: dict[int, tuple[JSON, Fields | None]] = {}

    def of(self, schema: JSON, depth: int = 0) -> Fields | None:
        """The fields of one part; None when it is not made of objects alone."""
        known = self._known.get(id(schema))
        if known is None:
            known = self._known[id(schema)] = (schema, self._fields(self.resolver.schema(schema), depth))
        return known[1]

    def _fields(self, schema: JSON, depth: int) -> Fields | None:
        types = types_of(schema)
        if not isinstance(schema, dict) or depth > _DEEPEST or (types and "object" not in types):
            return None
        properties, required = schema.get("properties"), _listed(schema, "required")
        found = Fields(required={name: None for name in required if isinstance(name, str)})
        found.properties |= properties if isinstance(properties, dict) else {}
        parts = _listed(schema, "allOf")
        for part in parts:
            if self._tells_nothing(part):
                continue
            inner = self.of(part, depth + 1)
            if inner is None:
                return None
            found.both(inner)
        alternatives = [key for key in CHOICES if not all(map(self._tells_nothing, _listed(schema, key)))]
        for key in alternatives:
            one = self._chosen(_listed(schema, key), depth)
            if one is None:
                return None
            found.both(one)
        if not types and not isinstance(properties, dict) and not parts and not alternatives:
            return None
        return found

    def _chosen(self, branches: list[JSON], depth: int) -> Fields | None:
        """The fields of all alternatives; none of them needed unless all need it."""
        if not self.choices:
            return None
        out: Fields | None = None
        for branch in branches:
            if types_of(self.resolver.schema(branch)) == ("null",):
                continue
            inner = self.of(branch, depth + 1)
            if inner is None:
                return None
            if out is None:
                out = Fields(dict(inner.properties), dict(inner.required))
            else:
                out.either(inner)
        return out

    def _tells_nothing(self, part: JSON) -> bool:
        return _tells_nothing(self.resolver.schema(part))


def _listed(schema: dict[str, JSON], key: str) -> list[JSON]:
    value = schema.get(key)
    return value if isinstance(value, list) else []


def _tells_nothing(schema: JSON) -> bool:
    """Whether a part has no field of its own to show, such as ``{"required": ["a"]}``."""
    return isinstance(schema, dict) and all(key in _TELLS_NOTHING for key in schema)


def _plain(schema: JSON) -> bool:
    return isinstance(schema, dict) and not any(key in schema for key in ("$ref", "allOf", *CHOICES))


def _both(one: JSON, other: JSON) -> JSON:
    if _plain(one) and _plain(other) and types_of(one) == types_of(other) and types_of(one) != ("object",):
        return {**one, **other}
    return {"allOf": _together("allOf", one, other)}


def _together(word: str, one: JSON, other: JSON) -> list[JSON]:
    """The parts of both, each once: nested in each other they would double with every level of a document."""
    mine, theirs = (part[word] if _is_only(word, part) else [part] for part in (one, other))
    return [*mine, *(part for part in theirs if part not in mine)]


def _is_only(word: str, schema: JSON) -> bool:
    return isinstance(schema, dict) and set(schema) == {word} and isinstance(schema[word], list)


def _either(one: JSON, other: JSON) -> JSON:
    """One of two. Fixed values, as discriminators have them, join to one list."""
    mine, theirs = _values(one), _values(other)
    if mine and theirs and types_of(one) == types_of(other):
        distinct = [*mine, *(value for value in theirs if value not in mine)]
        return {**{key: value for key, value in one.items() if key not in ("const", "enum")}, "enum": distinct}
    return {"anyOf": _together("anyOf", one, other)}


def _values(schema: JSON) -> list[JSON]:
    if not isinstance(schema, dict):
        return []
    if "const" in schema:
        return [schema["const"]]
    return schema["enum"] if isinstance(schema.get("enum"), list) else []
