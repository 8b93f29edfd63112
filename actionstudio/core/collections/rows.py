"""Rows as they are kept and as they are shown: defaults and generated values go in, what is not declared stays out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from actionstudio.core.behaviour import Collection
from actionstudio.core.collections.fields import MISSING, at
from actionstudio.core.collections.ids import with_id
from actionstudio.core.schemas import refs
from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.shape import Shape, shape_of
from actionstudio.core.schemas.validate import SchemaError, Validator, compile_validator

type JSON = Any
type Trim = Callable[[JSON], JSON]

_DEEPEST = 8


class Maker:
    """Completes the rows of one collection by its schema."""

    def __init__(self, collection: Collection, components: Mapping[str, JSON], sent: JSON = None) -> None:
        """``sent`` is the schema in which rows arrive. A field that the row has as an object and a caller sends as a
        number or a text (``amount: 10.25`` for money) becomes such an object with what was sent in it."""
        self.collection = collection
        self._wraps: dict[str, tuple[str, ...]] = {}
        schema = collection.schema
        self.checker: Validator | None = None
        self._sampler: Any = None
        self._defaults: dict[str, JSON] = {}
        self._required: tuple[str, ...] = ()
        self._kept: tuple[str, ...] = ()
        if schema is None:
            return
        properties = shape_of(schema, components).properties
        self._defaults = {
            name: value["default"] for name, value in _resolved(properties, components) if "default" in value
        }
        self._kept = tuple(name for name, value in _resolved(properties, components) if value.get("readOnly") is True)
        self._required = tuple(dict.fromkeys(required(schema, components)))
        if sent is not None:
            self._wraps = dict(_wraps(properties, shape_of(sent, components).properties, components))
        try:
            self.checker = compile_validator(schema, components)
            self._sampler = compile_sampler(schema, components)
        except (SchemaError, Unsatisfiable, RecursionError):
            pass

    def complete(self, row: JSON, key: str) -> JSON:
        """A new row with the schema's defaults, and generated values (the same for the same key) for what is required
        and missing."""
        if not isinstance(row, dict):
            return row
        out = dict(row)
        for name, value in self._defaults.items():
            if name not in out:
                out[name] = copy.deepcopy(value)
        missing = [name for name in self._required if name not in out]
        wrapped = [name for name in self._wraps if name in out and not isinstance(out[name], dict)]
        made = self._sampler.sample(f"{self.collection.name}/{key}") if (missing or wrapped) and self._sampler else {}
        if isinstance(made, dict):
            out |= {name: _wrapped(made.get(name), self._wraps[name], out[name]) for name in wrapped}
            out |= {name: made[name] for name in missing if name in made}
        return out

    def served(self, row: JSON, key: str) -> JSON:
        """A row with generated values for what only the server sets (readOnly) and the schema requires."""
        if not isinstance(row, dict):
            return row
        made = self.complete(row, key)
        return {**row, **{name: made[name] for name in self._kept if name in made and name in self._required}}

    def replaced(self, old: JSON, new: JSON, key: str) -> JSON:
        """``new`` in the place of ``old``: the id and what only the server may set (readOnly) stay."""
        if not isinstance(new, dict) or not isinstance(old, dict):
            return new
        out = {**{name: old[name] for name in self._kept if name in old and name not in new}, **new}
        return self.complete(self.with_id_of(old, out), key)

    def with_id_of(self, old: JSON, new: JSON) -> JSON:
        """``new`` with the id that ``old`` has."""
        field = self.collection.id_field
        value = at(old, field) if field else MISSING
        if value is MISSING or not isinstance(new, dict):
            return new
        return with_id(new, field, value)


def _wraps(
    row: Mapping[str, JSON], sent: Mapping[str, JSON], components: Mapping[str, JSON]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Fields that are objects in the row and plain in what is sent, with the names in the object that may take it."""
    for name in row.keys() & sent.keys():
        inner, outer = shape_of(row[name], components), shape_of(sent[name], components)
        if inner.properties and outer.kinds and not outer.kinds & (inner.kinds | {"object", "array"}):
            fitting = [
                one for one, value in inner.properties.items() if shape_of(value, components).kinds & outer.kinds
            ]
            yield name, tuple(sorted(fitting, key=lambda one: one not in (name, "value", "amount", "id", "name")))


def _wrapped(made: JSON, names: tuple[str, ...], value: JSON) -> JSON:
    """What was sent, in the object that the row has for it."""
    inner = dict(made) if isinstance(made, dict) else {}
    return {**inner, names[0]: value} if names else inner


def merged(target: JSON, patch: JSON) -> JSON:
    """``target`` with a JSON Merge Patch applied (RFC 7396, section 2): null takes a member off."""
    if not isinstance(patch, dict):
        return patch
    out = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            out.pop(name, None)
        else:
            out[name] = merged(out.get(name), value)
    return out


def required(schema: JSON, components: Mapping[str, JSON], depth: int = 0) -> Iterator[str]:
    """The names that an object of ``schema`` must have, those of its allOf included."""
    schema = refs.resolve(schema, components)
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    names = schema.get("required")
    yield from (name for name in names if isinstance(name, str)) if isinstance(names, list) else ()
    for part in schema.get("allOf", ()):
        yield from required(part, components, depth + 1)


def trimmer(schema: JSON, components: Mapping[str, JSON], known: frozenset[str] = frozenset()) -> Trim | None:
    """Takes out of a row what an answer of ``schema`` does not show; None when that is nothing.

    writeOnly fields; undeclared ones where the schema allows no others; and those in ``known``, which the document
    declares elsewhere but not here (a summary).
    """
    return _Trimming(components).of(schema, known)


class _Trimming:
    """Goes into each shared schema once; within a circle its second turn is left as it is."""

    def __init__(self, components: Mapping[str, JSON]) -> None:
        self._components = components
        self._found: dict[str, Trim | None] = {}
        self._left = 2_000

    def of(self, schema: JSON, known: frozenset[str] = frozenset()) -> Trim | None:
        name = refs.name_of(schema.get("$ref")) if isinstance(schema, dict) else None
        if name is None or known:
            return self._made(schema, known)
        if name not in self._found:
            self._found[name] = None
            self._found[name] = self._made(schema, known)
        return self._found[name]

    def _made(self, schema: JSON, known: frozenset[str]) -> Trim | None:
        self._left -= 1
        if self._left < 0:
            return None
        shape = shape_of(schema, self._components)
        if "array" in shape.kinds and not shape.properties:
            inner = self.of(shape.items, known)
            return None if inner is None else lambda value: _each(value, inner)
        return self._object(shape, known) if shape.properties else None

    def _object(self, shape: Shape, known: frozenset[str]) -> Trim | None:
        properties = shape.properties
        hidden = {name for name, value in _resolved(properties, self._components) if value.get("writeOnly") is True}
        hidden |= known - properties.keys()
        only = properties.keys() - hidden if shape.other is False else None
        tried = {name: self.of(value) for name, value in properties.items() if name not in hidden}
        inside = {name: trim for name, trim in tried.items() if trim is not None}
        if not hidden and only is None and not inside:
            return None

        def trim(value: JSON) -> JSON:
            if not isinstance(value, dict):
                return value
            out = {name: item for name, item in value.items() if name not in hidden and (only is None or name in only)}
            for name, inner in inside.items():
                if name in out:
                    out[name] = inner(out[name])
            return out

        return trim


def _each(value: JSON, trim: Trim) -> JSON:
    return [trim(item) for item in value] if isinstance(value, list) else value


def _resolved(
    properties: Mapping[str, JSON], components: Mapping[str, JSON]
) -> Iterator[tuple[str, Mapping[str, JSON]]]:
    for name, value in properties.items():
        found = refs.resolve(value, components)
        yield name, found if isinstance(found, dict) else {}
