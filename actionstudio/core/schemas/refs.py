"""Which shared schemas a schema refers to, directly and by way of others, and what follows from that.

References are JSON Pointers into the document, ``#/components/schemas/Name`` (OpenAPI 3.1, section 4.8.24).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

type Schema = dict[str, Any] | bool

PREFIX = "#/components/schemas/"
REFERENCES = ("$ref", "$dynamicRef")
SINGLE = {"not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames"}
SINGLE |= {"unevaluatedItems", "unevaluatedProperties", "contentSchema"}
LISTS = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
MAPS = frozenset(("properties", "patternProperties", "dependentSchemas", "$defs", "definitions"))
_KEPT = 4096
_direct: OrderedDict[int, tuple[Any, frozenset[str]]] = OrderedDict()


def children(schema: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The schemas that stand directly inside ``schema``, each with its way there (examples are not entered)."""
    if not isinstance(schema, dict):
        return
    for key, value in schema.items():
        if key in SINGLE:
            yield (key,), value
        elif key in LISTS and isinstance(value, list):
            yield from (((key, index), item) for index, item in enumerate(value))
        elif key in MAPS and isinstance(value, dict):
            yield from (((key, name), item) for name, item in value.items())


def walk(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object schema in ``schema``, itself first."""
    stack = [schema]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            yield node
            stack.extend(reversed([child for _, child in children(node)]))


def rebuild(schema: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """A copy of ``schema`` with every object schema in it, inner ones first, put through ``change``."""
    if not isinstance(schema, dict):
        return schema
    out = dict(schema)
    for way, child in children(schema):
        if len(way) == 1:
            out[way[0]] = rebuild(child, change)
            continue
        if out[way[0]] is schema[way[0]]:
            out[way[0]] = schema[way[0]].copy()
        out[way[0]][way[1]] = rebuild(child, change)
    return change(out)


def unescape(token: str) -> str:
    """One reference token of a JSON Pointer in a URI fragment, decoded (RFC 6901, sections 4 and 6)."""
    if "%" in token:
        token = unquote(token)
    return token.replace("~1", "/").replace("~0", "~")


def escape(name: str | int) -> str:
    """A name as one reference token of a JSON Pointer (RFC 6901, section 3)."""
    return str(name).replace("~", "~0").replace("/", "~1")


def pointer(way: Any) -> str:
    """A way of names and numbers as a JSON Pointer."""
    return "".join(f"/{escape(step)}" for step in way)


def ref_to(name: str) -> str:
    """The ``$ref`` that points to the shared schema ``name``."""
    return PREFIX + quote(escape(name), safe="~!$&'()*+,;=:@-._")


def name_of(ref: Any) -> str | None:
    """The shared schema a ``$ref`` points to or into, or None when it points elsewhere."""
    if not isinstance(ref, str) or not ref.startswith(PREFIX):
        return None
    return unescape(ref[len(PREFIX) :].partition("/")[0])


def refs(schema: Any) -> set[str]:
    """The names of the shared schemas that ``schema`` itself refers to (not those they refer to)."""
    found = (name_of(node.get(key)) for node in walk(schema) for key in REFERENCES)
    return {name for name in found if name is not None}


def direct(schema: Any) -> frozenset[str]:
    """The same as :func:`refs`, remembered per schema object. A schema is a value: nobody may change it in place."""
    key = id(schema)
    kept = _direct.get(key)
    if kept is not None and kept[0] is schema:
        return kept[1]
    names = frozenset(refs(schema))
    _direct[key] = (schema, names)
    while len(_direct) > _KEPT:
        _direct.popitem(last=False)
    return names


def reachable(schema: Any, components: Mapping[str, Any]) -> dict[str, Any]:
    """The shared schemas ``schema`` needs, also by way of others. Names that do not exist are left out."""
    found: dict[str, Any] = {}
    todo = sorted(refs(schema))
    while todo:
        name = todo.pop()
        if name not in found and name in components:
            found[name] = components[name]
            todo.extend(sorted(direct(components[name])))
    return found


def missing(schema: Any, components: Mapping[str, Any]) -> set[str]:
    """The names that ``schema``, or a shared schema it needs, refers to although they do not exist."""
    wanted = refs(schema)
    for found in reachable(schema, components).values():
        wanted |= direct(found)
    return {name for name in wanted if name not in components}


def resolve(schema: Any, components: Mapping[str, Any]) -> Any:
    """``schema`` with a plain ``$ref`` to a shared schema followed. Unknown names and circles end as ``{}``."""
    seen: set[str] = set()
    while isinstance(schema, dict) and "$ref" in schema:
        name = name_of(schema["$ref"])
        if name is None or name in seen or ref_to(name) != schema["$ref"]:
            return schema
        seen.add(name)
        target = components.get(name, {})
        if not isinstance(target, dict):
            return target
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def find_cycle(components: Mapping[str, Any]) -> list[str] | None:
    """The first circle of references, as names that begin and end alike (``["Order", "Line", "Order"]``), or None."""
    return first_circle(components, lambda name: sorted(direct(components[name])))


def first_circle(names: Collection[str], inside: Callable[[str], Iterable[str]]) -> list[str] | None:
    """The first way from one of ``names`` back to itself, or None. ``inside`` says where one leads."""
    done: set[str] = set()
    for start in names:
        path: dict[str, None] = {}  # in order; a list would be searched from its start at every step
        stack: list[Iterator[str]] = [iter([start])]
        while stack:
            name = next(stack[-1], None)
            if name is None:
                stack.pop()
                if path:
                    done.add(path.popitem()[0])
            elif name in path:
                way = list(path)
                return [*way[way.index(name) :], name]
            elif name in names and name not in done:
                path[name] = None
                stack.append(iter(inside(name)))
    return None


def groups(components: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Shared schemas by who contains whom: those that contain each other are one group, and each group comes after all
    that it refers to (the strongly connected components of R. Tarjan, "Depth-first search and linear graph
    algorithms", 1972). The same for every order of ``components`` but for the order of groups that are strangers."""
    found: list[tuple[str, ...]] = []
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    for start in components:
        ways = [] if start in number else [(start, _known(start, components))]
        while ways:
            name, further = ways[-1]
            if name not in number:
                number[name] = lowest[name] = len(number)
                waiting.append(name)
            step = next(further, None)
            if step is None:
                ways.pop()
                if ways:
                    lowest[ways[-1][0]] = min(lowest[ways[-1][0]], lowest[name])
                if lowest[name] == number[name]:
                    at = waiting.index(name)
                    found.append(tuple(waiting[at:]))
                    lowest |= dict.fromkeys(waiting[at:], len(components))
                    del waiting[at:]
            elif step not in number:
                ways.append((step, _known(step, components)))
            else:
                lowest[name] = min(lowest[name], lowest[step])
    return found


def _known(name: str, components: Mapping[str, Any]) -> Iterator[str]:
    return iter(sorted(direct(components[name]) & components.keys()))


def rename_ref(schema: Any, old: str, new: str) -> Any:
    """``schema`` with every reference to the shared schema ``old`` (or into it) pointing to ``new``."""

    def renamed(node: dict[str, Any]) -> dict[str, Any]:
        for key in REFERENCES:
            if name_of(node.get(key)) == old:
                rest = node[key][len(PREFIX) :].partition("/")[2]
                node = {**node, key: ref_to(new) + (f"/{rest}" if rest else "")}
        return _renamed_mapping(node, old, new)

    return rebuild(schema, renamed)


def _renamed_mapping(node: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The discriminator's mapping (OpenAPI 3.1, section 4.8.25) names shared schemas too."""
    mapping = node.get("discriminator", {}).get("mapping") if isinstance(node.get("discriminator"), dict) else None
    if not isinstance(mapping, dict):
        return node
    moved = {
        key: ref_to(new) if name_of(value) == old else new if value == old else value for key, value in mapping.items()
    }
    return node if moved == mapping else {**node, "discriminator": {**node["discriminator"], "mapping": moved}}
