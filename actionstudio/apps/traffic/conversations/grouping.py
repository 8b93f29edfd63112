"""Which conversation a logged call belongs to, and what a stretch of the log adds to each: plain functions of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from actionstudio.apps.traffic.models import SHIFT, base36

GAP = 30 * 60_000  # milliseconds: after a pause as long as this a caller without a conversation id begins a new one
LONGEST = 24 * 3_600_000  # a script that calls all day begins a new one every day
MOST = 20  # sign-ins and versions that are kept of one
OURS = ("replay", "try")  # sent from these pages: nobody's conversation, whatever headers they repeat
KINDS = ("mock", "refused", "callback")  # what is counted; documents and legs of a sign-in are shown beside it
DENIED = frozenset(("missing", "wrong", "revoked", "expired", "scope"))


class Row(NamedTuple):
    """What grouping asks of an exchange. ``decisions`` is only read where somebody had signed in."""

    id: int
    project_id: int
    source: str
    kind: str
    status: int
    auth: str
    key_id: int | None
    client: str
    gpt_id: str
    conversation_id: str
    user_id: str
    sign_in: str
    revision: int
    decisions: str = ""


@dataclass(slots=True)
class Stretch:
    """What calls in a row add to one conversation; the fields are those of Conversation."""

    project_id: int
    actor: str
    kind: str
    conversation_id: str
    gpt_id: str
    user_id: str
    person: str
    who: str
    client: str
    key_id: int | None
    first_id: int
    last_id: int
    calls: int = 0
    failed: int = 0
    refused: int = 0
    callbacks: int = 0
    sign_ins: list[str] = field(default_factory=list)
    revisions: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        """How a conversation that begins here is called in URLs: the same however often it is counted."""
        return self.actor if self.kind == "id" else f"s-{base36(self.first_id)}"


def actor(row: Row) -> tuple[str, str, str, str]:
    """Who is at the other end: (actor, kind, sub and name of the person who had signed in). ("", …): nobody known.

    A conversation id alone says it; else the GPT with ChatGPT's user, else who signed in, else a client's address with
    the key it bears. A client that sends neither id nor key nor sign-in is grouped by its address.
    """
    if row.kind not in KINDS or row.source in OURS:
        return "", "", "", ""
    person, who = signed_in(row)
    if row.conversation_id:
        return hashed("c", row.conversation_id), "id", person, who
    if row.user_id:
        return hashed("u", row.gpt_id, row.user_id), "user", person, who
    if person or row.sign_in:
        return hashed("p", row.gpt_id, person or row.sign_in), "person", person, who
    if row.client:
        return hashed("k", row.gpt_id, row.client, str(row.key_id or "")), "client", "", ""
    return "", "", "", ""


def signed_in(row: Row) -> tuple[str, str]:
    """The sub and the name of the person in whose name a call was made; ("", "") without one."""
    if not row.sign_in or "signed_in" not in row.decisions:
        return "", ""
    told: Any = orjson.loads(row.decisions).get("signed_in")
    told = told if isinstance(told, dict) else {}
    return str(told.get("user") or "")[:36], str(told.get("who") or "")[:254]


def ends(kind: str, first_id: int, last_id: int, at: int) -> bool:
    """Whether a call at ``at`` (an id, like the others) is no longer of a conversation from ``first_id`` on."""
    if kind == "id":
        return False
    return (at >> SHIFT) - (last_id >> SHIFT) > GAP or (at >> SHIFT) - (first_id >> SHIFT) > LONGEST


def refused(row: Row) -> bool:
    """Whether a call did not get as far as its endpoint: turned away at the door, or for its credential."""
    return row.kind == "refused" or (row.auth in DENIED and row.status in (401, 403))


def fold(rows: Iterable[Row]) -> list[Stretch]:
    """What these rows (in the order of their ids) add, as stretches in the order in which they begin."""
    found: list[Stretch] = []
    open_: dict[tuple[int, str], Stretch] = {}
    for row in rows:
        name, kind, person, who = actor(row)
        if not name:
            continue
        last = open_.get((row.project_id, name))
        if last is None or ends(kind, last.first_id, last.last_id, row.id):
            last = Stretch(
                row.project_id, name, kind, row.conversation_id, row.gpt_id, row.user_id, person, who, row.client,
                row.key_id if kind == "client" else None, row.id, row.id,
            )  # fmt: skip
            open_[row.project_id, name] = last
            found.append(last)
        _count(last, row, person, who)
    return found


def _count(into: Stretch, row: Row, person: str, who: str) -> None:
    into.last_id = max(into.last_id, row.id)
    into.gpt_id, into.user_id = into.gpt_id or row.gpt_id, into.user_id or row.user_id
    if person:
        into.person, into.who = person, who
    if row.kind == "callback":
        into.callbacks += 1
        return
    into.calls += 1
    into.failed += row.status >= 400
    into.refused += refused(row)
    if row.sign_in:
        add(into.sign_ins, row.sign_in)
    if row.revision:
        add(into.revisions, row.revision)


def add(known: list, value) -> None:
    """Appends what is new, as long as there are not too many."""
    if value not in known and len(known) < MOST:
        known.append(value)


def hashed(kind: str, *parts: str) -> str:
    """A name of fixed length, fit for a URL: ids are chosen by callers."""
    text = "\0".join(parts).encode("utf-8", "replace")
    return f"{kind}-{hashlib.blake2b(text, digest_size=12).hexdigest()}"
