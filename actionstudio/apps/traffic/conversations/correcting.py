"""Takes deleted calls out of the counts of conversations, counts some anew, and forgets those of a deleted project."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence

from django.db import router, transaction

from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.conversations import feeding, grouping, members
from actionstudio.apps.traffic.conversations.grouping import Row, Stretch
from actionstudio.apps.traffic.models import Conversation, Counted, DebugText

CHUNK = 2_000
COUNTERS = ("calls", "failed", "refused", "callbacks")


def forget(project_id: int, ids: Collection[int]) -> None:
    """Takes these exchanges out of the counts. Call it before they are deleted, in the same transaction.

    A conversation of which nothing is left goes, with the text that was pasted for it.
    """
    if not ids:
        return
    with transaction.atomic(using=router.db_for_write(Conversation)):
        upto = _hold()
        rows = [row for row in _rows(project_id, sorted(ids)) if row.id <= upto]
        gone = frozenset(ids)
        shares = _shares(project_id, rows)
        for talk, less in shares:
            for name in COUNTERS:
                setattr(talk, name, max(0, getattr(talk, name) - getattr(less, name)))
        talks = [*{talk.pk: talk for talk, _less in shares}.values()]
        left = [talk for talk in talks if _narrowed(talk, gone)]
        _write(left, [talk for talk in talks if talk not in left])


def keys_of(project_id: int, ids: Collection[int]) -> list[str]:
    """The keys of the counted conversations that have some of these exchanges."""
    return [*dict.fromkeys(talk.key for talk, _one in _shares(project_id, _rows(project_id, sorted(ids))))]


def recount(project_id: int, keys: Iterable[str]) -> None:
    """Counts these conversations anew, from what the log has of them; those without a call go."""
    with transaction.atomic(using=router.db_for_write(Conversation)):
        upto = _hold()
        for talk in Conversation.objects.filter(project_id=project_id, key__in=[*keys]):
            total = _total(talk, upto)
            if total is None:
                _write([], [talk])
                continue
            for name in (*COUNTERS, "first_id", "last_id", "sign_ins", "revisions"):
                setattr(talk, name, getattr(total, name))
            talk.save()


def forget_project(project_id: int) -> int:
    """Removes all conversations of a project, and the texts people pasted. Returns how many there were."""
    DebugText.objects.filter(project_id=project_id).delete()
    return Conversation.objects.filter(project_id=project_id).delete()[0]


def _hold() -> int:
    """The mark, held until the transaction ends: nobody counts meanwhile. SQLite's transactions are alone anyway."""
    row = Counted.objects.select_for_update().filter(name=feeding.NAME).first()
    return row.upto if row else 0


def _rows(project_id: int, ids: Sequence[int]) -> list[Row]:
    found: list[Row] = []
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ", ".join(["%s"] * len(part))
        sql = f"SELECT {feeding.COLUMNS} FROM traffic_exchange WHERE id IN ({marks}) AND project_id = %s ORDER BY id"
        found += [Row(*row) for row in walking.run(sql, [*part, project_id])]
    return found


def _shares(project_id: int, rows: Sequence[Row]) -> list[tuple[Conversation, Stretch]]:
    """What each of these calls is in the counts, with the conversation in which it lies."""
    shares = [stretch for row in rows for stretch in grouping.fold([row])]
    if not shares:
        return []
    known: dict[str, list[Conversation]] = {}
    near = Conversation.objects.filter(
        project_id=project_id,
        actor__in={share.actor for share in shares},
        last_id__gte=shares[0].first_id,
        first_id__lte=shares[-1].last_id,
    )
    for talk in near:
        known.setdefault(talk.actor, []).append(talk)
    found = []
    for share in shares:
        around = (talk for talk in known.get(share.actor, ()) if talk.first_id <= share.first_id <= talk.last_id)
        found += [(talk, share) for talk in itertools.islice(around, 1)]
    return found


def _narrowed(talk: Conversation, gone: Collection[int]) -> bool:
    """Moves the ends of a conversation to calls that stay. False when none is left."""
    first, last = _end(talk, gone, members.ids_after), _end(talk, gone, members.ids_before)
    if _empty(talk) or first is None or last is None:
        talk.calls = talk.callbacks = 0
        return False
    talk.first_id, talk.last_id = first, last
    return True


def _end(talk: Conversation, gone: Collection[int], walk) -> int | None:
    """The first (or last) call that stays, whatever stands before it."""
    at: int | None = None
    while True:
        found = walk(talk, at, CHUNK)
        ids = found.ids if walk is members.ids_after else [*reversed(found.ids)]
        stays = next((pk for pk in ids if pk not in gone), None)
        if stays is not None:
            return stays
        at = found.end if found.end is not None else (ids[-1] if len(ids) == CHUNK else None)
        if at is None:
            return None


def _empty(talk: Conversation) -> bool:
    return not talk.calls and not talk.callbacks


def _total(talk: Conversation, upto: int) -> Stretch | None:
    """All that the log has of a conversation as one stretch; None when it has nothing."""
    total: Stretch | None = None
    at: int | None = None
    while True:
        found = members.ids_after(talk, at, CHUNK)
        for more in grouping.fold(_rows(talk.project_id, [pk for pk in found.ids if pk <= upto])):
            total = more if total is None else _sum(total, more)
        at = found.end if found.end is not None else (found.ids[-1] if len(found.ids) == CHUNK else None)
        if at is None:
            return total


def _sum(total: Stretch, more: Stretch) -> Stretch:
    for name in COUNTERS:
        setattr(total, name, getattr(total, name) + getattr(more, name))
    total.last_id = max(total.last_id, more.last_id)
    for name in ("sign_ins", "revisions"):
        for value in getattr(more, name):
            grouping.add(getattr(total, name), value)
    return total


def _write(changed: Sequence[Conversation], empty: Sequence[Conversation]) -> None:
    feeding.write(changed, (*COUNTERS, "first_id", "last_id"))
    if empty:
        DebugText.objects.filter(project_id=empty[0].project_id, key__in=[talk.key for talk in empty]).delete()
        Conversation.objects.filter(pk__in=[talk.pk for talk in empty]).delete()
