"""Contract <-> plain JSON: what a revision keeps and a bundle carries.

Values convert by shape: a dataclass becomes an object of its fields, leaving out those that stand at their default; a
member of a union (Auth, Behaviour) carries its ``kind``.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from typing import Any

from actionstudio.core import auth, behaviour, contract

FORMAT = 1
_UNIONS: dict[Any, dict[str, Any]] = {auth.Auth: auth.AUTH_KINDS, behaviour.Behaviour: behaviour.BEHAVIOUR_KINDS}
_KIND_OF = {kind: name for kinds in _UNIONS.values() for name, kind in kinds.items()}


def unions() -> dict[Any, dict[str, Any]]:
    """The unions of the contract: for each, its members by the name of their kind."""
    return _UNIONS


def plain(value: Any) -> Any:
    """A value as plain JSON. Fields that hold their default are left out; a union member names its ``kind``."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        out: dict[str, Any] = {"kind": _KIND_OF[type(value)]} if type(value) in _KIND_OF else {}
        for name, default, _ in _fields(type(value)):
            item = getattr(value, name)
            if item != default:
                out[name] = plain(item)
        return out
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


def value_of(kind: Any, data: Any) -> Any:
    """The value of type ``kind`` that :func:`plain` made ``data`` from. Unknown fields are ignored.

    Raises ValueError when a needed field is missing or a union's kind is unknown.
    """
    if kind in _UNIONS:
        name = (data or {}).get("kind")
        if name not in _UNIONS[kind]:
            raise ValueError(f"unknown kind {name!r}")
        return value_of(_UNIONS[kind][name], data)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        if not isinstance(data, dict):
            raise ValueError(f"{kind.__name__} must be an object")
        try:
            return kind(**{name: value_of(hint, data[name]) for name, _, hint in _fields(kind) if name in data})
        except TypeError as error:
            raise ValueError(str(error)) from error
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return None if data is None else value_of(next(arg for arg in args if arg is not type(None)), data)
    if origin is tuple:
        return tuple(value_of(args[0], item) for item in data)
    return data


@functools.cache
def _fields(kind: type) -> tuple[tuple[str, Any, Any], ...]:
    """Name, default and type of each field of a dataclass."""
    hints = typing.get_type_hints(kind)
    return tuple((f.name, _default(f), hints[f.name]) for f in dataclasses.fields(kind))


def _default(field: dataclasses.Field) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def dump(value: contract.Contract) -> dict[str, Any]:
    """A contract as plain JSON, marked with the format's number."""
    return {"format": FORMAT, **plain(value)}


def load(data: dict[str, Any]) -> contract.Contract:
    """The contract that :func:`dump` made ``data`` from. Raises ValueError when it is of a newer format."""
    if data.get("format", FORMAT) > FORMAT:
        raise ValueError("this project was written by a newer Action Studio")
    return value_of(contract.Contract, data)
