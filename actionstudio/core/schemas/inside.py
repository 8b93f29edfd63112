"""Makers of lists and objects: which items and properties to make, with all the schemas that apply to each."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Protocol

import orjson

from actionstudio.core.schemas.flat import Flat, Impossible
from actionstudio.core.schemas.node import Maker, Node, State
from actionstudio.core.schemas.patterns import matching
from actionstudio.core.schemas.words import NOUNS


class Ask(Protocol):
    """What lists and objects ask of the builder: nodes for what is inside, and checks of names."""

    def node(self, schemas: tuple[Any, ...], name: str) -> Node:
        """The node of all these schemas together, for a property of this name."""

    def checker(self, schemas: tuple[Any, ...]) -> Callable[[Any], bool]:
        """Whether a value satisfies all these schemas."""


_TRIES = 40
_MOST_ITEMS = 10_000
_PLAIN_TEXT = {"type": "string"}


def array(flat: Flat, name: str, ask: Ask) -> Maker:
    """Lists within the limits. Raises Impossible when there are none."""
    length = _length(flat)
    singular = name[:-1] if name.endswith("s") and len(name) > 2 else name
    fixed = max((len(prefix) for prefix, _ in flat.lists), default=0)
    slots = [_slot(flat, index, index, singular, ask) for index in range(min(fixed, length[1]))]
    wanted = _wanted(flat, len(slots), length, singular, ask)
    rest = _slot(flat, fixed, fixed, singular, ask)
    least = max(length[0], len(wanted))
    usable = _prefix_length(slots)
    if usable < len(slots) or rest.empty:
        cap = usable if usable < len(slots) else max(len(slots), len(wanted))
        length = (length[0], min(length[1], cap), length[2])
    if least > length[1] and len(wanted) <= usable:
        least = length[0]
    if least > length[1]:
        raise Impossible
    needs = [*slots[:least], *wanted.values()]
    if least > len(slots) and least > len(wanted):
        needs.append(rest)
    compound = any(node.compound for node in (rest, *slots, *wanted.values()))
    return Maker(_list_maker(slots, wanted, rest, (least, length[1], length[2]), flat.unique), tuple(needs), compound)


def _length(flat: Flat) -> tuple[int, int, int]:
    """Least, most and pleasant number of items."""
    least = flat.min_items
    most = _MOST_ITEMS if flat.max_items is None else flat.max_items
    if least > most or least > _MOST_ITEMS:
        raise Impossible
    described = bool(flat.lists or flat.contains or flat.unevaluated_items)
    return least, most, 2 if described else 1


def _slot(flat: Flat, index: int, position: int, name: str, ask: Ask) -> Node:
    schemas = flat.item_schemas(index) or [_PLAIN_TEXT]
    return ask.node(tuple(schemas), name)


def _prefix_length(slots: list[Node]) -> int:
    return next((index for index, slot in enumerate(slots) if slot.empty), len(slots))


def _wanted(flat: Flat, taken: int, length: tuple[int, int, int], name: str, ask: Ask) -> dict[int, Node]:
    """The places that ``contains`` fills: behind the fixed ones where there is room, else on them."""
    wanted: dict[int, Node] = {}
    total = sum(least for _, least, _ in flat.contains)
    start = taken if taken + total <= length[1] else max(0, length[1] - total)
    if flat.unevaluated_items and any(schema is False for schema in flat.unevaluated_items):
        start = start if not taken else min(start, taken)
    for schema, least, _ in flat.contains:
        for _ in range(least):
            schemas = [entry for entry in flat.item_schemas(start) if entry is not False or _strict(flat, start)]
            wanted[start] = ask.node((schema, *schemas), name)
            start += 1
    for place, node in list(wanted.items()):
        if node.empty:
            shared = ask.node((*(schema for schema, _, _ in flat.contains), *flat.item_schemas(0)), name)
            if shared.empty:
                raise Impossible
            return {0: shared} if len(flat.contains) > 1 or place else wanted
    return wanted


def _strict(flat: Flat, index: int) -> bool:
    """Whether ``false`` at this place comes from items, not from unevaluatedItems (which contains satisfies)."""
    return any(index >= len(prefix) and items is False for prefix, items in flat.lists)


def _list_maker(
    slots: list[Node], wanted: dict[int, Node], rest: Node, length: tuple[int, int, int], unique: bool
) -> Callable[[State], list[Any]]:
    least, most, pleasant = length
    usual = max(least, min(most, max(pleasant, len(slots), len(wanted))))
    ordinary = not slots and not wanted and not unique

    def make(state: State) -> list[Any]:
        state.depth += 1
        small = state.depth > 5 or state.left < 0
        count = (
            least
            if small
            else usual
            if rest.empty
            else usual + int(state.rng.random() * (min(most, usual + 1) - usual + 1))
        )
        state.spend(count)
        if ordinary and not rest.empty:
            out = [rest.make(state) for _ in range(count)]
        else:
            out = _items(state, count, least, slots, wanted, rest, unique)
        state.depth -= 1
        return out

    return make


def _items(
    state: State, count: int, least: int, slots: list[Node], wanted: dict[int, Node], rest: Node, unique: bool
) -> list[Any]:
    out: list[Any] = []
    seen: set[bytes] = set()
    for index in range(count):
        node = wanted.get(index) or (slots[index] if index < len(slots) else rest)
        if node.empty:
            break
        for _ in range(_TRIES):
            value = node.make(state)
            mark = marked(value) if unique else b""
            if mark not in seen or not unique:
                break
        else:
            if index < least:
                raise Impossible
            return out
        seen.add(mark)
        out.append(value)
    if len(out) < least:
        raise Impossible
    return out


def marked(value: Any) -> bytes:
    """A value as bytes that are equal for equal JSON values (1 and 1.0 are equal, key order does not count)."""
    return orjson.dumps(_normal(value), option=orjson.OPT_SORT_KEYS)


def _normal(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value) if abs(value) < 2**63 else value
    if isinstance(value, int) and abs(value) >= 2**63:
        return str(value)
    if isinstance(value, list):
        return [_normal(item) for item in value]
    return {key: _normal(item) for key, item in value.items()} if isinstance(value, dict) else value


def obj(flat: Flat, name: str, ask: Ask) -> Maker:
    """Objects within the limits. Raises Impossible when there are none."""
    if flat.forbidden & flat.required.keys():
        raise Impossible
    most = flat.max_properties
    names_ok = _name_check(flat, ask)
    nodes = {key: _property(flat, key, ask) for key in flat.required}
    if any(node.empty for node in nodes.values()) or (most is not None and len(nodes) > most):
        raise Impossible
    if not all(names_ok(key) for key in nodes):
        raise Impossible
    needed = tuple(nodes)
    for key in _optional(flat):
        if most is None or len(nodes) < most:
            _add_group(flat, key, nodes, most, names_ok, ask)
    _add_extra(flat, nodes, most, names_ok, ask)
    if len(nodes) < flat.min_properties:
        raise Impossible
    order = [key for key in _declared(flat) if key in nodes]
    order += [key for key in nodes if key not in set(order)]
    must = set(needed)
    for key in order:
        if len(must) < flat.min_properties:
            must.add(key)
            group = {key: None}
            flat.close(group)
            must.update(entry for entry in group if entry in nodes)
    members = [(key, nodes[key], key in must) for key in order]
    return Maker(
        _object_maker(members, hash(tuple(map(id, flat.parts)))),
        tuple(nodes[key] for key in order if key in must),
        True,
    )


def _property(flat: Flat, key: str, ask: Ask) -> Node:
    return ask.node(tuple(flat.property_schemas(key)) or (_PLAIN_TEXT,), key)


def _declared(flat: Flat) -> list[str]:
    return list(dict.fromkeys(key for named, _, _ in flat.objects for key in named))


def _optional(flat: Flat) -> Iterator[str]:
    for key in _declared(flat):
        if key not in flat.required and key not in flat.forbidden:
            yield key


def _add_group(
    flat: Flat, key: str, nodes: dict[str, Node], most: int | None, names_ok: Callable[[str], bool], ask: Ask
) -> bool:
    """Adds a property with what it brings along, all or nothing."""
    group = {key: None}
    flat.close(group)
    fresh = [entry for entry in group if entry not in nodes]
    if flat.forbidden.intersection(group) or not all(names_ok(entry) for entry in fresh):
        return False
    if most is not None and len(nodes) + len(fresh) > most:
        return False
    made = {entry: _property(flat, entry, ask) for entry in fresh}
    if any(node.empty for node in made.values()):
        return False
    nodes.update(made)
    return True


def _name_check(flat: Flat, ask: Ask) -> Callable[[str], bool]:
    if not flat.names:
        return lambda name: True
    checks = [ask.checker((schema,)) for schema in flat.names]
    return lambda name: all(check(name) for check in checks)


def _add_extra(flat: Flat, nodes: dict[str, Node], most: int | None, names_ok: Callable[[str], bool], ask: Ask) -> None:
    """Properties nobody named: two for a map, one for each pattern, and as many as minProperties still asks for."""
    patterned = [pattern for _, patterns, _ in flat.objects for pattern in patterns]
    is_map = not _declared(flat) and any(isinstance(additional, dict) for _, _, additional in flat.objects)
    goal = max(flat.min_properties, len(nodes) + len(patterned) if patterned else 2 if is_map and not nodes else 0)
    if most is not None:
        goal = min(goal, most)
    for key in itertools.islice(_names(flat, patterned, ask), 60 + 2 * goal):
        if len(nodes) >= goal:
            return
        if key not in nodes and key not in flat.forbidden and names_ok(key):
            _add_group(flat, key, nodes, most, names_ok, ask)


def _names(flat: Flat, patterned: list[str], ask: Ask) -> Iterator[str]:
    rng = Random(11)
    for pattern in patterned:
        yield from _by_pattern(pattern, rng, 1)
    if flat.names:
        made = ask.node((*flat.names, _PLAIN_TEXT), "key")
        for seed in range(30):
            try:
                yield made.make(State(Random(seed)))
            except Impossible:
                break
    yield from NOUNS
    for pattern in patterned:
        yield from _by_pattern(pattern, rng, 20)
    yield from (f"{NOUNS[n % len(NOUNS)]}{n}" for n in itertools.count(1))


def _by_pattern(pattern: str, rng: Random, count: int) -> Iterator[str]:
    grow = matching([pattern], lambda text: True, 1, None)
    for _ in range(count):
        try:
            yield grow(rng)
        except LookupError:
            return


def _object_maker(members: list[tuple[str, Node, bool]], mark: int) -> Callable[[State], dict[str, Any]]:
    everything = [(key, node) for key, node, _ in members]
    flat_only = not any(node.compound for _, node in everything)

    def full(state: State) -> dict[str, Any]:
        return {key: node.make(state) for key, node in everything}

    def make(state: State) -> dict[str, Any]:
        state.spend(1)
        state.depth += 1
        minimal = state.depth > 5 or state.left < 0
        again = state.open.get(mark, 0)
        state.open[mark] = again + 1
        out: dict[str, Any] = {}
        for key, node, needed in members:
            if needed:
                out[key] = node.make(state)
            elif not ((minimal or again) and node.compound) and state.left > -BUDGET_FLOOR:
                depth, opened = state.depth, dict(state.open)
                try:
                    out[key] = node.make(state)
                except Impossible:
                    state.depth, state.open = depth, opened
        state.open[mark] = again
        state.depth -= 1
        return out

    return full if flat_only else make


BUDGET_FLOOR = 2_000
