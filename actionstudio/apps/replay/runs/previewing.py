"""Before a run begins: its first calls as they would go out, and how many ChatGPT would no longer send."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay import replaying, sending
from actionstudio.apps.replay.runs import reaching
from actionstudio.apps.replay.runs.options import Options
from actionstudio.apps.traffic.exporting import base_url
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core import edits
from actionstudio.core.call import Call
from actionstudio.core.sendable import Sender

FIRST = 3  # calls that are shown
LOOKED, SECONDS = 2_000, 1.5  # calls that are checked before a page is shown, and how long that may take
LISTED = 20
AT_ONCE = 100
BODY = 2_000  # characters of a body that a preview shows


@dataclass(frozen=True, slots=True)
class Shown:
    """One call as it would leave: ``text`` is the request, ``changed`` says whether it differs from the logged one."""

    exchange: Exchange
    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """How many of the first ``looked`` calls ChatGPT would refuse to send now, the first of them with its words."""

    looked: int = 0
    refused: int = 0
    first: Sequence[tuple[Exchange, str]] = ()


def first(project: Project, calls: Sequence[Exchange], to: sending.Target, options: Options) -> list[Shown]:
    """The first calls as they would go out. What the log hides is not sent, and does not stand there."""
    template, parts, now = options.template(), options.parts(), timezone.now()
    shown, masks = [], replaying.masks_of(project)
    for exchange in _whole(project, calls[:FIRST]):
        original = replaying.logged(exchange).call
        call = replaying.edited(edits.apply(original, template, exchange.at, now), parts)
        shown.append(Shown(exchange, _written(call, to, exchange, options, masks), call != original))
    return shown


def check(project: Project, calls: Sequence[Exchange], to: sending.Target, options: Options) -> Checked:
    """Whether ChatGPT would still make the calls, by what the target's version says."""
    if not to.ours:
        return Checked()
    contract = reaching.contract(project, to)
    sender, until = Sender(contract), time.monotonic() + SECONDS
    template, now = options.template(), timezone.now()
    looked, refused, listed = 0, 0, []
    for start in range(0, min(len(calls), LOOKED), AT_ONCE):
        for exchange in _whole(project, calls[start : start + AT_ONCE]):
            looked += 1
            if exchange.lacks("request"):
                continue  # it is skipped, whatever ChatGPT would do
            call = edits.apply(replaying.logged(exchange).call, template, exchange.at, now)
            if reason := reaching.refusal(sender, contract, call, exchange.operation_id):
                refused += 1
                listed += [(exchange, reason)] if len(listed) < LISTED else []
        if time.monotonic() > until:
            break
    return Checked(looked, refused, listed)


def _whole(project: Project, calls: Sequence[Exchange]) -> list[Exchange]:
    ids = [one.pk for one in calls]
    return list(Exchange.objects.filter(project_id=project.pk, pk__in=ids).order_by("pk"))


def _written(call: Call, to: sending.Target, exchange: Exchange, options: Options, masks: frozenset[str]) -> str:
    if to.base:
        call = sending.unmasked(call)
    call = replaying.hidden(call, masks)
    base = to.base or ("" if to.upstream else base_url(exchange))
    line = f"{call.method} {base}{call.path}" + (f"?{call.query}" if call.query else "")
    headers = [f"{name}: {value}" for name, value in call.headers]
    if options.typed:
        headers.append(f"{options.typed.lower()}: ••••")
    body = call.body.decode("utf-8", "replace")
    cut = body[:BODY] + ("…" if len(body) > BODY else "")
    return "\n".join([line, *headers, *(["", cut] if cut else [])])
