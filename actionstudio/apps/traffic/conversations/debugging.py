"""What people pasted of ChatGPT's own text: kept masked, and set beside the calls of a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from actionstudio.apps.publishing.source import base_urls, masks_of
from actionstudio.apps.traffic import redaction
from actionstudio.apps.traffic.conversations import members, timeline
from actionstudio.apps.traffic.filters import write_time
from actionstudio.apps.traffic.models import SHIFT, Conversation, DebugText, Exchange
from actionstudio.core.debugging import matching, reading
from actionstudio.core.debugging.matching import Arrived, Pair

COMPARED = 20_000_000  # bytes of answers that are held against the text
REASONS = {
    "kwargs": lambda: (
        _("Refused by ChatGPT itself: it was never sent."),
        _(
            "ChatGPT sends no argument that the document does not declare. Declare it, or tell the GPT not to use "
            "it; nested objects without properties are the usual cause."
        ),
    ),
    "syntax": lambda: (
        _("Never sent: the model wrote arguments that are no JSON."),
        _("Long texts and nested objects make this likely. Ask for less in one call, or for flat arguments."),
    ),
    "approval": lambda: (
        _("Never sent: it waited for the user to allow it."),
        _(
            "“The requested action requires approval” is ChatGPT's placeholder until somebody presses Allow or "
            "Confirm; no server wrote it."
        ),
    ),
    "declined": lambda: (
        _("Never sent: the user declined it, or stopped it."),
        _("Ask again, and press Allow or Confirm."),
    ),
    "domain": lambda: (
        _("It went to another host."),
        _(
            "The GPT's action has another server than this project's addresses: look at the server in its "
            "document, or import this project's document anew."
        ),
    ),
    "unreadable": lambda: (
        _("This call cannot be read."),
        _("What stands behind “Calling HTTP endpoint” is no JSON. Copy it again, from its first brace to its last."),
    ),
    "operation": lambda: (
        _("This project has no endpoint of that name."),
        _("The GPT has an older document, or another action's: import the document anew under Connect."),
    ),
    "large": lambda: (
        _("The answer was longer than ChatGPT takes."),
        _(
            "The call itself should be in the log, perhaps in another conversation: answers must stay below "
            "100,000 characters."
        ),
    ),
    "transport": lambda: (
        _("ChatGPT could not reach the server, or got no whole answer."),
        _(
            "Nothing arrived here. The host may not be reachable from the internet, a firewall may refuse "
            "ChatGPT, or this chat's connection is stuck: try a new chat."
        ),
    ),
    "unanswered": lambda: (
        _("ChatGPT shows no answer to it."),
        _("It may still wait for Allow or Confirm, or the text was copied before the answer came."),
    ),
    "elsewhere": lambda: (
        _("ChatGPT got an answer, but this conversation's log does not have the call."),
        _(
            "It may belong to another conversation, have been deleted with older calls, or something in between "
            "answered: a proxy, a tunnel, a cache."
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One call on both sides, as the page shows it. ``equal``: whether the answers are the same; None: not known."""

    pair: Pair
    exchange: Exchange | None = None
    head: str = ""
    cure: str = ""
    equal: bool | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """A whole text beside a conversation."""

    lines: Sequence[Line]

    @property
    def matched(self) -> int:
        """How many calls are on both sides."""
        return sum(line.pair.block is not None and line.pair.call is not None for line in self.lines)

    @property
    def differing(self) -> int:
        """And how many of them are not the same on both."""
        return sum(line.pair.differs or line.equal is False for line in self.lines)

    @property
    def only_said(self) -> int:
        """How many calls only ChatGPT tells of."""
        return sum(line.pair.call is None for line in self.lines)

    @property
    def only_logged(self) -> int:
        """How many calls only the log has."""
        return sum(line.pair.block is None for line in self.lines)


def of(project, talk: Conversation) -> DebugText | None:
    """What was pasted for a conversation."""
    return DebugText.objects.filter(project_id=project.pk, key=talk.key).first()


def keep(project, talk: Conversation, text: str, by) -> DebugText:
    """Keeps a text, masked as the log is; one that was there before is replaced."""
    values = {"text": masked(project, text), "author": by.get_username()[:150]}
    row, _made = DebugText.objects.update_or_create(project_id=project.pk, key=talk.key, defaults=values)
    return row


def tells(text: str) -> bool:
    """Whether a text tells of a call at all."""
    return bool(reading.read(text))


def remove(project, talk: Conversation) -> None:
    """Removes the text of a conversation."""
    DebugText.objects.filter(project_id=project.pk, key=talk.key).delete()


def masked(project, text: str) -> str:
    """The text without secrets: what the project masks in bodies, and keys and tokens of ours wherever they stand."""
    data = text.replace("\r\n", "\n").encode("utf-8", "replace")
    return redaction.body(data, "text/plain", masks_of(project)).decode("utf-8", "replace")


def beside(project, talk: Conversation, text: str) -> Beside:
    """The calls of a text beside those of the conversation (the newest, as many as matching takes)."""
    ids = members.ids_before(talk, size=matching.MOST).ids
    rows = [row for row in timeline.loaded(ids) if row.kind != "callback"]
    templates = timeline.templates_of(project, {row.operation_id for row in rows})
    hosts = {
        urlsplit(url).netloc for address in project.addresses.all() for url in base_urls(address.name, address.domain)
    }
    names = set(project.operations.values_list("operation_id", flat=True))
    pairs = matching.match(reading.read(text), [_arrived(row, templates) for row in rows], hosts, names)
    return Beside(_lines(pairs, {row.public_id: row for row in rows}))


def query(talk: Conversation) -> str:
    """The log's query (and that of a replay) that finds a conversation's calls; "" where no filter can."""
    if talk.kind == "id":
        return urlencode({"q": f"conversation:{_quoted(talk.conversation_id)}"})
    if talk.kind == "user":
        return urlencode({"q": f"user:{_quoted(talk.user_id)}", **_span(talk)})
    return ""


def _span(talk: Conversation) -> dict[str, str]:
    """From its first call to its last, as the log's parameters say it."""
    return {"from": write_time(talk.first_id >> SHIFT), "to": write_time((talk.last_id >> SHIFT) + 1)}


def _quoted(text: str) -> str:
    plain = all(char.isalnum() or char in "-_." for char in text)
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _arrived(row: Exchange, templates: dict[str, str]) -> Arrived:
    sent, cut = timeline.of(row, templates), timeline.in_part(row)
    return Arrived(row.public_id, row.method, row.path, row.operation_id, row.status, sent, cut)


def _lines(pairs: Sequence[Pair], rows: dict[str, Exchange]) -> list[Line]:
    both = [rows[pair.call.id].pk for pair in pairs if pair.call and pair.block and pair.block.data is not None]
    bodies = _bodies(both)
    lines = []
    for pair in pairs:
        row = rows[pair.call.id] if pair.call else None
        head, cure = REASONS[pair.reason]() if pair.reason else ("", "")
        equal = _equal(pair, bodies.get(row.pk)) if row else None
        lines.append(Line(pair, row, head, cure, equal))
    return lines


def _bodies(ids: Sequence[int]) -> dict[int, bytes]:
    """The answers that the log has whole, as many as COMPARED allows."""
    found, left = [], COMPARED
    for pk, size in Exchange.objects.filter(pk__in=ids).values_list("pk", "response_size"):
        left -= min(size, settings.STUDIO_LOG_BODY_LIMIT)
        if left >= 0:
            found.append(pk)
    rows = Exchange.objects.filter(pk__in=found).only("response_body", "response_size", "cut")
    return {row.pk: bytes(row.response_body) for row in rows if not row.lacks("response")}


def _equal(pair: Pair, body: bytes | None) -> bool | None:
    """Whether ChatGPT shows the answer that was logged; None where a part of one is hidden or missing."""
    if pair.block is None or pair.block.data is None or pair.block.cut or pair.block.error or body is None:
        return None
    try:
        logged = orjson.loads(body)
    except ValueError:
        logged = body.decode("utf-8", "replace")
    try:
        return matching.same_answer(pair.block.data, logged)
    except RecursionError:
        return None
