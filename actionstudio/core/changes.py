"""What differs between two Contracts, as a list that people can read."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from actionstudio.core.contract import Contract


@dataclass(frozen=True, slots=True)
class Change:
    """``kind`` is added, removed or changed; ``pointer`` says where; ``label`` names it ("GET /todos", "title")."""

    kind: str
    pointer: str
    label: str


def changes(before: Contract, after: Contract) -> list[Change]:
    """Every operation, shared schema and document field that differs."""
    found = _members(
        {(op.method, op.path): op for op in before.operations}, {(op.method, op.path): op for op in after.operations}
    )
    found += _members(before.schemas(), after.schemas())
    for field in dataclasses.fields(Contract):
        if field.name in ("operations", "components"):
            continue
        if getattr(before, field.name) != getattr(after, field.name):
            found.append(Change("changed", f"/{field.name}", field.name))
    if not found and (before.operations != after.operations or before.components != after.components):
        found.append(Change("changed", "", "order"))
    return found


def _members(before: dict, after: dict) -> list[Change]:
    found = []
    for name in [*before, *(name for name in after if name not in before)]:
        kind = "added" if name not in before else "removed" if name not in after else "changed"
        if kind != "changed" or before[name] != after[name]:
            found.append(Change(kind, _pointer(name), " ".join(name) if isinstance(name, tuple) else name))
    return found


def _pointer(name) -> str:
    if isinstance(name, tuple):
        return f"/paths/{name[1].replace('~', '~0').replace('/', '~1')}/{name[0].lower()}"
    return f"/components/schemas/{name}"
