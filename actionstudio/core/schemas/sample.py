"""A schema becomes example values: deterministic by seed, plausible by name, and valid, because each is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from random import Random
from typing import Any

import orjson

from actionstudio.core.schemas import refs
from actionstudio.core.schemas.branches import Branches, identity
from actionstudio.core.schemas.flat import Flat, Impossible
from actionstudio.core.schemas.inside import array, obj
from actionstudio.core.schemas.local import localised
from actionstudio.core.schemas.makers import number, text
from actionstudio.core.schemas.node import Maker, Node, State, TooMuch, settle_heights
from actionstudio.core.schemas.validate import SchemaError, Validator, compile_validator

SEEDS = (1, 2, 3)
_ALTERNATIVES = 24
_KEPT = 8
_PATIENT = 400
_TRIES = 12
_DEEPEST = 60
_MOST_NODES = 5_000
_PART = 200  # characters of a text that count as one part of a value
_STEPS = 60_000
_NODE_STEPS = 4_000
_FEW_STEPS = 60


_SIMPLE: tuple[Any, ...] = ({}, "text", 1, [], None, True, False, 0, "", -1, 1.5)
LAST_RESORT: tuple[Any, ...] = (*_SIMPLE, [1], ["text"], {"name": "text"}, [[]], [{}])


class Unsatisfiable(ValueError):
    """No valid value was found: the schema contradicts itself, or is too entangled."""


class Sampler:
    """Makes example values of one schema; see :func:`compile_sampler`."""

    __slots__ = ("_known", "_node", "_ok")

    def __init__(self, node: Node, ok: Callable[[Any], bool], known: Any) -> None:
        self._node = node
        self._ok = ok
        self._known = orjson.dumps(known)

    def sample(self, seed: int | str) -> Any:
        """A valid value, the same for the same seed, independent of all values made before."""
        rng = Random(seed)
        for _ in range(_TRIES):
            try:
                value = self._node.make(State(rng))
            except (Impossible, TooMuch):
                continue
            if self._ok(value):
                return value
        return orjson.loads(self._known)


def compile_sampler(
    schema: Any,
    components: Mapping[str, Any],
    *,
    prefer_examples: bool = True,
    documents: Mapping[str, Any] | None = None,
) -> Sampler:
    """The sampler of ``schema``, whose references are looked up in ``components`` (and by URI in ``documents``).

    With ``prefer_examples`` the schema's own examples and defaults, at any depth, are used where they are valid.
    Raises SchemaError when the schema cannot be used, Unsatisfiable when no valid value is found.
    """
    validator = compile_validator(schema, components, documents=documents)
    root, shared = localised(schema, components, documents)
    for patient in (False, True):
        builder = _Builder(shared, prefer_examples, patient)
        node = builder.node((root,), "")
        settle_heights(builder.nodes)
        known = _trial(node, validator)
        if known is not None:
            return Sampler(node, validator.ok, known[0])
    right = [value for value in LAST_RESORT if validator.ok(value)]
    if right:
        last = Node("", (root,))
        last.makers = [_fixed(right)]
        return Sampler(last, validator.ok, right[0])
    raise Unsatisfiable("no value was found that satisfies this schema")


def _trial(node: Node, validator: Validator) -> list[Any] | None:
    """A first valid value in a list, None when there is none; most seeds have to give one."""
    right: list[Any] = []
    for seed in (*SEEDS, *range(10, 40)):
        try:
            value = node.make(State(Random(seed)))
        except Impossible:
            continue
        except TooMuch:
            return right or None
        if validator.ok(value):
            right.append(value)
            if len(right) == 2 or seed > 9:
                return right
    return right or None


class _Builder:
    """Turns schemas into nodes, each distinct list of schemas once, so that recursion closes."""

    def __init__(self, components: Mapping[str, Any], prefer_examples: bool, patient: bool) -> None:
        self._components = components
        self._branches = Branches(components)
        self._prefer = prefer_examples
        self._patient = patient
        self._known: dict[tuple[Any, ...], Node] = {}
        self._open = 0
        self._steps = _STEPS
        self.nodes: list[Node] = []

    def node(self, schemas: tuple[Any, ...], name: str) -> Node:
        """The node of all these schemas together, for a property of this name."""
        distinct = {identity(schema): schema for schema in schemas if schema is not True}
        schemas = tuple(distinct.values())
        key = (name, *sorted(map(repr, distinct)))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Node(name, schemas)
            self.nodes.append(found)
            self._open += 1
            if self._open < _DEEPEST and len(self.nodes) < _MOST_NODES:
                self._fill(found)
            self._open -= 1
            found.closed = True
        return found

    def _fill(self, node: Node) -> None:
        alternatives = self._alternatives(node.schemas)
        ok: Callable[[Any], bool] | None = None
        free = not self._patient and (len(alternatives) == 1 or self._branches.open(node.schemas))
        for parts in alternatives:
            try:
                flat = Flat(parts)
            except Impossible:
                continue
            simple = flat.simple and free
            if not simple and ok is None:
                ok = self.checker(node.schemas)
            for maker in self._makers(flat, node.name, node.schemas):
                if simple or self._works(maker, ok):
                    node.makers.append(maker)
                    break
            if len(node.makers) >= _KEPT or (simple and node.makers and len(alternatives) == 1):
                break
        if self._patient and not node.makers:
            ok = self.checker(node.schemas)
            right = [value for value in LAST_RESORT if ok(value)]
            if right:
                node.makers.append(_fixed(right))
        node.estimate()

    def _alternatives(self, schemas: tuple[Any, ...]) -> list[Any]:
        """The ways to satisfy the schemas; with patience, where there are very many, also some from all over."""
        if not self._patient:
            return self._expanded(schemas, _ALTERNATIVES)
        found = self._expanded(schemas, _PATIENT)
        if len(found) == _PATIENT:
            for seed in range(_PATIENT // 2):
                found += self._expanded(schemas, 1, Random(seed))
        return found

    def _expanded(self, schemas: tuple[Any, ...], most: int, rng: Random | None = None) -> list[Any]:
        """So many ways at most. All nodes together may look at so many, then each only at a few."""
        steps = max(_FEW_STEPS, min(_NODE_STEPS, self._steps))
        found = list(islice(self._branches.expand(schemas, steps, rng), most))
        self._steps -= steps - self._branches.left
        return found

    def checker(self, schemas: tuple[Any, ...]) -> Callable[[Any], bool]:
        """Whether a value satisfies all these schemas; always True when that cannot be told."""
        schema: Any = schemas[0] if len(schemas) == 1 else {"allOf": list(schemas)} if schemas else True
        try:
            return compile_validator(refs.rebuild(schema, _without_private), self._components).ok
        except SchemaError:
            return lambda value: True

    def _works(self, maker: Maker, ok: Callable[[Any], bool] | None) -> bool:
        for seed in range(12 if self._patient else 5):
            try:
                if ok is None or ok(maker.make(State(Random(seed)))):
                    return True
            except Impossible:
                continue
            except TooMuch:
                return False
        return False

    def _makers(self, flat: Flat, name: str, schemas: tuple[Any, ...]) -> Any:
        """The makers of one alternative, the most fitting first; later ones are for when that one fails."""
        if self._prefer and flat.examples:
            ok = self.checker(schemas)
            right = [value for value in flat.examples if ok(value)]
            if right:
                yield _fixed(right)
                return
        if flat.values is not None:
            ok = self.checker(schemas)
            right = [value for value in flat.values if ok(value)]
            if right:
                yield _fixed(right)
            return
        for kind in flat.kinds():
            try:
                yield self._of_kind(flat, kind, name)
            except Impossible:
                continue

    def _of_kind(self, flat: Flat, kind: str, name: str) -> Maker:
        if kind in ("integer", "number"):
            return _scalar(number(flat, kind, name))
        if kind == "string":
            return _scalar(text(flat, name))
        if kind == "array":
            return array(flat, name, self)
        if kind == "object":
            return obj(flat, name, self)
        if kind == "boolean":
            return _scalar(lambda rng: rng.random() < 0.5)
        return _scalar(lambda rng: None)


def _scalar(make: Callable[[Random], Any]) -> Maker:
    def scalar(state: State) -> Any:
        value = make(state.rng)
        if isinstance(value, str) and len(value) > _PART:
            state.spend(len(value) // _PART)
        return value

    return Maker(scalar)


def _fixed(values: list[Any]) -> Maker:
    """One of these values, a fresh copy where it could be changed."""
    kept = [orjson.dumps(value) if isinstance(value, list | dict) else value for value in values]
    if len(values) == 1 and not isinstance(kept[0], bytes):
        only = kept[0]
        return Maker(lambda state: only)

    def make(state: State) -> Any:
        value = kept[int(state.rng.random() * len(kept))]
        return orjson.loads(value) if isinstance(value, bytes) else value

    return Maker(make)


def _without_private(schema: dict[str, Any]) -> dict[str, Any]:
    """The words branches add for makers mean, to a validator, what they were made from."""
    if "x-forbidden" not in schema and "x-reject" not in schema:
        return schema
    out = {key: value for key, value in schema.items() if key not in ("x-forbidden", "x-reject")}
    nots = [{"required": [name]} for name in schema.get("x-forbidden", ())]
    if schema.get("x-reject"):
        nots.append(schema["x-reject"])
    return {**out, "allOf": [*out.get("allOf", ()), *({"not": one} for one in nots)]}
