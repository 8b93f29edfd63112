"""All that the page of a chat shows, as the context of its templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.chatting import branching
from actionstudio.apps.simulator.models import Chat, Message
from actionstudio.apps.simulator.pages import debugging, finding, following, pieces
from actionstudio.apps.simulator.pages.pieces import Piece

TABS = (("call", "Call"), ("prompt", "Prompt"), ("raw", "Raw"))
MODES = {
    Chat.Mode.REPORTED: lazy("reported: the name of the error alone"),
    Chat.Mode.LENIENT: lazy("lenient: the body of an error too"),
}
HEARD = 600  # characters of an answer that a screen reader is told


@dataclass(frozen=True, slots=True)
class Status:
    """What is going on. ``moves``: a turn is at work; ``follows``: the page must hear of what comes; ``said`` is for
    those who do not see the page; ``seen`` tells the stream what the page shows already."""

    moves: bool
    follows: bool
    interrupted: bool
    said: str
    seen: str


def status(chat: Chat, branch) -> Status:
    """The chat's state as the page shows it."""
    moves = chat.state == Chat.State.RUNNING
    return Status(
        moves,
        moves or chat.state == Chat.State.WAITING,
        chat.state == Chat.State.INTERRUPTED,
        _said(chat, branch),
        following.seen(chat, branch),
    )


def _said(chat: Chat, branch) -> str:
    """One sentence of what the chat is at; the answer itself when it has come."""
    if chat.state == Chat.State.RUNNING:
        return _("Answering…")
    if chat.state == Chat.State.INTERRUPTED:
        return _("The turn was interrupted.")
    tip = branch.tip
    if chat.state == Chat.State.WAITING:
        waiting = next((one for one in branch.calls if one.state == Message.State.WAITING), None)
        operation = waiting.data.get("operation", "") if waiting else ""
        return _("Waiting for your decision: %(operation)s") % {"operation": operation}
    return tip.text[:HEARD] if tip and tip.role == Message.Role.ASSISTANT else ""


def context(project: Project, chat: Chat, query: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """Everything of the page. ``query``: at and tab of the debug panel; ``more``: typed, error, editing."""
    branch = branching.branch(chat)
    at = query.get("at", "")
    pk = int(at) if at.isascii() and at.isdigit() and len(at) < 19 else 0
    return {
        **_about(project, chat, branch),
        "pieces": shown(project, chat, branch),
        "new_url": finding.new_url(project, chat),
        "chosen": bool(pk or query.get("tab")),  # on a narrow page the panel takes the place of the chat
        "d": debugging.of(project, chat, branch, pk, query.get("tab", "")),
        "tabs": [(value, _(label)) for value, label in TABS],
        "commands": _commands(pk),
        **more,
    }


def _commands(pk: int) -> list[dict[str, str]]:
    """What the palette offers on the page of a chat, beside the studio's pages."""
    titles = {"call": _("Why this call"), "prompt": _("The prompt as it was sent"), "raw": _("What travelled")}
    at = f"at={pk}&" if pk else ""
    return [{"group": _("This chat"), "title": title, "url": f"?{at}tab={tab}#debug"} for tab, title in titles.items()]


def shown(project: Project, chat: Chat, branch) -> list[Piece]:
    """The pieces of which there is anything to see."""
    return [one for one in pieces.of_branch(project, branch, chat.gpt.name) if one.shown]


def _about(project: Project, chat: Chat, branch) -> dict[str, Any]:
    """What the frame around the pieces shows."""
    return {
        "project": project,
        "nav": "simulator",
        "chat": chat,
        "gpt": chat.gpt,
        "name": finding.title(chat),
        "model": finding.label(chat),
        "models": finding.choices(chat.user),
        "model_value": str(chat.endpoint_id or ""),
        "modes": MODES.items(),
        "total": pieces.total(branch),
        "s": status(chat, branch),
        "talk_url": _talk_url(project, chat, branch),
    }


def _talk_url(project: Project, chat: Chat, branch) -> str:
    """The log with the calls of this chat; "" before the first."""
    if not any(one.data.get("attempts") for one in branch if one.role == Message.Role.CALL):
        return ""
    return reverse("traffic:log", args=[project.slug]) + f"?q=conversation:{chat.conversation}"


def drawer(request, project: Project):
    """Draws what has changed as the parts of the page that ``request`` belongs to, in its reader's language and time
    zone, which a stream would otherwise have lost. A panel that was chosen (``?at=``) stays as it is."""
    language, zone = translation.get_language(), timezone.get_current_timezone()
    pinned = bool(request.GET.get("at"))

    def draw(change: following.Change) -> str:
        with translation.override(language), timezone.override(zone):
            changed = [one.pk for one in change.messages]
            found = shown(project, change.chat, change.branch)
            parts = {
                **_about(project, change.chat, change.branch),
                "every": change.all,
                "pieces": [one for one in found if change.all or one.pk in changed],
                "tabs": [(value, _(label)) for value, label in TABS],
                "d": None if pinned or not change.all else debugging.of(project, change.chat, change.branch, 0, ""),
            }
            return render_to_string("simulator/news.html", parts, request)

    return draw
