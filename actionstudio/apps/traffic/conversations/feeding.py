"""Counts the log into conversations, in the background and each call once; and what is not counted yet, for pages.

The log's writer pays nothing for it. One process at a time reads on from a mark and writes counters and mark in one
transaction. It stays some seconds behind the newest call, because workers commit out of order; a page adds what came
since.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import orjson
from django.db import connections, router, transaction

from actionstudio.apps.projects import leases
from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.conversations import grouping
from actionstudio.apps.traffic.conversations.grouping import Row, Stretch
from actionstudio.apps.traffic.models import SHIFT, Conversation, Counted

NAME = "conversations"  # of the lease and of the mark
EVERY = 2.0  # seconds between looks
LAG = 10_000  # milliseconds in which a call that was answered is surely in the log
CHUNK = 1_000  # exchanges of one step: the log waits some milliseconds while their counters are written
SECONDS = 5.0  # a look ends then, far inside its lease
FRESH = 500  # exchanges that a page adds by itself, at most: some 15 ms
COLUMNS = (
    "id, project_id, source, kind, status, auth, key_id, client, gpt_id, conversation_id, user_id, sign_in, revision, "
    "CASE WHEN sign_in <> '' THEN decisions ELSE '' END"
)
PART = 400  # actors asked for in one statement
CHANGING = (
    "gpt_id", "user_id", "person", "who", "sign_ins", "revisions", "last_id", "calls", "failed", "refused", "callbacks",
)  # fmt: skip


class Taken(Exception):
    """Another process has moved the mark: what this one read is counted already."""


def work(clock: Callable[[], float] = time.monotonic) -> int:
    """Counts what has come, for some seconds at most. Returns how many exchanges it read. Work of ``worker.every``."""
    began, done = clock(), 0
    while True:
        read = step()
        done += read
        if read < CHUNK or clock() - began > SECONDS or not leases.hold(NAME):
            return done


def step(now: float | None = None, size: int = CHUNK) -> int:
    """Counts the next ``size`` exchanges, or none when another process was faster. Returns how many it read."""
    until = int((now or time.time()) * 1000 - LAG) << SHIFT
    upto = mark()
    sql = f"SELECT {COLUMNS} FROM traffic_exchange WHERE id > %s AND id < %s ORDER BY id LIMIT %s"
    rows = [Row(*row) for row in walking.run(sql, [upto, until, size])]
    if rows:
        try:
            with transaction.atomic(using=router.db_for_write(Conversation)):
                _move(upto, rows[-1].id)
                keep(grouping.fold(rows))
        except Taken:
            return 0
    return len(rows)


def mark() -> int:
    """The last exchange that is counted; 0 before the first."""
    return Counted.objects.filter(name=NAME).values_list("upto", flat=True).first() or 0


def again() -> None:
    """Forgets every count, so that the whole log is counted anew. The texts people pasted stay."""
    with transaction.atomic(using=router.db_for_write(Conversation)):
        Counted.objects.filter(name=NAME).delete()
        Conversation.objects.all().delete()


def anew(project_id: int) -> None:
    """Counts a project again from its first call on: for calls that were written into the past, below the mark."""
    sql = f"SELECT {COLUMNS} FROM traffic_exchange WHERE project_id = %s AND id > %s AND id <= %s ORDER BY id LIMIT %s"
    with transaction.atomic(using=router.db_for_write(Conversation)):
        held = Counted.objects.select_for_update().filter(name=NAME).values_list("upto", flat=True).first() or 0
        Conversation.objects.filter(project_id=project_id).delete()
        at = 0
        while rows := [Row(*row) for row in walking.run(sql, [project_id, at, held, CHUNK])]:
            keep(grouping.fold(rows))
            at = rows[-1].id


def keep(stretches: Sequence[Stretch]) -> None:
    """Adds stretches to the conversations that they go on with, and makes the others. Inside a transaction."""
    made, changed = joined(stretches, latest(stretches))
    Conversation.objects.bulk_create(made)
    write(changed, CHANGING)


def write(rows: Sequence[Conversation], names: Sequence[str]) -> None:
    """Updates these fields of these rows. A thousand rows take some milliseconds; bulk_update needs a second."""
    if not rows:
        return
    fields = [Conversation._meta.get_field(name) for name in names]
    connection = connections[router.db_for_write(Conversation)]
    sets = ", ".join(f"{field.column} = %s" for field in fields)
    values = [[*(_plain(field.value_from_object(row)) for field in fields), row.pk] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE traffic_conversation SET {sets} WHERE id = %s", values)


def _plain(value):
    return orjson.dumps(value).decode() if isinstance(value, list) else value


def latest(stretches: Iterable[Stretch]) -> dict[tuple[int, str], Conversation]:
    """The newest conversation of each actor, as far as they are counted; in few statements, each by an index."""
    pairs = [*{(one.project_id, one.actor) for one in stretches}]
    newest = "SELECT id FROM traffic_conversation WHERE project_id = p AND actor = a ORDER BY last_id DESC LIMIT 1"
    ids: list[int] = []
    for start in range(0, len(pairs), PART):
        part = pairs[start : start + PART]
        sql = f"WITH asked(p, a) AS (VALUES {', '.join(['(%s, %s)'] * len(part))}) SELECT ({newest}) FROM asked"
        ids += [row[0] for row in walking.run(sql, [value for pair in part for value in pair]) if row[0]]
    rows = Conversation.objects.in_bulk(ids).values() if ids else ()
    return {(row.project_id, row.actor): row for row in rows}


def joined(
    stretches: Iterable[Stretch], known: dict[tuple[int, str], Conversation]
) -> tuple[list[Conversation], list[Conversation]]:
    """(new conversations, changed ones) when these stretches are added to ``known``; nothing is written."""
    made: list[Conversation] = []
    changed: dict[int, Conversation] = {}
    for stretch in stretches:
        place = stretch.project_id, stretch.actor
        row = known.get(place)
        if row is None or grouping.ends(row.kind, row.first_id, row.last_id, stretch.first_id):
            known[place] = begun(stretch)
            made.append(known[place])
            continue
        _extend(row, stretch)
        if row.pk is not None:
            changed[row.pk] = row
    return made, [*changed.values()]


def begun(stretch: Stretch) -> Conversation:
    """A conversation as this stretch begins it."""
    names = [field.name for field in Conversation._meta.fields if field.name not in ("id", "key")]
    return Conversation(key=stretch.key, **{name: getattr(stretch, name) for name in names})


@dataclass(frozen=True, slots=True)
class Fresh:
    """What came after the mark. ``behind``: there is more than a page adds by itself."""

    rows: Sequence[Conversation]
    behind: bool = False


def fresh(project_id: int, upto: int | None = None) -> Fresh:
    """The project's conversations that have calls which are not counted yet, with them; nothing is written."""
    upto = mark() if upto is None else upto
    sql = f"SELECT {COLUMNS} FROM traffic_exchange WHERE project_id = %s AND id > %s ORDER BY id DESC LIMIT %s"
    rows = [Row(*row) for row in walking.run(sql, [project_id, upto, FRESH + 1])]
    stretches = grouping.fold(reversed(rows[:FRESH]))
    made, changed = joined(stretches, latest(stretches))
    return Fresh(sorted([*made, *changed], key=lambda row: -row.last_id), len(rows) > FRESH)


def _move(upto: int, to: int) -> None:
    """Moves the mark, which only one can do: it locks the row, and finds it as it was read."""
    rows = Counted.objects.filter(name=NAME)
    if rows.filter(upto=upto).update(upto=to):
        return
    if rows.exists() or not _begin(to):
        raise Taken


def _begin(to: int) -> bool:
    """The first mark; a conflict with another process's is no error, and leaves the transaction whole."""
    with connections[router.db_for_write(Counted)].cursor() as cursor:
        cursor.execute(
            "INSERT INTO traffic_counted (name, upto) VALUES (%s, %s) ON CONFLICT (name) DO NOTHING", [NAME, to]
        )
        return cursor.rowcount == 1


def _extend(row: Conversation, more: Stretch) -> None:
    row.last_id = max(row.last_id, more.last_id)
    row.gpt_id, row.user_id = row.gpt_id or more.gpt_id, row.user_id or more.user_id
    if more.person:
        row.person, row.who = more.person, more.who
    row.calls += more.calls
    row.failed += more.failed
    row.refused += more.refused
    row.callbacks += more.callbacks
    for sign_in in more.sign_ins:
        grouping.add(row.sign_ins, sign_in)
    for revision in more.revisions:
        grouping.add(row.revisions, revision)
