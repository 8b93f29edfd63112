"""What changed between two sets of tools, field by field, and which cases that touches.

OpenAI's guide ("Optimize metadata") asks to change one field at a time: of two changes at once nobody can say which one
helped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from actionstudio.core.prompting.case import Case
from actionstudio.core.words import said_n

type JSON = Any

NEGATIVE, EXPECTS, FORBIDS, CALLED = "negative", "expects", "forbids", "called"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a model reads of one operation: a tool as it was sent."""

    operation: str
    description: str
    parameters: JSON
    name: str = ""
    consequential: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. ``field``: operation (added or removed), name, description, consequential, an argument's
    name (its schema) or "description of" it, "shared schemas", required, instructions."""

    operation: str
    field: str
    before: str = ""
    after: str = ""


def changes(before: Iterable[Sheet], after: Iterable[Sheet], instructions: tuple[str, str] = ("", "")) -> list[Change]:
    """What differs between two sets, in their order."""
    old, new = ({one.operation: one for one in sheets} for sheets in (before, after))
    found = [Change("", "instructions", *instructions)] if instructions[0] != instructions[1] else []
    for name in dict.fromkeys([*old, *new]):
        if name not in new:
            found.append(Change(name, "operation", before=name))
        elif name not in old:
            found.append(Change(name, "operation", after=name))
        else:
            found += _within(old[name], new[name])
    return found


def hint(found: Iterable[Change]) -> str:
    """What to say of them: "" when one field changed, or none."""
    found = list(found)
    if len(found) < 2:
        return ""
    names = ", ".join(f"{one.operation}: {one.field}" if one.operation else one.field for one in found[:5])
    return said_n(
        "%(n)s field changed at once (%(names)s).",
        "%(n)s fields changed at once (%(names)s): nobody can say which of them made the difference. Change one field "
        "at a time.",
        len(found),
        names=names + (" …" if len(found) > 5 else ""),
    )


def touched(found: Iterable[Change]) -> frozenset[str] | None:
    """The operations that changes speak of; None when they speak of all (instructions)."""
    found = list(found)
    return None if any(not one.operation for one in found) else frozenset(one.operation for one in found)


def affected(case: Case, called: Iterable[str], operations: frozenset[str] | None) -> str:
    """Why a change of the texts of ``operations`` may change what becomes of a case, "" when it hardly does.

    It does when the case expects or forbids one of them, when a model called one in it (``called``), and when nothing
    is to be called at all: a text that says more attracts more.
    """
    if operations is None or not case.calls:
        return NEGATIVE if not case.calls else EXPECTS
    if operations & set(case.operations):
        return EXPECTS
    if operations & set(case.never):
        return FORBIDS
    return CALLED if operations & set(called) else ""


def digest(sheets: Iterable[Sheet], instructions: str = "") -> str:
    """A short name of all that a model reads: equal when nothing of it changed."""
    told = [[one.operation, one.name, one.description, one.parameters] for one in sheets]
    text = json.dumps([instructions, told], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def dump(sheet: Sheet) -> dict[str, JSON]:
    """A sheet as JSON."""
    return {name: getattr(sheet, name) for name in Sheet.__slots__}


def load(data: Mapping[str, JSON]) -> Sheet:
    """What :func:`dump` wrote."""
    return Sheet(**data)


def _within(old: Sheet, new: Sheet) -> Iterator[Change]:
    for name in ("name", "description"):
        if getattr(old, name) != getattr(new, name):
            yield Change(new.operation, name, getattr(old, name), getattr(new, name))
    if old.consequential != new.consequential:
        yield Change(new.operation, "consequential", _json(old.consequential), _json(new.consequential))
    before, after = _properties(old), _properties(new)
    for name in dict.fromkeys([*before, *after]):
        yield from _argument(new.operation, name, before.get(name), after.get(name))
    shared = [_schema(one).get("$defs") or {} for one in (old, new)]
    if shared[0] != shared[1]:
        yield Change(new.operation, "shared schemas", *map(_json, shared))
    needed = [sorted(_schema(one).get("required", ())) for one in (old, new)]
    if needed[0] != needed[1]:
        yield Change(new.operation, "required", ", ".join(needed[0]), ", ".join(needed[1]))


def _argument(operation: str, name: str, old: JSON, new: JSON) -> Iterator[Change]:
    texts = [one.get("description", "") if isinstance(one, dict) else "" for one in (old, new)]
    if old is not None and new is not None and texts[0] != texts[1]:
        yield Change(operation, f"description of {name}", *map(str, texts))
        old, new = ({**one, "description": ""} if isinstance(one, dict) else one for one in (old, new))
    if old != new:
        yield Change(operation, name, *("" if one is None else _json(one) for one in (old, new)))


def _properties(sheet: Sheet) -> Mapping[str, JSON]:
    found = _schema(sheet).get("properties")
    return found if isinstance(found, dict) else {}


def _schema(sheet: Sheet) -> Mapping[str, JSON]:
    return sheet.parameters if isinstance(sheet.parameters, dict) else {}


def _json(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
