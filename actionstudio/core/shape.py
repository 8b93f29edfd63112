"""Whether plain JSON has the shape of a value: asked before foreign data becomes one."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from actionstudio.core import codec
from actionstudio.core.problem import Problem
from actionstudio.core.words import listed, said

_SCALARS = {str: said("text"), bool: said("true or false"), int: said("a whole number"), float: said("a number")}


def misfits(kind: Any, data: Any, pointer: str = "") -> Iterator[Problem]:
    """What in ``data`` is not as type ``kind`` wants it, the place in words. Unknown fields are left to the codec,
    which ignores them."""
    for problem in faults(kind, data, pointer, strict=False):
        message = said("%(at)s: %(what)s", at=problem.pointer or "/", what=problem.message)
        yield Problem(problem.pointer, message, problem.code)


def faults(kind: Any, data: Any, pointer: str = "", *, strict: bool = True) -> Iterator[Problem]:
    """The same as half sentences about what stands at the pointer ("must be text"). ``strict``: unknown fields too."""
    kinds = codec.unions().get(kind)
    if kinds is not None:
        yield from _member(kinds, data, pointer, strict)
    elif dataclasses.is_dataclass(kind):
        yield from _object(kind, data, pointer, strict, ("kind",) if kind in _members() else ())
    elif kind in _SCALARS:
        if type(data) is not kind and not (kind is float and type(data) is int):
            yield Problem(pointer, said("must be %(what)s", what=_SCALARS[kind]), "type")
    else:
        yield from _composed(kind, data, pointer, strict)


def _member(kinds: Mapping[str, Any], data: Any, pointer: str, strict: bool) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield Problem(pointer, said("must be an object"), "type")
    elif not isinstance(data.get("kind"), str) or data["kind"] not in kinds:
        message = said("must be one of: %(names)s", names=listed(list(kinds)))
        yield Problem(f"{pointer}/kind", message, "kind")
    else:
        yield from _object(kinds[data["kind"]], data, pointer, strict, ("kind",))


def _object(kind: Any, data: Any, pointer: str, strict: bool, besides: tuple[str, ...]) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield Problem(pointer, said("must be an object"), "type")
        return
    hints = typing.get_type_hints(kind)
    if strict:
        for name in [name for name in data if name not in hints and name not in besides]:
            there = listed([*besides, *hints])
            yield Problem(
                f"{pointer}/{_step(name)}", said("is not known here; there are: %(names)s", names=there), "unknown"
            )
    for field in dataclasses.fields(kind):
        if field.name in data:
            yield from faults(hints[field.name], data[field.name], f"{pointer}/{field.name}", strict=strict)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            yield Problem(f"{pointer}/{field.name}", said("is missing"), "missing")


def _composed(kind: Any, data: Any, pointer: str, strict: bool) -> Iterator[Problem]:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        if data is not None:
            yield from faults(next(arg for arg in args if arg is not type(None)), data, pointer, strict=strict)
    elif origin is tuple:
        if not isinstance(data, list):
            yield Problem(pointer, said("must be a list"), "type")
        elif args[-1] is not Ellipsis and len(data) != len(args):
            yield Problem(pointer, said("must be a list of %(n)s texts", n=len(args)), "type")
        else:
            for index, item in enumerate(data):
                yield from faults(args[0], item, f"{pointer}/{index}", strict=strict)
    elif origin is not None and issubclass(origin, Mapping) and not isinstance(data, dict):
        yield Problem(pointer, said("must be an object"), "type")


@functools.cache
def _members() -> frozenset[Any]:
    """Values that are members of a union: the codec writes their ``kind`` also where it is plain."""
    return frozenset(member for kinds in codec.unions().values() for member in kinds.values())


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
