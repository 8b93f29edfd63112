"""The list of conversations, newest first by index, with those that are not counted yet; and one by its key."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.conversations import feeding, grouping
from actionstudio.apps.traffic.models import Conversation, Exchange
from actionstudio.core.problem import Problem, Refused

PAGE = 50
WALK = 20_000  # conversations one search looks at
LONGEST = 200  # characters of a search text
SEARCHED = ("conversation_id", "user_id", "gpt_id", "who", "person", "client")


@dataclass(frozen=True, slots=True)
class Page:
    """Conversations, newest first. ``older``: the last_id to go on before; ``complete`` is False where a search ended
    for its length; ``behind``: so much came at once that some calls are not counted yet."""

    rows: Sequence[Conversation]
    older: int | None = None
    complete: bool = True
    behind: bool = False


def page(project_id: int, before: int | None = None, q: str = "", size: int = PAGE) -> Page:
    """The newest conversations whose last call is older than ``before`` and in which ``q`` occurs. Raises Refused for a
    text that is too long to search for."""
    q = q.replace("\0", "").strip()
    if len(q) > LONGEST:
        message = _("A search may have %(most)s characters; leave out the rest.") % {"most": LONGEST}
        raise Refused(Problem("?q", message, "long"))
    fresh = feeding.fresh(project_id)
    counted = {row.pk for row in fresh.rows if row.pk is not None}
    rows, reached = _counted(project_id, before, q, size + 1 + len(counted))
    rows = [row for row in rows if row.pk not in counted]
    rows += [row for row in fresh.rows if (before is None or row.last_id < before) and (not q or fits(row, q))]
    if q and before is None:
        rows += [row for row in _exactly(project_id, q) if row.pk not in counted]
    rows = sorted({row.key: row for row in rows}.values(), key=lambda row: -row.last_id)
    if len(rows) > size:
        return Page(rows[:size], rows[size - 1].last_id, behind=fresh.behind)
    return Page(rows, reached, complete=reached is None, behind=fresh.behind)


def find(project_id: int, key: str) -> Conversation | None:
    """The conversation of that key with its newest calls; also one that a new count gave another beginning."""
    if "\0" in key or len(key) > 40:
        return None
    new = {row.key: row for row in feeding.fresh(project_id).rows}
    if key in new:
        return new[key]
    row = Conversation.objects.filter(project_id=project_id, key=key).first()
    return row or _around(project_id, key)


def of(row: Exchange) -> str:
    """The key of the conversation that an exchange belongs to; "" when it belongs to none."""
    given = grouping.Row(*(getattr(row, name) for name in grouping.Row._fields))
    actor, kind, _person, _who = grouping.actor(given)
    if not actor or kind == "id":
        return actor
    for one in feeding.fresh(row.project_id).rows:
        if one.actor == actor and one.first_id <= row.pk <= one.last_id:
            return one.key
    counted = Conversation.objects.filter(project_id=row.project_id, actor=actor, last_id__gte=row.pk)
    found = counted.order_by("last_id").first()
    return found.key if found and found.first_id <= row.pk else ""


def spans(talks: Sequence[Conversation]) -> dict[str, tuple[datetime.datetime, datetime.datetime]]:
    """When the first call of each came in and when its last one was answered, by key; in one query. Where the log no
    longer has the first call, when that was answered: its id says so."""
    firsts = Exchange.objects.filter(pk__in=[talk.first_id for talk in talks]).only("duration_us", "timings")
    came = {row.pk: row.at for row in firsts}
    return {
        talk.key: (came.get(talk.first_id) or Exchange(pk=talk.first_id).at, Exchange(pk=talk.last_id).at)
        for talk in talks
    }


def fits(row: Conversation, q: str) -> bool:
    """Whether the text occurs in what a search looks at."""
    return q == row.key or any(q.casefold() in str(getattr(row, name)).casefold() for name in SEARCHED)


def _counted(project_id: int, before: int | None, q: str, size: int) -> tuple[list[Conversation], int | None]:
    rows = Conversation.objects.filter(project_id=project_id).order_by("-last_id")
    rows = rows.filter(last_id__lt=before) if before is not None else rows
    if not q:
        return list(rows[:size]), None
    text = q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    columns = " OR ".join(f"lower({name}) LIKE lower(%s) ESCAPE '\\'" for name in SEARCHED)
    entries = "SELECT * FROM traffic_conversation WHERE project_id = %s AND last_id < %s ORDER BY last_id DESC LIMIT %s"
    params = [project_id, before if before is not None else (1 << 63) - 1, WALK]
    sql = f"SELECT id FROM ({entries}) AS walked WHERE {columns} ORDER BY last_id DESC LIMIT %s"
    ids = [row[0] for row in walking.run(sql, [*params, *[f"%{text}%"] * len(SEARCHED), size])]
    found = sorted(Conversation.objects.in_bulk(ids).values(), key=lambda row: -row.last_id) if ids else []
    if len(found) == size:
        return found, None
    end = walking.run(
        f"SELECT last_id FROM ({entries}) AS walked ORDER BY last_id LIMIT 1 OFFSET %s", [*params, WALK - 1]
    )
    return found, end[0][0] if end else None


def _exactly(project_id: int, q: str) -> list[Conversation]:
    """What an index finds at once however old it is: an id that was pasted whole."""
    actor = grouping.hashed("c", q)
    asked = Q(actor=actor) | Q(key=q) | Q(user_id=q) | Q(person=q)
    found = list(Conversation.objects.filter(asked, project_id=project_id).order_by("-last_id")[:PAGE])
    if q.startswith("req_") and (row := _exchange(project_id, q)) and (key := of(row)):
        found += [talk for talk in [find(project_id, key)] if talk]
    return found


def _exchange(project_id: int, public_id: str) -> Exchange | None:
    try:
        pk = Exchange.private_id(public_id)
    except ValueError:
        return None
    rows = Exchange.objects.filter(pk=pk, project_id=project_id).defer("request_body", "response_body")
    return rows.first() if pk < 1 << 63 else None


def _around(project_id: int, key: str) -> Conversation | None:
    """Of the key ``s-<first call>``: the conversation that has this call now, or has absorbed it."""
    if not key.startswith("s-"):
        return None
    row = _exchange(project_id, f"req_{key[2:]}")
    found = of(row) if row else ""
    return find(project_id, found) if found and found != key else None
