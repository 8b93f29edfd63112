"""The exchanges of one conversation, a page at a time: ranges of one index, at most so many entries of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.conversations import grouping
from actionstudio.apps.traffic.models import SHIFT, Conversation

PAGE = 100
WALK = 5_000  # entries one page may look at
ROWS = 2_000  # and of those that must be read whole to know
NEAR = 24 * 3_600_000  # milliseconds before the first call in which a document was fetched for it
DOCUMENTS = 3
LEGS = 40  # of the sign-ins of one conversation
LATE = 3_600_000  # a callback may leave an hour after its call
OURS = ", ".join(f"'{source}'" for source in grouping.OURS)
KINDS = ", ".join(f"'{kind}'" for kind in grouping.KINDS)
BELONGS = f"source NOT IN ({OURS}) AND kind IN ({KINDS})"


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids in ascending order. ``end``: where a walk stopped that was cut short before its page was full."""

    ids: Sequence[int]
    end: int | None = None


def ids_after(talk: Conversation, after: int | None = None, size: int = PAGE, walk: int = WALK) -> Ids:
    """The next ``size`` calls and callbacks after ``after``, oldest first."""
    return _walk(talk, "ASC", after if after is not None else talk.first_id - 1, talk.last_id, size, walk)


def ids_before(talk: Conversation, before: int | None = None, size: int = PAGE, walk: int = WALK) -> Ids:
    """The ``size`` calls and callbacks before ``before`` (None: the newest), oldest first as well."""
    found = _walk(talk, "DESC", talk.first_id - 1, before - 1 if before is not None else talk.last_id, size, walk)
    return Ids(found.ids[::-1], found.end)


def documents(talk: Conversation, most: int = DOCUMENTS) -> list[int]:
    """The latest documents that anybody fetched in the day before the first call, oldest first."""
    entries = (
        "SELECT id, source, kind FROM traffic_exchange WHERE project_id = %s AND id >= %s AND id < %s "
        "ORDER BY id DESC LIMIT %s"
    )
    sql = f"SELECT id FROM ({entries}) AS walked WHERE kind = 'document' AND source NOT IN ({OURS}) LIMIT %s"
    since = talk.first_id - (NEAR << SHIFT)
    return [row[0] for row in walking.run(sql, [talk.project_id, since, talk.first_id, WALK, most])][::-1]


def legs(talk: Conversation, most: int = LEGS) -> list[int]:
    """The legs of the sign-ins in whose name it calls, oldest first; their tokens' renewals are among them."""
    keys = [key for key in talk.sign_ins if key and not key.startswith("key-")]
    if not keys:
        return []
    one = (  # NOT (…) as the index says it: else SQLite does not use it
        "SELECT id FROM (SELECT id FROM traffic_exchange WHERE sign_in = %s AND NOT (sign_in = '') AND project_id = %s "
        "AND kind = 'oauth' AND id <= %s ORDER BY id DESC LIMIT %s) AS latest"
    )
    params = [value for key in keys for value in (key, talk.project_id, talk.last_id, most)]
    found = walking.run(f"{' UNION ALL '.join([one] * len(keys))} ORDER BY id DESC LIMIT %s", [*params, most])
    return [row[0] for row in found][::-1]


def _walk(talk: Conversation, order: str, low: int, high: int, size: int, walk: int) -> Ids:
    """Entries of the conversation's index with low < id <= high; ``size`` of those that belong to it."""
    walk = min(walk, ROWS) if talk.kind == "client" else walk
    statements = [_entries(talk, driver, low, high, order, walk) for driver in _drivers(talk)]
    ids: list[int] = []
    ends: list[int] = []
    for sql, params in statements:
        found = walking.run(f"SELECT id FROM ({sql}) AS walked WHERE belongs = 1 LIMIT %s", [*params, size + 1])
        ids += [row[0] for row in found]
        if len(found) <= size:
            last = walking.run(
                f"SELECT id FROM ({sql}) AS walked ORDER BY id {order} LIMIT 1 OFFSET %s", [*params, walk - 1]
            )
            ends += [row[0] for row in last]
    ids.sort(reverse=order == "DESC")
    if not ends:
        return Ids(ids[:size])
    end = min(ends) if order == "ASC" else max(ends)  # beyond this one of several indexes was not read
    kept = [pk for pk in ids if (pk <= end if order == "ASC" else pk >= end)]
    return Ids(kept[:size], end if len(kept) <= size else None)


def _entries(talk: Conversation, driver: tuple[str, list], low: int, high: int, order: str, walk: int):
    where, params = driver
    test, test_params = _test(talk)
    sql = (
        f"SELECT id, CASE WHEN {BELONGS}{test} THEN 1 ELSE 0 END AS belongs FROM traffic_exchange "
        f"WHERE {where} AND id > %s AND id <= %s ORDER BY id {order} LIMIT %s"
    )
    return sql, [*test_params, *params, low, high, walk]


def _drivers(talk: Conversation) -> list[tuple[str, list]]:
    """The ranges that hold it: by conversation, by user, by each of its sign-ins, or of the whole project."""
    if talk.kind == "id":
        return [
            (
                "project_id = %s AND conversation_id = %s AND NOT (conversation_id = '')",
                [talk.project_id, talk.conversation_id],
            )
        ]
    if talk.kind == "user":
        return [("project_id = %s AND user_id = %s AND NOT (user_id = '')", [talk.project_id, talk.user_id])]
    if talk.kind == "person":
        sql = "sign_in = %s AND NOT (sign_in = '') AND project_id = %s"
        return [(sql, [key, talk.project_id]) for key in talk.sign_ins]
    return [("project_id = %s", [talk.project_id])]


def _test(talk: Conversation) -> tuple[str, list]:
    """What must hold of an entry besides: no conversation id, the same GPT, and what else makes it the same actor."""
    if talk.kind == "id":
        return "", []
    test, params = " AND conversation_id = '' AND gpt_id = %s", [talk.gpt_id]
    if talk.kind == "user":
        return test, params
    test += " AND user_id = ''"
    if talk.kind == "person":
        return test, params
    test += " AND sign_in = '' AND client = %s AND " + ("key_id IS NULL" if talk.key_id is None else "key_id = %s")
    return test, [*params, talk.client, *([] if talk.key_id is None else [talk.key_id])]
