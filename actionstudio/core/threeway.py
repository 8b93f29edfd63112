"""Two versions of one JSON document that began as the same: both changes in one, and where they clash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actionstudio.core.schemas.refs import escape

type JSON = Any

_GONE: Any = object()
_NAMES = (("name", "in"), ("url",), ("name",), ("$ref",))


def merge(base: JSON, mine: JSON, theirs: JSON) -> tuple[JSON, tuple[str, ...]]:
    """Both changes of ``base`` in one document, and the pointers at which both changed the same to something different.

    There ``mine`` stands. Objects are merged key by key, lists of named objects (parameters, servers, tags) by their
    names; any other list is one value.
    """
    clashes: list[str] = []
    return _merge(base, mine, theirs, "", clashes), tuple(clashes)


def _merge(base: JSON, mine: JSON, theirs: JSON, at: str, clashes: list[str]) -> JSON:
    if _same(mine, theirs) or _same(base, theirs):
        return mine
    if _same(base, mine):
        return theirs
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        return _objects(base if isinstance(base, Mapping) else {}, mine, theirs, at, clashes)
    named = _named(base if isinstance(base, list) else [], mine, theirs)
    if named is not None:
        return list(_objects(named[0], named[1], named[2], at, clashes).values())
    clashes.append(at)
    return mine


def _objects(base: Mapping, mine: Mapping, theirs: Mapping, at: str, clashes: list[str]) -> dict:
    """Key by key: in the order of mine, then what only they have."""
    merged = {}
    for key in dict.fromkeys((*mine, *theirs)):
        name = key if isinstance(key, str) else str(key[0])
        here = f"{at}/{escape(name)}"
        value = _merge(base.get(key, _GONE), mine.get(key, _GONE), theirs.get(key, _GONE), here, clashes)
        if value is not _GONE:
            merged[key] = value
    return merged


def _named(*sides: JSON) -> tuple[dict, ...] | None:
    """Three lists as objects by the names of their items. None when not every item has a name of its own."""
    for names in _NAMES:
        found = [_by_name(side, names) for side in sides]
        if all(each is not None for each in found):
            return tuple(each for each in found if each is not None)
    return None


def _by_name(items: JSON, names: tuple[str, ...]) -> dict | None:
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        return None
    keyed = {tuple(item.get(name) for name in names if isinstance(item.get(name), str)): item for item in items}
    whole = len(keyed) == len(items) and all(len(key) == len(names) for key in keyed)
    return keyed if whole else None


def _same(one: JSON, two: JSON) -> bool:
    """Equal, also in the order of keys and in what is true and what is 1."""
    if one is _GONE or two is _GONE:
        return one is two
    return one == two and repr(one) == repr(two)
