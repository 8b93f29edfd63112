"""A call of a chat as its line or its card: ChatGPT's own words for it, what was sent, where the log has it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from actionstudio.apps.projects.access import mine
from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.models import Message
from actionstudio.apps.traffic.models import Exchange

DECLINED = ("deny", "decline")
LONGEST = 400  # characters of an argument in a card


@dataclass(frozen=True, slots=True)
class Button:
    """One button of a card."""

    choice: str
    label: str


@dataclass(frozen=True, slots=True)
class Card:
    """What ChatGPT asks before a call. ``said`` is the question, ``info`` introduces the arguments."""

    kind: str
    said: str
    subtitle: str
    info: str
    buttons: tuple[Button, ...]
    again: bool = False  # its process was ended while it was sent: it may have arrived


@dataclass(frozen=True, slots=True)
class Calling:
    """One call as it is shown. ``level``: ok, warn, bad, or "" while it runs. ``chatgpt`` is the line that ChatGPT
    shows of it, ``sent_what`` introduces ``rows``, its arguments."""

    operation: str
    domain: str
    line: str
    level: str
    chatgpt: str = ""
    status: int = 0
    ms: int | None = None
    times: int = 0
    refusal: str = ""
    detail: str = ""
    told: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    sent_what: str = ""
    edited: bool = False
    exchange: str = ""
    exchange_url: str = ""
    card: Card | None = None
    signs_in: bool = False
    signs_again: bool = False  # the server refused the token that was sent
    fault: str = ""  # why the last sign-in failed
    queued: bool = False  # another call of the same answer is decided first

    @property
    def running(self) -> bool:
        return not self.level and not self.queued


def of(message: Message, gpt_name: str, places: Mapping[str, str], queued: bool = False) -> Calling:
    """The call of a message, as it stands. ``queued``: a call before it waits for its person."""
    data = message.data
    attempts = data.get("attempts") or []
    last = attempts[-1] if attempts else {}
    domain = data.get("domain", "")
    waiting = message.state == Message.State.WAITING
    kind = (data.get("card") or {}).get("kind", "") if waiting else ""
    line, level, chatgpt = (_("Waits:"), "", "") if queued else _state(message, last)
    sent = _("%(gpt)s sent this info to %(domain)s") if attempts else _("%(gpt)s needs to send this info to %(domain)s")
    exchange = last.get("exchange") or ""
    refusal = data.get("refusal") or {}
    return Calling(
        operation=data.get("operation") or message.text,
        domain=domain,
        line=line,
        level=level,
        chatgpt=chatgpt,
        status=last.get("status") or 0,
        ms=data.get("ms") if attempts else None,
        times=len(attempts),
        refusal=refusal.get("message", ""),
        detail=refusal.get("detail", ""),
        told=data.get("told", ""),
        rows=rows(data.get("arguments", "")),
        sent_what=sent % {"gpt": gpt_name, "domain": domain},
        edited=bool(data.get("edited")),
        exchange=exchange if exchange in places else "",
        exchange_url=places.get(exchange, ""),
        card=_card(data["card"], gpt_name, domain) if kind in ("confirm", "allow") else None,
        signs_in=kind == "sign-in",
        signs_again=last.get("status") == 401 and data.get("oauth") is True,
        fault=data["card"].get("fault", "") if kind == "sign-in" else "",
        queued=queued,
    )


def _state(message: Message, last: Mapping[str, Any]) -> tuple[str, str, str]:
    """(our line, its level, ChatGPT's own line). ChatGPT's: docs/chatgpt-rules.md, ASK-05."""
    data, domain = message.data, {"domain": message.data.get("domain", "")}
    if data.get("choice") in DECLINED:
        return _("You declined"), "warn", _("You declined this action")
    if message.state == Message.State.STOPPED:
        return _("Stopped before the answer:"), "warn", _("Stopped talking to %(domain)s") % domain
    if data.get("refusal"):
        return _("Refused before it was sent:"), "bad", _("Error talking to %(domain)s") % domain
    if message.state in (Message.State.STREAMING, Message.State.WAITING):
        return _("Calling"), "", _("Talking to %(domain)s") % domain
    if last.get("error") or not last or not 200 <= (last.get("status") or 0) < 300:
        return (
            (_("Called") if last.get("status") else _("No answer:")),
            "bad",
            _("Error talking to %(domain)s") % domain,
        )
    return _("Called"), "ok", _("Talked to %(domain)s") % domain


def _card(card: Mapping[str, Any], gpt_name: str, domain: str) -> Card:
    """The card of a call with ChatGPT's words in the reader's language; the buttons are those that were asked for."""
    names = {"gpt": gpt_name, "domain": domain}
    labels = {
        "confirm": _("Confirm"),
        "deny": _("Deny"),
        "allow": _("Allow"),
        "always": _("Always allow"),
        "decline": _("Decline"),
    }
    buttons = [
        Button(one["choice"], labels.get(one["choice"], one.get("label", ""))) for one in card.get("buttons") or []
    ]
    return Card(
        kind=card["kind"],
        said=_("%(gpt)s wants to talk to %(domain)s") % names,
        subtitle=_("Only allow sites you trust") if card["kind"] == "allow" else "",
        info=_("%(gpt)s needs to send this info to %(domain)s") % names,
        buttons=tuple(buttons),
        again=bool(card.get("again")),
    )


def rows(arguments: str) -> tuple[tuple[str, str], ...]:
    """The arguments, one a row; the text as it is when it is no JSON object."""
    try:
        value = json.loads(arguments or "{}")
    except ValueError:
        return (("", arguments[:LONGEST]),)
    if not isinstance(value, dict):
        return (("", arguments[:LONGEST]),)
    return tuple((name, _short(one)) for name, one in value.items())


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def places(project: Project, calls: Iterable[Message]) -> dict[str, str]:
    """Where the log shows the calls, by public id: only those that are still kept, in projects of the same owner."""
    ids: dict[int, str] = {}
    for message in calls:
        for attempt in message.data.get("attempts") or []:
            public_id = attempt.get("exchange") or ""
            try:
                ids[Exchange.private_id(public_id)] = public_id
            except ValueError:
                continue
    if not ids:
        return {}
    kept = dict(Exchange.objects.filter(pk__in=ids).values_list("pk", "project_id"))
    slugs = dict(mine(project.owner).filter(pk__in=set(kept.values())).values_list("pk", "slug"))
    return {
        ids[pk]: reverse("traffic:exchange", args=[slugs[owner], ids[pk]])
        for pk, owner in kept.items()
        if owner in slugs
    }


def endpoint_url(project: Project, operation_id: str) -> str:
    """The page of an endpoint of the project; "" where it has none of that name."""
    found = project.operations.filter(operation_id=operation_id).first() if operation_id else None
    try:
        return reverse("design:endpoint", args=[project.slug, operation_id]) if found else ""
    except NoReverseMatch:
        return ""
