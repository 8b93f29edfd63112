"""A logged call becomes a case: its arguments are what is expected, what was said to the model is for a person to type.

A call that a chat of the simulator has made knows what was said: the turn of the user that led to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actionstudio.apps.design import newest
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import first_url
from actionstudio.apps.replay import replaying
from actionstudio.apps.simulator.models import Chat, Message, PromptCase, PromptSuite
from actionstudio.apps.simulator.prompts import keeping
from actionstudio.apps.traffic.masking import is_masked, without_masked
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.importer.serving import served
from actionstudio.core.prompting import Case, Matcher, Turn, Wanted
from actionstudio.core.prompting.starters import language_of
from actionstudio.core.sendable import SERVER, Refusal, Sender

AT_ONCE = 100  # calls that are promoted in one go
MESSAGES = 500  # of one chat that are looked at

type JSON = Any


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case that is not kept yet; without what was said it is none. ``exchange`` is the call that it is made of."""

    exchange: Exchange
    case: PromptCase


def calls(project: Project, ids: Sequence[int]) -> list[Exchange]:
    """The logged calls, in their order."""
    return list(Exchange.objects.filter(project_id=project.pk, pk__in=ids[:AT_ONCE]).order_by("pk"))


def proposed(project: Project, exchanges: Iterable[Exchange]) -> tuple[list[Proposal], list[tuple[Exchange, str]]]:
    """Cases of these calls, and the calls that cannot be one, each with the reason."""
    rows = list(exchanges)
    contract = newest.contract(project)
    sender = Sender(contract, base=first_url(project) or SERVER)
    asks = {op.operation_id: op.asks for op in _kept(project, contract)}
    spoken = _spoken(project, rows)
    made, left = [], []
    for one in rows:
        found = sender.arguments(replaying.logged(one).call, one.operation_id)
        if isinstance(found, Refusal):
            left.append((one, found.message))
            continue
        text = spoken.get(one.public_id, "")
        matchers = {name: _matcher(value) for name, value in found.items()}
        case = Case(
            (Turn(text),),
            (Wanted(one.operation_id, matchers),),
            language=language_of(text),
            consent=asks.get(one.operation_id),
        )
        row = PromptCase(name=text[:160], origin="log", source=one.pk)
        row.value = case
        made.append(Proposal(one, row))
    return made, left


def keep(
    suite: PromptSuite, proposals: Sequence[Proposal], texts: Mapping[str, str], kinds: Mapping[str, str] | None = None
) -> list[PromptCase]:
    """Keeps them as cases at the end of a suite. ``texts`` and ``kinds`` are what was said, and how, by the public id
    of each call. Raises Refused, with the number of the case that has no text."""
    for one in proposals:
        text = texts.get(one.exchange.public_id, "").strip()
        if text:
            one.case.turns = [text]
            one.case.language = language_of(text)
            one.case.name = text[:160]
        one.case.kind = (kinds or {}).get(one.exchange.public_id, one.case.kind)
        one.case.name = one.case.name or one.exchange.operation_id
    return keeping.add(suite, [one.case for one in proposals])


def _kept(project: Project, contract):
    return served(contract, first_url(project) or SERVER).kept


def _matcher(value: JSON) -> Matcher:
    """What the log hides is only known to have been there; of a list or an object the part that it shows."""
    if isinstance(value, str) and is_masked(value):
        return Matcher("present")
    shown = without_masked(value)
    if shown != value:
        return Matcher("contains", shown) if shown else Matcher("present")
    return Matcher("near", value) if isinstance(value, float) else Matcher("equals", value)


def _spoken(project: Project, rows: Sequence[Exchange]) -> dict[str, str]:
    """What the user said before a call that a chat of ours has made, by the call's public id. Two queries at most."""
    talks = {one.conversation_id for one in rows if one.source == "simulator" and one.conversation_id}
    if not talks:
        return {}
    chats = list(
        Chat.objects.filter(gpt__project=project, conversation__in=talks).values_list("pk", flat=True)[:AT_ONCE]
    )
    messages = {one.pk: one for one in Message.objects.filter(chat__in=chats).order_by("-pk")[:MESSAGES]}
    found = {}
    for one in messages.values():
        if one.role != Message.Role.CALL or not isinstance(one.data, dict):
            continue
        for attempt in one.data.get("attempts") or ():
            if attempt.get("exchange"):
                found[attempt["exchange"]] = _said(one, messages)
    return found


def _said(message: Message, messages: Mapping[int, Message]) -> str:
    at: Message | None = message
    while at is not None and at.role != Message.Role.USER:
        at = messages.get(at.parent_id) if at.parent_id else None
    return at.text[:8000] if at is not None else ""
