"""What differs between two Contracts, as a list that people can read."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from actionstudio.core.contract import Contract, Operation
from actionstudio.core.schemas.refs import escape

_CALLED = {"operation_id": "name", "exposed": "exposed to GPT", "body": "request body", "extra": "other parts"}
_CALLED |= {
    "authorization_url": "authorization URL",
    "token_url": "token URL",
    "token_exchange": "token exchange method",
}
_CALLED |= {"verification_tokens": "verification tokens", "content_type": "content type", "scheme_name": "name"}
_CALLED |= {"authorization_type": "how the token is sent"}
_DOCUMENT = {"path_items": "paths", "contact_email": "contact e-mail", "extra": "other parts", "auth": "authentication"}


@dataclass(frozen=True, slots=True)
class Change:
    """``kind`` is added, removed or changed; ``pointer`` says where; ``label`` names it ("GET /todos: summary")."""

    kind: str
    pointer: str
    label: str


def changes(before: Contract, after: Contract) -> list[Change]:
    """Every operation, shared schema and document field that differs."""
    found = _operations(before.operations, after.operations)
    found += _schemas(before.schemas(), after.schemas())
    for field in dataclasses.fields(Contract):
        if field.name in ("operations", "components"):
            continue
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new:
            label = _DOCUMENT.get(field.name, field.name)
            inner = _inner(field.name, old, new)
            found.append(Change("changed", f"/{field.name}", f"{label}: {inner}" if inner else label))
    if not found and (before.operations != after.operations or before.components != after.components):
        found.append(Change("changed", "", "order"))
    return found


def _inner(name: str, old: Any, new: Any) -> str:
    """Which of its parts differ, where that says more than the name of the whole; "" where it does not."""
    if name in ("extra", "path_items"):
        return _keys(old, new)
    if name == "auth" and type(old) is type(new):
        return ", ".join(_fields(old, new))
    return ""


def _operations(before: tuple[Operation, ...], after: tuple[Operation, ...]) -> list[Change]:
    old, new = ({(op.method, op.path): op for op in operations} for operations in (before, after))
    moved = _moved(old, new)
    came_from = {there: here for here, there in moved.items()}
    found = [
        Change("removed", op.pointer, f"{op.method} {op.path}")
        for place, op in old.items()
        if place not in new and place not in moved
    ]
    for place, op in new.items():
        was = old.get(place) or old.get(came_from.get(place, place))
        if was is None:
            found.append(Change("added", op.pointer, f"{op.method} {op.path}"))
        elif was != op:
            name = f"{op.method} {op.path}"
            label = name if place in old else f"{was.method} {was.path} → {name}"
            fields = [field for field in _fields(was, op) if field not in ("method", "path")]
            found.append(Change("changed", op.pointer, f"{label}: {', '.join(fields)}" if fields else label))
    return found


def _moved(old: dict[tuple[str, str], Operation], new: dict[tuple[str, str], Operation]) -> dict:
    """Operations that got another method or path, known by their name: where each was -> where it is."""
    gone = {op.operation_id: place for place, op in old.items() if place not in new and op.operation_id}
    fresh = {op.operation_id: place for place, op in new.items() if place not in old and op.operation_id}
    return {place: fresh[name] for name, place in gone.items() if name in fresh}


def _fields(before: Any, after: Any) -> list[str]:
    """The fields of two values of one kind that differ, as people call them."""
    return [
        _CALLED.get(field.name, field.name)
        for field in dataclasses.fields(before)
        if getattr(before, field.name) != getattr(after, field.name)
    ]


def _schemas(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    found = []
    for name in [*before, *(name for name in after if name not in before)]:
        kind = "added" if name not in before else "removed" if name not in after else "changed"
        if kind != "changed" or before[name] != after[name]:
            found.append(Change(kind, f"/components/schemas/{escape(name)}", name))
    return found


def _keys(before: Any, after: Any) -> str:
    """The keys of two objects under which they differ."""
    both = [*before, *(key for key in after if key not in before)]
    return ", ".join(key for key in both if before.get(key) != after.get(key))
