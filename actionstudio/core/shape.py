"""Whether plain JSON has the shape of a value: asked before foreign data becomes a Contract."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from actionstudio.core import codec
from actionstudio.core.problem import Problem
from actionstudio.core.words import said

_SCALARS = {str: said("text"), bool: said("true or false"), int: said("a whole number"), float: said("a number")}


def misfits(kind: Any, data: Any, pointer: str = "") -> Iterator[Problem]:
    """What in ``data`` is not as type ``kind`` wants it. Unknown fields are left to the codec, which ignores them."""
    kinds = codec.unions().get(kind)
    if kinds is not None:
        name = data.get("kind") if isinstance(data, dict) else None
        if name not in kinds:
            yield Problem(pointer, said("%(at)s: unknown kind %(name)s", at=pointer or "/", name=repr(name)), "kind")
        else:
            yield from misfits(kinds[name], data, pointer)
    elif dataclasses.is_dataclass(kind):
        yield from _object(kind, data, pointer)
    elif kind in _SCALARS:
        if type(data) is not kind and not (kind is float and type(data) is int):
            yield Problem(pointer, said("%(at)s: must be %(what)s", at=pointer, what=_SCALARS[kind]), "type")
    else:
        yield from _composed(kind, data, pointer)


def _object(kind: Any, data: Any, pointer: str) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield Problem(pointer, said("%(at)s: must be an object", at=pointer or "/"), "type")
        return
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        if field.name in data:
            yield from misfits(hints[field.name], data[field.name], f"{pointer}/{field.name}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            yield Problem(pointer, said("%(at)s: %(name)s is missing", at=pointer or "/", name=field.name), "missing")


def _composed(kind: Any, data: Any, pointer: str) -> Iterator[Problem]:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        if data is not None:
            yield from misfits(next(arg for arg in args if arg is not type(None)), data, pointer)
    elif origin is tuple:
        if not isinstance(data, list):
            yield Problem(pointer, said("%(at)s: must be a list", at=pointer), "type")
            return
        for index, item in enumerate(data):
            yield from misfits(args[0], item, f"{pointer}/{index}")
    elif origin is not None and issubclass(origin, Mapping) and not isinstance(data, dict):
        yield Problem(pointer, said("%(at)s: must be an object", at=pointer), "type")
