"""One conversation as a timeline: what came when, after what pause, how long it took, and what it was a retry of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BinaryField
from django.db.models.functions import Substr

from actionstudio.apps.traffic import verdict
from actionstudio.apps.traffic.conversations import grouping, members
from actionstudio.apps.traffic.models import Conversation, Exchange
from actionstudio.core.debugging import arguments
from actionstudio.runtime.ports import CUT_REQUEST

BEGINNING = 4_096  # bytes of a request's body that are read
RETRY = 30_000  # milliseconds after a failure in which the same call counts as its retry
PAUSE = 5_000  # a gap as long as this is told in words and drawn no longer
WIDE = 1_000  # units of the picture
THIN = 4  # the least width of a bar
KINDS = {"oauth": "leg", "document": "document", "callback": "callback"}
LATER = ("response_body", "response_headers", "request_body")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. ``kind`` is document, leg, call, refused or callback; ``mark`` ok, warn or bad.

    ``gap`` is how many milliseconds passed since the one before, where that is worth telling; ``x`` and ``width`` are
    its bar in the picture, in thousandths of the stretch that the page shows.
    """

    row: Exchange
    kind: str
    mark: str
    head: str
    arguments: str = ""
    retry_of: str = ""
    attempt: int = 1
    gap: int = 0
    x: int = 0
    width: int = THIN


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, oldest first; the ids to go on from in both directions, None at the ends."""

    entries: Sequence[Entry]
    newer: int | None = None
    older: int | None = None


def page(project, talk: Conversation, after: int | None = None, before: int | None = None, size: int = 0) -> Page:
    """A page of a conversation. The first one begins with what came before it: documents and legs of its sign-ins."""
    size = size or members.PAGE
    if before is not None:
        found = members.ids_before(talk, before, size)
    else:
        found = members.ids_after(talk, after, size)
    ids = list(found.ids)
    first = not ids or ids[0] <= talk.first_id
    last = not ids or ids[-1] >= talk.last_id
    beside = sorted({*_before(talk, first), *_within(members.legs(talk), ids, first, last)})
    entries = drawn(project, [*sorted({*ids, *beside})])
    newer = None if last else (found.end if found.end is not None and before is None else ids[-1])
    older = None if first else ids[0]
    return Page(entries, newer, older)


def drawn(project, ids: Sequence[int]) -> list[Entry]:
    """These exchanges as entries with their places in the picture; their answers' bodies stay in the database."""
    rows = list(loaded(ids))
    templates = templates_of(project, {row.operation_id for row in rows})
    entries, failed = [], dict[tuple, tuple[Exchange, int]]()
    starts, spans = _places(rows)
    for n, row in enumerate(rows):
        kind, mark, head = told(row)
        again, attempt = _retry(failed, row) if kind in ("call", "refused") else ("", 1)
        asked = arguments.line(of(row, templates)) if kind != "leg" else ""
        gap = _gap(rows, n)
        entries.append(Entry(row, kind, mark, head, asked, again, attempt, gap, starts[n], spans[n]))
    return entries


def loaded(ids: Sequence[int]):
    """The rows with the beginning of what was sent as ``beginning``, in the order of their ids."""
    rows = Exchange.objects.filter(pk__in=ids).defer(*LATER).order_by("pk")
    return rows.annotate(beginning=Substr("request_body", 1, BEGINNING, output_field=BinaryField()))


def templates_of(project, names) -> dict[str, str]:
    """operation_id -> path of the operations of these names, as they are today."""
    found = project.operations.filter(operation_id__in=[name for name in names if name])
    return dict(found.values_list("operation_id", "path"))


def of(row: Exchange, templates: dict[str, str]) -> dict:
    """The arguments of a logged call as ChatGPT passes them: one flat object."""
    body = bytes(row.beginning or b"")
    return arguments.flat(templates.get(row.operation_id, ""), row.path, row.query, body, in_part(row))


def in_part(row: Exchange) -> bool:
    """Whether only a part of what was sent, or nothing, was loaded with ``row``."""
    body = bytes(row.beginning or b"")
    return bool(row.cut & CUT_REQUEST) or len(body) == BEGINNING or (row.request_size > 0 and not body)


def told(row: Exchange) -> tuple[str, str, str]:
    """(kind of entry, mark, short verdict)."""
    mark, head = verdict.brief(row)
    if row.kind in KINDS:
        return KINDS[row.kind], mark, head
    return ("refused" if grouping.refused(_asked(row)) else "call"), mark, head


def _asked(row: Exchange) -> grouping.Row:
    return grouping.Row(*(getattr(row, name) for name in grouping.Row._fields))


def _before(talk: Conversation, first: bool) -> list[int]:
    return members.documents(talk) if first else []


def _within(ids: Sequence[int], page: Sequence[int], first: bool, last: bool) -> list[int]:
    """The legs that belong on this page: between its calls, and at the ends what lies beyond them."""
    low = 0 if first or not page else page[0]
    high = (1 << 63) if last or not page else page[-1]
    return [pk for pk in ids if low <= pk <= high]


def _retry(failed: dict, row: Exchange) -> tuple[str, int]:
    """The call that this one repeats: the same to the letter, within seconds after that one failed."""
    same = (row.method, row.path, row.query, row.request_size, bytes(row.beginning or b""))
    before, attempt = failed.get(same, (None, 0))
    near = before is not None and (row.at - before.at).total_seconds() * 1000 <= RETRY
    number = attempt + 1 if near else 1
    if row.status >= 400:
        failed[same] = row, number
    else:
        failed.pop(same, None)
    return (before.public_id if near and before else ""), number


def _gap(rows: Sequence[Exchange], n: int) -> int:
    return _between(rows[n - 1], rows[n]) if n and _between(rows[n - 1], rows[n]) >= PAUSE else 0


def _between(one: Exchange, other: Exchange) -> int:
    """Milliseconds from the end of one to the beginning of the other; 0 when they overlap."""
    ended = one.at.timestamp() * 1000 + one.duration_us / 1000
    return max(0, int(other.at.timestamp() * 1000 - ended))


def _places(rows: Sequence[Exchange]) -> tuple[list[int], list[int]]:
    """Where each bar begins and how wide it is, when pauses are drawn no longer than PAUSE."""
    if not rows:
        return [], []
    starts, at, edge = [], 0.0, rows[0].at.timestamp() * 1000
    for row in rows:
        begins = row.at.timestamp() * 1000
        at += min(begins - edge, PAUSE)
        starts.append(max(0.0, at))
        edge = begins
    took = [row.duration_us / 1000 for row in rows]
    whole = max(start + length for start, length in zip(starts, took, strict=True)) or 1
    xs = [min(WIDE - THIN, round(start / whole * WIDE)) for start in starts]
    widths = [max(THIN, min(WIDE - x, round(length / whole * WIDE))) for x, length in zip(xs, took, strict=True)]
    return xs, widths
