"""A schema grows by what a value shows: what it lacks to take that value, and the schema that has it.

What stands behind a ``$ref`` to a shared schema grows there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from actionstudio.core.schemas import refs
from actionstudio.core.schemas.infer import infer
from actionstudio.core.schemas.shape import kind_of, shape_of

type JSON = Any
type Way = tuple[str | int, ...]
type Shared = MutableMapping[str, JSON]

ITEM = 0  # stands for every item of a list
MOST = 40
_DEEPEST = 12
_ITEMS = 50
_WITHIN = ("allOf", "anyOf", "oneOf")
_ORDER = ("string", "integer", "number", "boolean", "object", "array", "null")


@dataclass(frozen=True, slots=True)
class Lack:
    """What a schema lacks at ``way``. ``kind``: field (not declared), type (another one), value (not in the enum),
    optional (required and not there). ``schema`` is what the values show, ``values`` are some of them."""

    kind: str
    way: Way
    schema: JSON
    values: tuple[JSON, ...] = ()


def lacks(value: JSON, schema: JSON, components: Mapping[str, JSON], side: str = "request") -> list[Lack]:
    """What ``schema`` would need to take all of ``value``; only what it can be given. ``side`` is request or answer."""
    found = _lacks(value, schema, components, side)
    return [one for one in found if _helps(one, value, schema, components, side)]


def _lacks(value: JSON, schema: JSON, components: Mapping[str, JSON], side: str) -> list[Lack]:
    seen: dict[tuple[str, Way], list[JSON]] = {}
    for kind, way, item in islice(_walk(value, schema, components, (), "readOnly" if side == "request" else ""), 500):
        seen.setdefault((kind, way), []).append(item)
    found = [Lack(kind, way, _shown(items), tuple(items[:5])) for (kind, way), items in seen.items()]
    return found[:MOST]


def _shown(values: list[JSON]) -> JSON:
    """The schema of some values; one call proves of no member that it is always there."""
    return refs.rebuild(infer(values), lambda node: {key: item for key, item in node.items() if key != "required"})


def _walk(
    value: JSON, schema: JSON, components: Mapping[str, JSON], way: Way, hidden: str
) -> Iterator[tuple[str, Way, JSON]]:
    shape, kind = shape_of(schema, components), kind_of(value)
    plain = refs.resolve(schema, components)
    plain = plain if isinstance(plain, dict) else {}
    if shape.kinds and kind not in shape.kinds and not (kind == "integer" and "number" in shape.kinds):
        yield "type", way, value
    elif _enum(plain) is not None and not any(_same(value, one) for one in _enum(plain) or ()):
        yield "value", way, value
    elif isinstance(value, dict) and len(way) < _DEEPEST:
        yield from _members(value, schema, components, way, hidden)
    elif isinstance(value, list) and len(way) < _DEEPEST and shape.items is not True:
        for item in value[:_ITEMS]:
            yield from _walk(item, shape.items, components, (*way, ITEM), hidden)


def _members(
    value: dict[str, JSON], schema: JSON, components: Mapping[str, JSON], way: Way, hidden: str
) -> Iterator[tuple[str, Way, JSON]]:
    shape = shape_of(schema, components)
    for name, item in value.items():
        if name in shape.properties:
            yield from _walk(item, shape.properties[name], components, (*way, name), hidden)
        elif shape.other is False or (shape.properties and shape.other is True):
            yield "field", (*way, name), item
    for name in sorted(_required(schema, components)):
        inner = refs.resolve(shape.properties.get(name), components)
        if name not in value and not (isinstance(inner, dict) and hidden and inner.get(hidden)):
            yield "optional", (*way, name), None


def _required(schema: JSON, components: Mapping[str, JSON], depth: int = 0) -> set[str]:
    schema = refs.resolve(schema, components)
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return set()
    found = {name for name in schema.get("required") or () if isinstance(name, str)}
    return found.union(*(_required(part, components, depth + 1) for part in schema.get("allOf") or ()))


def _enum(schema: Mapping[str, JSON]) -> list[JSON] | None:
    if "const" in schema:
        return [schema["const"]]
    return schema["enum"] if isinstance(schema.get("enum"), list) else None


def _same(one: JSON, other: JSON) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _helps(lack: Lack, value: JSON, schema: JSON, components: Mapping[str, JSON], side: str) -> bool:
    """Whether the schema can be given what it lacks, and is then closer to taking the value."""
    shared = dict(components)
    try:
        after = grown(schema, lack, shared)
    except LookupError:
        return False
    return all((one.kind, one.way) != (lack.kind, lack.way) for one in _lacks(value, after, shared, side))


def grown(schema: JSON, lack: Lack, shared: Shared) -> JSON:
    """The schema with what it lacked. Shared schemas that grow are replaced in ``shared``. Raises LookupError where
    there is no such place (any more)."""
    way = lack.way[:-1] if lack.kind in ("field", "optional") else lack.way
    deed = _DEEDS[lack.kind]
    return _at(schema, way, lambda node: deed(node, lack, shared), shared)


def _at(node: JSON, way: Way, change: Callable[[dict[str, JSON]], JSON], shared: Shared, depth: int = 0) -> JSON:
    """The schema with the node that ``way`` leads to changed."""
    if not isinstance(node, dict) or depth > 4 * _DEEPEST:
        raise LookupError(way)
    name = refs.name_of(node.get("$ref"))
    if name is not None:
        if name not in shared or refs.ref_to(name) != node["$ref"]:
            raise LookupError(way)
        before = shared[name]
        made = _at(before, way, change, shared, depth + 1)
        if shared[name] is before:  # else the way led back here, and the change is made
            shared[name] = made
        return node
    if not way:
        return change(node)
    step, rest = way[0], way[1:]
    if step == ITEM and isinstance(step, int):
        if isinstance(node.get("items"), dict):
            return {**node, "items": _at(node["items"], rest, change, shared, depth + 1)}
    elif step in (node.get("properties") or {}):
        inner = _at(node["properties"][step], rest, change, shared, depth + 1)
        return {**node, "properties": {**node["properties"], step: inner}}
    for word in _WITHIN:
        for place, part in enumerate(node.get(word) or ()):
            if _leads(part, step, shared):
                parts = list(node[word])
                parts[place] = _at(part, way, change, shared, depth + 1)
                return {**node, word: parts}
    raise LookupError(way)


def _leads(part: JSON, step: str | int, shared: Mapping[str, JSON]) -> bool:
    shape = shape_of(part, shared)
    return shape.items is not True if isinstance(step, int) else step in shape.properties


def _with_field(node: dict[str, JSON], lack: Lack, shared: Shared) -> JSON:
    """A property more; in a schema that is put together, in its first part that has some."""
    name, parts = lack.way[-1], node.get("allOf") or []
    if not node.get("properties"):
        for place, part in enumerate(parts):
            if shape_of(part, shared).properties:
                grown_part = _at(part, (), lambda inner: _with_field(inner, lack, shared), shared)
                return {**node, "allOf": [*parts[:place], grown_part, *parts[place + 1 :]]}
        if node.get("oneOf") or node.get("anyOf"):
            raise LookupError(name)
    return {**node, "properties": {**(node.get("properties") or {}), name: lack.schema}}


def _without_required(node: dict[str, JSON], lack: Lack, shared: Shared) -> JSON:
    out, name = dict(node), lack.way[-1]
    if isinstance(out.get("required"), list):
        out["required"] = [one for one in out["required"] if one != name]
        if not out["required"]:
            del out["required"]
    parts = [
        _at(part, (), lambda inner: _without_required(inner, lack, shared), shared) if isinstance(part, dict) else part
        for part in node.get("allOf") or ()
    ]
    return {**out, "allOf": parts} if parts else out


def _with_type(node: dict[str, JSON], lack: Lack, shared: Shared) -> JSON:
    """The other type beside those there are; its values beside those of an enum."""
    for word in ("anyOf", "oneOf"):
        if "type" not in node and node.get(word):
            return {**node, word: [*node[word], lack.schema]}
    out = dict(node)
    if "type" in node:
        had = [node["type"]] if isinstance(node["type"], str) else list(node["type"])
        more = lack.schema.get("type", [])
        kinds = dict.fromkeys([*had, *([more] if isinstance(more, str) else more)])
        known = sorted(kinds, key=lambda kind: _ORDER.index(kind) if kind in _ORDER else len(_ORDER))
        out["type"] = known[0] if len(known) == 1 else known
        out |= {key: item for key, item in lack.schema.items() if key in ("properties", "items") and key not in node}
    return _with_value(out, lack, shared) if _enum(node) is not None else out


def _with_value(node: dict[str, JSON], lack: Lack, shared: Shared) -> JSON:
    had = _enum(node)
    if had is None:
        raise LookupError(lack.way)
    fresh: list[JSON] = []
    for value in lack.values:
        if not any(_same(value, one) for one in (*had, *fresh)):
            fresh.append(value)
    return {**{key: item for key, item in node.items() if key != "const"}, "enum": [*had, *fresh]}


_DEEDS: Mapping[str, Callable[[dict[str, JSON], Lack, Shared], JSON]] = {
    "field": _with_field,
    "optional": _without_required,
    "type": _with_type,
    "value": _with_value,
}
