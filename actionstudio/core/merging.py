"""Three-way merge of values: what we changed and what they changed since a common base, down to the smallest part.

A value is plain JSON or a part of a contract. Where only one side changed, that change is taken; where both changed the
same thing to something different it is a clash, and the caller says whose stays.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from actionstudio.core import contract
from actionstudio.core.auth import AUTH_KINDS
from actionstudio.core.behaviour import BEHAVIOUR_KINDS, Around, Collection, Upstream

type Way = tuple[str, ...]

ABSENT: Any = object()
_WHOLE = (*AUTH_KINDS.values(), *BEHAVIOUR_KINDS.values(), Around)  # values that are one choice: half of one is nothing
_KEYS: dict[type, Callable[[Any], str]] = {
    contract.Parameter: lambda item: f"{item.in_}:{item.name}",
    contract.Response: lambda item: item.status,
    contract.Media: lambda item: item.media_type,
    contract.Header: lambda item: item.name,
    contract.Example: lambda item: item.key,
    contract.Server: lambda item: item.url,
    Collection: lambda item: item.name,
    Upstream: lambda item: item.name,
    contract.Waiver: lambda item: f"{item.code}:{item.pointer}",
}


@dataclass(slots=True)
class Merge:
    """One merge and what it found: the ways to what was ``kept`` of ours, ``taken`` of theirs, and the ``clashes``.

    ``take`` says of a clash whether theirs is to be taken.
    """

    take: Callable[[Way], bool] = lambda way: False
    kept: list[Way] = field(default_factory=list)
    taken: list[Way] = field(default_factory=list)
    clashes: list[Way] = field(default_factory=list)

    def of(self, base: Any, ours: Any, theirs: Any, way: Way = ()) -> Any:
        """The merged value; ABSENT stands for a thing that a side does not have."""
        if same(ours, theirs):
            return ours
        if same(theirs, base):
            self.kept.append(way)
            return ours
        if same(ours, base):
            self.taken.append(way)
            return theirs
        b, o, t = (_members(value) for value in (base, ours, theirs))
        kinds = {(type(value), _ref(value)) for value in (base, ours, theirs)}
        if b is None or o is None or t is None or len(kinds) > 1:
            self.clashes.append(way)
            return theirs if self.take(way) else ours
        return _rebuilt(ours, self._inside(b, o, t, way))

    def _inside(self, b: dict[str, Any], o: dict[str, Any], t: dict[str, Any], way: Way) -> dict[str, Any]:
        found = {}
        for key in ordered(o, b, t):
            found[key] = self.of(b.get(key, ABSENT), o.get(key, ABSENT), t.get(key, ABSENT), (*way, key))
        return {key: value for key, value in found.items() if value is not ABSENT}


def same(a: Any, b: Any) -> bool:
    """Whether two values are equal; true is no number."""
    if a is b:
        return True
    return type(a) is type(b) and bool(a == b) and _same_types(a, b)


def _same_types(a: Any, b: Any) -> bool:
    """Whether two values that Python calls equal are so in JSON."""
    if isinstance(a, dict):
        return all(same(value, b[key]) for key, value in a.items())
    if isinstance(a, list | tuple):
        return all(map(same, a, b))
    if dataclasses.is_dataclass(a):
        return all(same(getattr(a, item.name), getattr(b, item.name)) for item in dataclasses.fields(a))
    return True


def differing(a: Any, b: Any, depth: int = 2, way: Way = ()) -> list[Way]:
    """The ways to what differs between two values, at most ``depth`` steps long."""
    if same(a, b):
        return []
    one, two = _members(a), _members(b)
    if depth == 0 or one is None or two is None or type(a) is not type(b):
        return [way]
    keys = [*one, *(key for key in two if key not in one)]
    found = (differing(one.get(key, ABSENT), two.get(key, ABSENT), depth - 1, (*way, key)) for key in keys)
    return [item for ways in found for item in ways] or [way]


def at(value: Any, way: Way) -> Any:
    """What stands at ``way`` in a value; ABSENT when nothing does."""
    for key in way:
        value = (_members(value) or {}).get(key, ABSENT)
    return value


def ordered(ours: Iterable[str], base: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """All keys of ours and theirs: in the order of theirs when they put things in another order, else in ours.

    A key that only the other side has follows the one that it follows there.
    """
    ours, base, theirs = list(ours), list(base), list(theirs)
    in_base, in_theirs = set(base), set(theirs)
    moved = [key for key in base if key in in_theirs] != [key for key in theirs if key in in_base]
    main, other = (theirs, ours) if moved else (ours, theirs)
    if set(other) <= set(main):
        return main
    known, first = set(main), list[str]()
    after: dict[str, list[str]] = {}
    follows = first
    for key in other:  # each key of main, or the beginning, with the run of strangers that follow it
        if key in known:
            follows = after.setdefault(key, [])
        else:
            follows.append(key)
    return first + [item for key in main for item in (key, *after.get(key, ()))]


def _members(value: Any) -> dict[str, Any] | None:
    """What a value consists of, by key; None when it is one thing."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        keys = [_key(item) for item in value]
        named = {key: item for key, item in zip(keys, value, strict=True) if key is not None}
        return named if len(named) == len(value) else None
    if dataclasses.is_dataclass(value) and not isinstance(value, _WHOLE):
        found = {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
        if isinstance(value, contract.Operation):  # where it answers is one thing
            found["place"] = found.pop("method"), found.pop("path")
        return found
    return None


def _key(item: Any) -> str | None:
    """What tells an item of a list from its neighbours."""
    if type(item) in _KEYS:
        return _KEYS[type(item)](item)
    name = item.get("name") if isinstance(item, Mapping) else None
    return name if isinstance(name, str) else None


def _ref(value: Any) -> Any:
    """What a value only points to: half of a reference and half of a thing is neither."""
    found = value.get("$ref") if isinstance(value, Mapping) else getattr(value, "ref", None)
    return found if isinstance(found, str) else None


def _rebuilt(like: Any, members: dict[str, Any]) -> Any:
    if isinstance(like, Mapping):
        return members
    if isinstance(like, contract.Operation):
        members["method"], members["path"] = members.pop("place")
    return tuple(members.values()) if isinstance(like, tuple) else type(like)(**members)
