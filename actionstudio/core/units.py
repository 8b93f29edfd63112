"""A contract cut into the units that a re-import asks about, three versions side by side, and put together again.

A unit is an operation, a shared schema, or a part of the rest: ``info``, ``servers``, ``tags``, ``security``, a path's
own fields, another shared component, an extension, or ``settings`` (what no OpenAPI document says).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actionstudio.core.contract import Component, Contract, Operation
from actionstudio.core.merging import ABSENT, ordered

type Place = tuple[str, str]

SETTINGS = (
    "validation",
    "manifest",
    "privacy",
    "legal",
    "logo",
    "repairs",
    "waivers",
    "collections",
    "upstreams",
    "limits",
)
_INFO = ("title", "version", "description", "contact_email")
_CUT = ("operations", "components", "path_items", "extra", "servers", "tags", "security", "auth", *SETTINGS, *_INFO)
assert set(_CUT) == {item.name for item in dataclasses.fields(Contract)}, "every field of a contract is in one unit"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit in three versions; ABSENT where a version does not have it.

    ``id`` is stable ("operation:GET /todos", "schema:Todo", "info", "component:parameters/Page", "path:/todos").
    """

    id: str
    base: Any
    ours: Any
    theirs: Any

    @property
    def kind(self) -> str:
        """operation, schema, info, servers, tags, security, settings, component, path or extra."""
        return self.id.partition(":")[0]

    @property
    def name(self) -> str:
        """What stands behind the kind, "" for those there is one of."""
        return self.id.partition(":")[2]


def units(base: Contract, ours: Contract, theirs: Contract) -> list[Unit]:
    """Every unit that any of the three has, in the order that a merge gives them."""
    versions = base, ours, theirs
    operations = _one_name(*({(op.method, op.path): op for op in version.operations} for version in versions))
    cuts = [{**_document(version), **named} for version, named in zip(versions, operations, strict=True)]
    order = ordered(cuts[1], cuts[0], cuts[2])
    known = set(order)
    order += [key for key in cuts[0] if key not in known]
    return [Unit(key, *(cut.get(key, ABSENT) for cut in cuts)) for key in order]


def whole(values: Iterable[tuple[str, Any]]) -> Contract:
    """The contract that consists of these units: id and value, ABSENT ones left out."""
    fields: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    operations: list[Operation] = []
    components, paths = [], {}
    for key, value in values:
        kind, _, name = key.partition(":")
        if value is ABSENT:
            continue
        if kind == "operation":
            operations.append(value)
        elif kind == "schema":
            components.append(Component(name, value))
        elif kind == "path":
            paths[name] = value
        elif kind == "component":
            group, slash, inner = name.partition("/")
            held = extra.setdefault("components", {})
            if slash:
                held.setdefault(group, {})[inner] = value
            else:
                held[group] = value
        elif kind == "extra":
            extra[name] = value
        else:
            fields |= _fields(value, extra)
    return Contract(operations=tuple(operations), components=tuple(components), path_items=paths, extra=extra, **fields)


def _fields(value: Mapping[str, Any], extra: dict[str, Any]) -> dict[str, Any]:
    """The contract's fields of a unit; what rides in ``extra`` goes there."""
    found = dict(value)
    if "info" in found:
        extra["info"] = found.pop("info")
    if "schemes" in found:
        extra.setdefault("components", {})["securitySchemes"] = found.pop("schemes")
    return found


def _document(value: Contract) -> dict[str, Any]:
    """All units of a contract but its operations."""
    extra = dict(value.extra)
    info = {"info": extra.pop("info")} if "info" in extra else {}
    shared = dict(extra.pop("components")) if isinstance(extra.get("components"), Mapping) else {}
    schemes = {"schemes": shared.pop("securitySchemes")} if "securitySchemes" in shared else {}
    found: dict[str, Any] = {
        "info": {name: getattr(value, name) for name in _INFO} | info,
        "servers": {"servers": value.servers},
        "tags": {"tags": value.tags},
        "security": {"auth": value.auth, "security": value.security} | schemes,
        "settings": {name: getattr(value, name) for name in SETTINGS},
    }
    for group, held in shared.items():
        if isinstance(held, dict) and held:
            found |= {f"component:{group}/{name}": item for name, item in held.items()}
        else:
            found[f"component:{group}"] = held
    found |= {f"extra:{name}": item for name, item in extra.items()}
    found |= {f"path:{path}": item for path, item in value.path_items.items()}
    return found | {f"schema:{component.name}": component.schema for component in value.components}


def _one_name(*versions: dict[Place, Operation]) -> list[dict[str, Operation]]:
    """The operations of base, ours and theirs, each under one id in all three.

    What stands at one place is one operation. What is missing there is looked for by its name: it moved.
    """
    groups: dict[Place, list[Place | None]] = {}
    for side, version in enumerate(versions):
        for place in version:
            groups.setdefault(place, [None, None, None])[side] = place
    for known, sought in ((0, 2), (0, 1), (1, 2)):
        _join(groups, versions, known, sought)
    ids: list[dict[Place, str]] = [{}, {}, {}]
    for was, here, there in groups.values():
        key = "operation:" + " ".join(there or here or was or ())
        for named, at in zip(ids, (was, here, there), strict=True):
            if at:
                named[at] = key
    return [{side[place]: op for place, op in version.items()} for side, version in zip(ids, versions, strict=True)]


def _join(groups: dict[Place, list[Place | None]], versions: Sequence[dict[Place, Operation]], a: int, b: int) -> None:
    """Joins groups that have a member in version ``a`` only with those that have one of that name in ``b`` only."""
    named: dict[str, Place] = {}
    for key, group in groups.items():
        place = group[b]
        if place and not group[a] and versions[b][place].operation_id:
            named.setdefault(versions[b][place].operation_id, key)
    for key, group in list(groups.items()):
        place = group[a]
        other = named.get(versions[a][place].operation_id) if place and not group[b] else None
        if other is None or any(one and two for one, two in zip(group, groups[other], strict=True)):
            continue
        del named[versions[a][place].operation_id]  # type: ignore[index]
        groups[key] = [one or two for one, two in zip(group, groups.pop(other), strict=True)]


def pairs(here: Mapping[Place, Operation], there: Mapping[Place, Operation]) -> dict[Place, Place]:
    """Which operation of one version is which of another: the same place, else the same name (it moved)."""
    found = {place: place for place in here if place in there}
    names = {op.operation_id: place for place, op in there.items() if place not in found and op.operation_id}
    for place, op in here.items():
        if place not in found and op.operation_id in names:
            found[place] = names.pop(op.operation_id)
    return found
