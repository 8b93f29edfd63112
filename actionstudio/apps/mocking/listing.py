"""What the collections' pages list: collections with their counts, the lists of one, and its rows page by page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from actionstudio.apps.design import answer_words
from actionstudio.apps.mocking import cells, defining, rows
from actionstudio.apps.mocking.models import State
from actionstudio.apps.projects.models import Project
from actionstudio.core.behaviour import Collection, Examples, Generated
from actionstudio.core.collections.binding import Binding, Bound, bind
from actionstudio.core.collections.fields import MISSING
from actionstudio.core.collections.preview import preview
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.problem import Refused
from actionstudio.runtime.tables import text_of

PAGE = 50  # rows
LISTS = 200  # lists that are offered by name
OFFERS = 5
SAMPLED = 2  # rows in the answer that an offer shows


@dataclass(frozen=True, slots=True)
class Listed:
    """One collection of a project: how many lists have been touched, the rows in all of them, and who uses it."""

    name: str
    partition: str
    lists: int
    rows: int
    used: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What one choice would make: the rows it begins with, each endpoint with how it answers now where that is not the
    usual way, and an answer that would be given then ("" for none)."""

    collection: Collection
    bound: tuple[tuple[Bound, str], ...]
    rows: int
    sample: str


@dataclass(frozen=True, slots=True)
class PlaceListed:
    """One list: its partition, how many rows it has, and whose it is where people sign in or keys were issued."""

    partition: str
    rows: int
    whose: str = ""


@dataclass(slots=True)
class Shown:
    """One row of the table: its key, its place on the page, its cells, and what is wrong with what was typed."""

    key: str
    number: int
    cells: list[ShownCell]
    problems: bool = False


@dataclass(slots=True)
class ShownCell:
    """One cell of the table."""

    column: cells.Column
    text: str
    choices: tuple[str, ...] = ()
    problem: str = ""


def collections(project: Project, value: Contract) -> list[Listed]:
    """Every collection, in the contract's order. One query. A list nobody has touched counts its seeds."""
    states = State.objects.filter(project_id=project.pk).values("collection")
    counts = {row["collection"]: row for row in states.annotate(lists=Count("pk"), held=Sum("rows"))}
    made = []
    for one in value.collections:
        count = counts.get(one.name)
        used = tuple(operation for operation, _actions in defining.used_by(value, one.name))
        held = count["held"] if count else len(begins_with(one, ""))
        made.append(Listed(one.name, one.partition, count["lists"] if count else 0, held, used))
    return made


def begins_with(collection: Collection, partition: str) -> tuple[Any, ...]:
    """The rows that a list begins with."""
    seeds = {seed.partition: seed.rows for seed in collection.seeds}
    return seeds.get(partition, seeds.get("", ()))


def places(project: Project, collection: Collection, opened: str) -> list[PlaceListed]:
    """The lists of a collection that have been touched or have rows of their own to begin with, and the open one."""
    found = {one.partition: one.rows for one in rows.listed(project, collection)}
    found.setdefault(opened, len(begins_with(collection, opened)))
    listed = sorted(found.items())[:LISTS]
    owners = _owners(project, [name for name, _ in listed]) if collection.partition == "user" else {}
    return [PlaceListed(name, count, owners.get(name, "")) for name, count in listed]


def _owners(project: Project, names: list[str]) -> dict[str, str]:
    """Whose lists these are: "user <sub>" and "key <id>" (runtime/partitions.py) by the people's and keys' names."""
    subs = [name[5:] for name in names if name.startswith("user ") and _is_uuid(name[5:])]
    keys = [int(name[4:]) for name in names if name.startswith("key ") and name[4:].isdecimal() and len(name) < 23]
    owners = {f"user {user.sub}": user.username for user in project.end_users.filter(sub__in=subs)} if subs else {}
    return owners | ({f"key {key.pk}": key.name for key in project.keys.filter(pk__in=keys)} if keys else {})


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def offers(value: Contract) -> list[Binding]:
    """What one choice could make of endpoints that answer the same every time, without those that cannot be told."""
    free = {(op.method, op.path) for op in value.operations if isinstance(op.behaviour, Examples | Generated)}
    made: list[Binding] = []
    for method, path in sorted(free, key=lambda place: len(place[1])):
        if len(made) == OFFERS or (method, path) not in free:
            continue
        try:
            found = bind(value, path, method)
        except Refused:
            continue
        places = {(one.method, one.path) for one in found.bound}
        changing = any(one.behaviour.action not in ("list", "read") for one in found.bound)
        if places <= free and changing and len(places) > 1:
            made.append(found)
            free -= places
    return made


def offered(value: Contract, binding: Binding) -> Offer:
    """An offer as it is shown before anybody takes it."""
    now = {(op.method, op.path): op.behaviour for op in value.operations}
    bound = []
    for one in binding.bound:
        behaviour = now[one.method, one.path]
        usual = behaviour == Examples() or behaviour == one.behaviour
        bound.append((one, "" if usual else answer_words.phrase(behaviour)))
    rows = sum(len(seed.rows) for seed in binding.collection.seeds)
    return Offer(binding.collection, tuple(bound), rows, _sample(value, binding))


def _sample(value: Contract, binding: Binding) -> str:
    """What the first endpoint that shows rows would answer, as JSON."""
    shows = next((one for one in binding.bound if one.behaviour.action in ("list", "read")), None)
    if shows is None:
        return ""
    op = next(op for op in value.operations if (op.method, op.path) == (shows.method, shows.path))
    made = preview(value, op, shows.behaviour, binding.collection, SAMPLED).value
    return "" if made is MISSING else json.dumps(made, indent=2, ensure_ascii=False)


def matching(found: Mapping[str, Any], q: str) -> list[str]:
    """The keys of the rows in which a text stands, whatever its case; all of them for no text."""
    if not q:
        return list(found)
    wanted = q.casefold()
    return [key for key, row in found.items() if wanted in text_of(row).casefold()]


def page_of(keys: list[str], after: str) -> tuple[list[str], str]:
    """The keys of one page behind the key ``after`` ("": the first), and the last of them when more follow."""
    start = keys.index(after) + 1 if after in keys else 0
    part = list(islice(keys, start, start + PAGE))
    return part, part[-1] if part and start + PAGE < len(keys) else ""


def shown(
    key: str, number: int, row: Any, columns: list[cells.Column], typed: Mapping[str, str] | None = None
) -> Shown:
    """A row as the table shows it; ``typed`` texts stand for those of the row."""
    made = []
    for cell in cells.cells(row, columns):
        text = typed[cell.column.name] if typed and cell.column.name in typed else cell.text
        made.append(ShownCell(cell.column, text, choices_of(cell.column, text)))
    return Shown(key, number, made)


def choices_of(column: cells.Column, text: str) -> tuple[str, ...]:
    """What a cell offers to choose from; what stands there already is among it."""
    offered = ("true", "false") if column.kind == "boolean" else column.choices
    if column.nullable and offered:
        offered = (*offered, "null")
    return offered if not offered or not text or text in offered else (*offered, text)
