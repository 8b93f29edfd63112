"""A schema grows by what a value shows: what it lacks to take that value, and the schema that has it.

What stands behind a ``$ref`` to a shared schema grows there; a new field of a schema to be spared stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, MutableMapping
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


def grown(schema: JSON, lack: Lack, shared: Shared, spared: Container[str] = ()) -> JSON:
    """The schema with what it lacked. Shared schemas that grow are replaced in ``shared``. Raises LookupError where
    there is no such place (any more).

    Shared schemas of ``spared`` get no new field as long as it can stand in a part beside them: it cannot where they
    allow no other fields.
    """
    if lack.kind == "field":
        return _at(schema, lack.way[:-1], _Field(lack, shared, spared), shared)
    way = lack.way[:-1] if lack.kind == "optional" else lack.way
    deed = _DEEDS[lack.kind]
    return _at(schema, way, _Deed(lambda node: deed(node, lack, shared)), shared)


class _Deed:
    """A change of one node. ``beside`` is what stands beside a node instead of the change in it; None: it is in it."""

    def __init__(self, change: Callable[[dict[str, JSON]], JSON]) -> None:
        self.change = change

    def beside(self, node: JSON, way: Way) -> JSON:
        return None


class _Field(_Deed):
    """A field more at the end of the way."""

    def __init__(self, lack: Lack, shared: Shared, spared: Container[str]) -> None:
        super().__init__(self.add)
        self._lack, self._shared, self._spared = lack, shared, spared

    def beside(self, node: JSON, way: Way) -> JSON:
        name = refs.name_of(node.get("$ref")) if isinstance(node, dict) else None
        if name is None or name not in self._spared or _closed(node, (*way, self._lack.way[-1]), self._shared):
            return None
        if not way:
            return self._part()
        shape, step = shape_of(node, self._shared), way[0]
        inner = shape.items if isinstance(step, int) else shape.properties.get(step)
        made = _at(inner, way[1:], self, self._shared)
        return {"items": made} if isinstance(step, int) else {"type": "object", "properties": {step: made}}

    def _part(self) -> JSON:
        return {"type": "object", "properties": {self._lack.way[-1]: self._lack.schema}}

    def add(self, node: dict[str, JSON]) -> JSON:
        """In a schema that is put together the field goes into its first part that has some and is not spared."""
        name, parts = self._lack.way[-1], list(node.get("allOf") or ())
        if not node.get("properties"):
            having = [place for place, part in enumerate(parts) if shape_of(part, self._shared).properties]
            for place in having:
                if self.beside(parts[place], ()) is None:
                    parts[place] = _at(parts[place], (), self, self._shared)
                    return {**node, "allOf": parts}
            if having:
                return {**node, "allOf": [*parts, self._part()]}
            if node.get("oneOf") or node.get("anyOf"):
                raise LookupError(name)
        return {**node, "properties": {**(node.get("properties") or {}), name: self._lack.schema}}


def _closed(schema: JSON, way: Way, shared: Mapping[str, JSON]) -> bool:
    """Whether the schema allows nothing at the end of the way."""
    for step in way:
        shape = shape_of(schema, shared)
        if isinstance(step, int):
            schema = shape.items
        elif step in shape.properties:
            schema = shape.properties[step]
        else:
            return shape.other is False
    return False


def _at(node: JSON, way: Way, deed: _Deed, shared: Shared, depth: int = 0) -> JSON:
    """The schema with the node that ``way`` leads to changed."""
    if not isinstance(node, dict) or depth > 4 * _DEEPEST:
        raise LookupError(way)
    name = refs.name_of(node.get("$ref"))
    if name is not None:
        if name not in shared or refs.ref_to(name) != node["$ref"]:
            raise LookupError(way)
        if (beside := deed.beside(node, way)) is not None:
            return {"allOf": _together([node], beside, way)}
        before = shared[name]
        made = _at(before, way, deed, shared, depth + 1)
        if shared[name] is before:  # else the way led back here, and the change is made
            shared[name] = made
        return node
    if not way:
        return deed.change(node)
    step, rest = way[0], way[1:]
    if step == ITEM and isinstance(step, int):
        if isinstance(node.get("items"), dict):
            return {**node, "items": _at(node["items"], rest, deed, shared, depth + 1)}
    elif step in (node.get("properties") or {}):
        inner = _at(node["properties"][step], rest, deed, shared, depth + 1)
        return {**node, "properties": {**node["properties"], step: inner}}
    for word in _WITHIN:
        parts = list(node.get(word) or ())
        leading = [place for place, part in enumerate(parts) if _leads(part, step, shared)]
        if leading:
            own = (place for place in leading if word == "allOf" and deed.beside(parts[place], way) is None)
            place = next(own, leading[0])
            beside = deed.beside(parts[place], way) if word == "allOf" else None
            if beside is not None:
                return {**node, word: _together(parts, beside, way)}
            parts[place] = _at(parts[place], way, deed, shared, depth + 1)
            return {**node, word: parts}
    raise LookupError(way)


def _together(parts: list[JSON], beside: JSON, way: Way) -> list[JSON]:
    """Whoever reads what several parts say of one field takes the first: the one that knows more."""
    return [beside, *parts] if way else [*parts, beside]


def _leads(part: JSON, step: str | int, shared: Mapping[str, JSON]) -> bool:
    shape = shape_of(part, shared)
    return shape.items is not True if isinstance(step, int) else step in shape.properties


def _without_required(node: dict[str, JSON], lack: Lack, shared: Shared) -> JSON:
    out, name = dict(node), lack.way[-1]
    if isinstance(out.get("required"), list):
        out["required"] = [one for one in out["required"] if one != name]
        if not out["required"]:
            del out["required"]
    parts = [
        _at(part, (), _Deed(lambda inner: _without_required(inner, lack, shared)), shared)
        if isinstance(part, dict)
        else part
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
    "optional": _without_required,
    "type": _with_type,
    "value": _with_value,
}
