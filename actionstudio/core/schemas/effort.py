"""What checking a value against a schema costs, reckoned before it is done: no schema and no value may hang a worker.

Schemas that refer to others twice (``anyOf: [A, A]``, again in A, …) are looked at twice as often with each step, and
so are the parts of a value when a schema refers to itself from several branches. The engine follows all of that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from actionstudio.core.schemas import refs

type JSON = Any
type _Below = dict[str, dict[int, int]]  # by the child's name: how often each schema is asked about that child

CHECKED = 2_000_000  # looks at a part of a value, for a yes or no: some 70 ns each
TOLD = 2_000  # looks, when each may become a sentence: some 15 µs each
LIGHT = 8  # looks at any one part, up to which the size of a body is bound enough
DEEPEST = 100
_LEVELS = 128
_MOST = 10**9
_ANY = ""  # children of every name
_HERE = ("not", "if", "then", "else")
_EVERY = (
    "items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties",
)  # fmt: skip


class Effort:
    """The looks that a schema takes at one part of a value, by how deep that part lies: at worst, never more."""

    __slots__ = ("light", "looks")

    def __init__(self, document: JSON) -> None:
        self.looks = _Reckoning(document).looks()
        self.light = max(self.looks) <= LIGHT

    def affords(self, value: JSON, most: int) -> bool:
        """Whether a value takes at most so many looks."""
        level, depth = [value], 0
        while level:
            most -= self.looks[min(depth, len(self.looks) - 1)] * len(level)
            if most < 0:
                return False
            level, depth = _children(level), depth + 1
        return True

    def cut(self, value: JSON) -> tuple[JSON, set[tuple[str | int, ...]]] | None:
        """A value with long lists and large objects cut short, so that what is wrong with it can be told, and where it
        was cut; None when that is not enough."""
        for most in (500, 50, 8):
            scissors = _Scissors(most)
            try:
                shorter = scissors.cut(value, ())
            except _TooLarge:
                continue
            if self.affords(shorter, TOLD):
                return shorter, scissors.places
        return None


def _children(level: list[JSON]) -> list[JSON]:
    below: list[JSON] = []
    for one in level:
        if isinstance(one, dict):
            below.extend(one.values())
        elif isinstance(one, list | tuple):
            below.extend(one)
    return below


class _TooLarge(Exception):
    pass


class _Scissors:
    """Cuts everything to its first ``most`` entries."""

    def __init__(self, most: int) -> None:
        self.places: set[tuple[str | int, ...]] = set()
        self._most = most
        self._left = TOLD

    def cut(self, value: JSON, way: tuple[str | int, ...]) -> JSON:
        self._left -= 1
        if self._left < 0 or len(way) > DEEPEST:
            raise _TooLarge
        if not isinstance(value, dict | list | tuple):
            return value
        if len(value) > self._most:
            self.places.add(way)
        if isinstance(value, dict):
            names = [name for name, _ in zip(value, range(self._most), strict=False)]
            return {name: self.cut(value[name], (*way, name)) for name in names}
        return [self.cut(one, (*way, index)) for index, one in enumerate(value[: self._most])]


class _Reckoning:
    """One schema with all it refers to. A schema is known by its ``id``."""

    def __init__(self, document: JSON) -> None:
        self._document = document
        self._named = _named(document)
        self._known: dict[int, tuple[int, _Below]] = {}
        self._seen: dict[int, Mapping[str, JSON]] = {}

    def looks(self) -> tuple[int, ...]:
        """At a part of the value itself, of its children, of their children, …"""
        root = self._document
        if not isinstance(root, dict):
            return (1,)
        self._here(root)
        todo = list(self._seen)
        for one in todo:  # grows while it is gone through
            for counted in self._here(self._seen[one])[1].values():
                for below in counted:
                    if below not in self._known:
                        self._here(self._seen[below])
                        todo.append(below)
        at = {one: weight for one, (weight, _) in self._known.items()}
        branches = {one: below for one, (_, below) in self._known.items() if below}
        found = [at[id(root)]]
        while len(found) < _LEVELS and found[-1] < _MOST:
            deeper = {one: worst for one, below in branches.items() if (worst := self._worst(below, at)) > at[one]}
            if not deeper:
                break
            at |= deeper
            found.append(at[id(root)])
        return tuple(found)

    @staticmethod
    def _worst(below: _Below, at: Mapping[int, int]) -> int:
        """Looks at the child that is looked at most."""
        sums = {name: sum(at[one] * times for one, times in some.items()) for name, some in below.items()}
        any_name = sums.pop(_ANY, 0)
        return min(_MOST, any_name + max(sums.values(), default=0))

    def _here(self, schema: Mapping[str, JSON]) -> tuple[int, _Below]:
        """How many schemas are asked about a value when this one is, and which of them are asked about its children."""
        key = id(schema)
        known = self._known.get(key)
        if known is not None:
            return known
        self._seen[key] = schema
        self._known[key] = (0, {})  # one that leads back to itself is not asked again
        twice = 1 + sum(word in schema for word in ("unevaluatedItems", "unevaluatedProperties"))
        weight, below = 1, self._own(schema)
        for other in self._beside(schema):
            more, theirs = self._here(other)
            weight = min(_MOST, weight + more * twice)
            for name, some in theirs.items():
                mine = below.setdefault(name, {})
                for one, times in some.items():
                    mine[one] = min(_MOST, mine.get(one, 0) + times * twice)
        self._known[key] = weight, below
        return weight, below

    def _own(self, schema: Mapping[str, JSON]) -> _Below:
        below: _Below = {}

        def ask(name: str, one: JSON) -> None:
            if isinstance(one, dict):
                self._seen[id(one)] = one
                counted = below.setdefault(name, {})
                counted[id(one)] = counted.get(id(one), 0) + 1

        for word in _EVERY:
            ask(_ANY, schema.get(word))
        for one in _values(schema.get("patternProperties")):
            ask(_ANY, one)
        properties, first = schema.get("properties"), schema.get("prefixItems")
        for name, one in properties.items() if isinstance(properties, dict) else ():
            ask(f".{name}", one)
        for index, one in enumerate(first if isinstance(first, list) else ()):
            ask(f"[{index}", one)
        return below

    def _beside(self, schema: Mapping[str, JSON]) -> Iterator[Mapping[str, JSON]]:
        """The schemas that are asked about the same value."""
        some = [schema.get(word) for word in _HERE]
        for word in refs.LISTS - {"prefixItems"}:
            listed = schema.get(word)
            some += listed if isinstance(listed, list) else ()
        some += _values(schema.get("dependentSchemas"))
        some += [self._named.get(schema[word]) or self._at(schema[word]) for word in refs.REFERENCES if word in schema]
        return (one for one in some if isinstance(one, dict))

    def _at(self, ref: JSON) -> JSON:
        """What a reference of this document points to; None where that is not known."""
        if not isinstance(ref, str) or not ref.startswith("#"):
            return None
        value = self._document
        for token in ref[1:].split("/")[1:] if ref != "#" else ():
            step = refs.unescape(token)
            if isinstance(value, dict) and step in value:
                value = value[step]
            elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                return None
        return value


def _values(some: JSON) -> list[JSON]:
    return list(some.values()) if isinstance(some, dict) else []


def _named(document: JSON) -> dict[str, JSON]:
    """The schemas of a document that have names of their own (JSON Schema 2020-12, section 8.2)."""
    found: dict[str, JSON] = {}
    for node in refs.walk(document):
        for word in ("$anchor", "$dynamicAnchor"):
            if isinstance(node.get(word), str):
                found.setdefault(f"#{node[word]}", node)
        if isinstance(node.get("$id"), str):
            found.setdefault(node["$id"], node)
    return found
