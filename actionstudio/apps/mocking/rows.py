"""The rows of a project's collections, as pages and the API see and change them: through the store that serves them.

So what is changed here is served at once, and what a call changed is seen here. All of it is for threads; a collection
that may not grow any more raises Full, with the sentence to show.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from actionstudio.apps.mocking.lists import key_of as place_of
from actionstudio.apps.mocking.models import Row, Snapshot, State
from actionstudio.apps.mocking.store import DatabaseStore
from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Project
from actionstudio.core.behaviour import Collection
from actionstudio.core.collections.checking import Checker
from actionstudio.core.collections.fields import MISSING, at
from actionstudio.core.collections.ids import LONGEST, Ids, key_of, keyed, with_id
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.words import said
from actionstudio.runtime import tables
from actionstudio.runtime.app import frontdoor
from actionstudio.runtime.ports import Full, Place, Table, Write

MOST_SNAPSHOTS = 20  # of a project
MOST_PROBLEMS = 20  # told at once
SNAPSHOT_BYTES = 50_000_000  # of a project


@dataclass(frozen=True, slots=True)
class Listed:
    """One list of a collection: its partition, how much is in it, and when it was last changed (None: never)."""

    partition: str
    rows: int
    bytes: int
    touched: datetime.datetime | None


class Came(NamedTuple):
    """How many rows are new in a list, and how many took the place of one with their id."""

    added: int
    replaced: int


def store() -> DatabaseStore:
    """The store of this process."""
    return frontdoor().store  # type: ignore[return-value]


def place(project: Project, collection: Collection, partition: str = "") -> Place:
    """One list of a project's collection."""
    return Place(project.pk, collection, partition)


def listed(project: Project, collection: Collection) -> list[Listed]:
    """The lists of a collection: those that were changed, and those that have a seed of their own. One query."""
    states = State.objects.filter(project_id=project.pk, collection=collection.name)
    found = {one.partition: Listed(one.partition, one.rows, one.bytes, one.touched) for one in states}
    for partition in _beginning(collection):
        if partition not in found:
            table = store().read(place(project, collection, partition))
            size = sum(tables.weight(key, tables.text_of(row)) for key, row in table.rows.items())
            found[partition] = Listed(partition, len(table.rows), size, None)
    return [found[partition] for partition in sorted(found)]


def _beginning(collection: Collection) -> set[str]:
    """The partitions that are there before anybody has called."""
    own = {seed.partition for seed in collection.seeds if seed.partition}
    return own if collection.partition else {""}


def put(place: Place, key: str, value: Any, components: Mapping[str, Any] | None = None) -> None:
    """Changes a row. Raises Refused when it is gone, when its id would be another one, or when it is made wrong."""
    field, checker = place.collection.id_field, Checker(place.collection, components or {})
    if field and key_of(value, field) != key:
        raise Refused(Problem(f"/{field}", said("The id of a row stays as it is: %(id)s.", id=key), "id"))

    def deed(table: Table) -> tuple[Write, None]:
        if key not in table.rows:
            raise Refused(Problem("", said("There is no row %(id)s any more.", id=key), "gone"))
        problems = checker.problems(value, table.rows[key])
        if problems:
            raise Refused(*problems)
        return Write({key: value}), None

    store().change(place, deed)


def insert(place: Place, value: Any, components: Mapping[str, Any] | None = None) -> str:
    """Adds a row at the end; returns its id, a new one when it has none. Raises Refused for an id that is taken, and
    for a row that is not as the schema has it."""
    ids, field = Ids(place.collection, components or {}), place.collection.id_field
    problems = Checker(place.collection, components or {}).problems(value)
    if problems:
        raise Refused(*problems)

    def deed(table: Table) -> tuple[Write, str]:
        key, row = key_of(value, field), value
        if key is None and field and at(value, field) not in ("", None) and isinstance(value, dict) and field in value:
            raise Refused(
                Problem(
                    f"/{field}", said("An id is a whole number, or a text of 1 to %(n)s characters.", n=LONGEST), "id"
                )
            )
        if key is None:
            key, made = ids.new(table.rows, lambda: str(uuid.uuid4()))
            row = with_id(value, field, made) if field else value
        elif key in table.rows:
            raise Refused(Problem(f"/{field}", said("There is a row %(id)s already.", id=key), "id"))
        return Write({key: row}), key

    return store().change(place, deed)


def delete(place: Place, *keys: str) -> int:
    """Deletes rows; returns how many of them were there."""

    def deed(table: Table) -> tuple[Write | None, int]:
        gone = [key for key in keys if key in table.rows]
        return Write(gone=gone) if gone else None, len(gone)

    return store().change(place, deed)


def check_all(place: Place, rows: list[Any], components: Mapping[str, Any]) -> None:
    """Raises Refused for rows that are not as the schema has them and not there already; pointers begin with their
    number."""
    checker, there = Checker(place.collection, components), store().read(place).rows
    problems: list[Problem] = []
    for number, row in enumerate(rows):
        before = there.get(key_of(row, place.collection.id_field) or "", MISSING)
        problems += [Problem(f"/{number}{one.pointer}", one.message, one.code) for one in checker.problems(row, before)]
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise Refused(*problems)


def add_all(
    place: Place,
    rows: Iterable[Any],
    components: Mapping[str, Any] | None = None,
    replace: bool = False,
    merge: bool = True,
) -> Came:
    """Puts rows into the list, each with an id. ``replace`` removes what was there before; else a row whose id is there
    already takes its place when they ``merge``, and raises Refused when they do not."""
    given, field = list(rows), place.collection.id_field

    def deed(table: Table) -> tuple[Write, Came]:
        there = {} if replace else table.rows
        puts = keyed(place.collection, given, components, there)
        same = [key for key in puts if key in there]
        if same and not merge:
            raise Refused(Problem(f"/{field}", said("There is a row %(id)s already.", id=same[0]), "id"))
        return Write(puts, clear=replace), Came(len(puts) - len(same), len(same))

    return store().change(place, deed)


def reset(place: Place) -> None:
    """The list is as it begins."""
    store().reset(*place_of(place))


def reset_all(project: Project, collection: Collection) -> None:
    """Every list of the collection is as it begins."""
    store().reset(project.pk, collection.name)


def forget(project: Project, name: str) -> None:
    """Removes all that is kept of a collection that is no more: lists and snapshots."""
    with store().transaction():
        store().reset(project.pk, name)
        store().execute(
            'DELETE FROM "mocking_snapshot" WHERE "project_id" = ? AND "collection" = ?', [project.pk, name]
        )


def snapshots(project: Project, collection: Collection) -> list[Snapshot]:
    """The snapshots of a collection without their content, the newest first."""
    return list(Snapshot.objects.filter(project_id=project.pk, collection=collection.name).defer("content"))


def find_snapshot(project: Project, collection: Collection, pk: str) -> Snapshot | None:
    """One of them by its number as it stands in a form."""
    if not pk.isascii() or not pk.isdigit() or len(pk) > 18:
        return None
    return Snapshot.objects.filter(project_id=project.pk, collection=collection.name, pk=int(pk)).first()


def snapshot(project: Project, collection: Collection, name: str, user: Any = None) -> Snapshot:
    """Keeps all lists of a collection as they are now. Raises Full when a project has as many as it may have."""
    content = _content(project, collection)  # before the transaction: on SQLite calls wait for that
    text = orjson.dumps(content).decode()
    with transaction.atomic(using=settings.LOG_DATABASE):
        kept = Snapshot.objects.filter(project_id=project.pk)
        size = kept.aggregate(size=Sum(Length("content")))["size"] or 0
        if kept.count() >= MOST_SNAPSHOTS:
            raise Full(
                said(
                    "A project may have %(most)s snapshots. Delete one that is not needed any more.",
                    most=MOST_SNAPSHOTS,
                )
            )
        if size + len(text) > SNAPSHOT_BYTES:
            raise Full(
                said(
                    "The snapshots of a project may take %(most)s MB. Delete one that is not needed any more.",
                    most=SNAPSHOT_BYTES // 1_000_000,
                )
            )
        return kept.create(
            project_id=project.pk,
            collection=collection.name,
            name=name.strip()[:100] or _("Snapshot"),
            author_id=getattr(user, "pk", None),
            rows=sum(len(rows) for rows in content.values()),
            content=text,
        )


def _content(project: Project, collection: Collection) -> dict[str, list[list[str]]]:
    """All lists: {partition: [[key, value as JSON text], …]}."""
    states = State.objects.filter(project_id=project.pk, collection=collection.name)
    made: dict[str, list[list[str]]] = {partition: [] for partition in states.values_list("partition", flat=True)}
    for partition in _beginning(collection) - made.keys():
        begun = tables.begin(place(project, collection, partition)).rows
        made[partition] = [[key, tables.text_of(row)] for key, row in begun.items()]
    found = Row.objects.filter(state__in=states).order_by("state_id", "place")
    for partition, key, value in found.values_list("state__partition", "key", "value"):
        made.setdefault(partition, []).append([key, value])
    return made


def restore(project: Project, collection: Collection, snapshot: Snapshot) -> None:
    """Every list is as it was in the snapshot; one that was not there begins anew."""
    content = orjson.loads(snapshot.content)
    with store().transaction():
        store().reset(project.pk, collection.name)
        for partition, pairs in content.items():
            rows = {key: tables.value_of(text) for key, text in pairs}
            store().change(
                place(project, collection, partition), lambda table, rows=rows: (Write(rows, clear=True), None)
            )


def forget_project(progress: jobs.Progress) -> dict:
    """Removes what the mocks of the deleted project in ``progress.job.input`` remembered; safe to repeat."""
    progress.step(_("Removing what its mocks remember"))
    _forget(progress.job.input["project_id"])
    with progress.finishing() as job:
        job.result = {}
    return job.result


def leave(user: int, projects: Sequence[int]) -> None:
    """Removes what the mocks of a deleted account's projects remembered."""
    for project_id in projects:
        _forget(project_id)


def _forget(project_id: int) -> None:
    with store().transaction():
        store().reset(project_id)
        for table in ("mocking_snapshot", "mocking_counter"):
            store().execute(f'DELETE FROM "{table}" WHERE "project_id" = ?', [project_id])
