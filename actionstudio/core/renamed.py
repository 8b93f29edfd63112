"""How an operation answers, after parameters of its path got other names: what speaks of them follows."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from actionstudio.core.behaviour import Condition, Stateful
from actionstudio.core.importer.repairs.path_parameters import TEMPLATE
from actionstudio.core.rules.operators import is_filled

_TAG = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_READ = re.compile(r"(?<![\w.])path\.([\w-]+)")


def names(before: str, after: str) -> dict[str, str]:
    """Which parameters of a path have another name now: those that are gone, by those that are new in their place."""
    old, new = TEMPLATE.findall(before), TEMPLATE.findall(after)
    if len(old) != len(new):
        return {}
    return {one: two for one, two in zip(old, new, strict=True) if one not in new and two not in old}


def renamed[T](value: T, by: Mapping[str, str]) -> T:
    """``value`` (of behaviour.py) with conditions, keys and ``{{ path.… }}`` under the new names."""
    return _renamed(value, by) if by else value


def _renamed(value: Any, by: Mapping[str, str]) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value, by)
    if isinstance(value, tuple):
        return tuple([_renamed(item, by) for item in value])
    if isinstance(value, str) and "{{" in value:
        return _TAG.sub(lambda tag: _READ.sub(lambda read: f"path.{by.get(read[1], read[1])}", tag[0]), value)
    return value


def _fields(value: Any, by: Mapping[str, str]) -> Any:
    found = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    made = {name: _renamed(item, by) for name, item in found.items() if name != "value"}  # what calls are compared with
    if isinstance(value, Condition):
        if value.target == "path":
            made["name"] = by.get(value.name, value.name)
        if is_filled(value):
            made["value"] = _renamed(value.value, by)
    if isinstance(value, Stateful):
        where, _dot, name = value.key.partition(".")
        if where == "path":
            made["key"] = f"path.{by.get(name, name)}"
    return dataclasses.replace(value, **made)
