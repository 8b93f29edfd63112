"""The debug panel: why this call or answer came to be, what the model was asked with, and what travelled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator import signing
from actionstudio.apps.simulator.calling import acting
from actionstudio.apps.simulator.chatting import asking
from actionstudio.apps.simulator.models import Action, Chat, Message
from actionstudio.apps.simulator.pages import callings, pieces, reasons
from actionstudio.apps.web.telling import told
from actionstudio.core.chatgpt import consent
from actionstudio.core.problem import Refused
from actionstudio.core.schemas.validate import SchemaError, compile_validator

TABS = ("call", "prompt", "raw")
TOLD = "told"  # why["by"] of an answer that tells what calls brought
MOST = 12  # things wrong with arguments that are told of
Role = Message.Role


@dataclass(frozen=True, slots=True)
class Check:
    """One line below the arguments. ``kind`` ok, warn or bad."""

    kind: str
    text: str


@dataclass(frozen=True)
class Debug:
    """What the panel shows of one message, for one tab. ``at`` is its pk, 0 when there is nothing to show yet."""

    tab: str
    at: int = 0
    kind: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    arguments: str = ""
    checks: tuple[Check, ...] = ()
    prompt: Mapping[str, Any] = field(default_factory=dict)
    attempts: tuple[Mapping[str, Any], ...] = ()
    told: str = ""
    protocol: Mapping[str, Any] = field(default_factory=dict)


def of(project: Project, chat: Chat, branch, at: int, tab: str) -> Debug:
    """The panel for the message of that pk; without one, for what the last turn came to."""
    tab = tab if tab in TABS else TABS[0]
    message = chosen(branch, at)
    if message is None:
        return Debug(tab)
    answer = _answer(branch, message)
    shared = {"tab": tab, "at": message.pk, "kind": message.role}
    if tab == "prompt":
        return Debug(**shared, prompt=asking.whole(answer, branch.messages) if answer else {})
    if tab == "raw":
        raw = (answer.data.get("raw") or {}) if answer else {}
        places = callings.places(project, [message])
        attempts = tuple(
            {**one, "place": places.get(one.get("exchange", ""), "")} for one in message.data.get("attempts") or ()
        )
        return Debug(**shared, attempts=attempts, told=message.data.get("told") or "", protocol=raw)
    if message.role == Role.ASSISTANT:
        return Debug(**shared, facts=tuple(_of_silence(chat, message)))
    action = Action.objects.filter(pk=message.data.get("action") or 0).first()
    return Debug(
        **shared,
        facts=tuple(_of_call(chat, message, answer, action)),
        arguments=_pretty(message.data.get("arguments", "")),
        checks=tuple(_checks(message, action)),
    )


def chosen(branch, pk: int) -> Message | None:
    """The message that the panel is about: the one of that pk; else the card that waits; else, of the last turn that
    has come to anything, the newest call, or its answer when nothing was called."""
    rows = [one for one in branch if one.role in (Role.CALL, Role.ASSISTANT)]
    asked = next((one for one in rows if one.pk == pk), None)
    waits = next((one for one in rows if one.state == Message.State.WAITING), None)
    return asked or waits or _newest(branch)


def _newest(branch) -> Message | None:
    last = None
    for one in reversed(tuple(branch)):
        if one.role == Role.CALL:
            return one
        if one.role == Role.USER and last:
            break
        if one.role == Role.ASSISTANT:
            last = last or one
    return last


def _answer(branch, message: Message) -> Message | None:
    """The model's answer that a message is, or comes from."""
    pk = message.pk if message.role == Role.ASSISTANT else message.data.get("answer")
    return next((one for one in branch if one.pk == pk), None)


def _of_silence(chat: Chat, answer: Message):
    """An answer without a call: that nothing was chosen, and why."""
    why, done = answer.data.get("why") or {}, answer.state == Message.State.DONE
    because = reasons.because(why)
    if done and not answer.data.get("wishes") and why.get("by") != TOLD:
        yield (
            _("Chosen"),
            _("%(name)s, not called yet") % {"name": why["operation"]} if why.get("operation") else _("nothing"),
        )
        because = because or _("the model answered in words; a real model does not say why")
    if because:
        yield _("Because"), because
    yield from _of_answer(chat, answer)


def _of_call(chat: Chat, message: Message, answer: Message | None, action: Action | None):
    data = message.data
    yield _("Chosen"), data.get("operation", "")
    why = data.get("why") or {}
    if because := reasons.because(why):
        yield _("Because"), because
    elif answer:
        yield _("Because"), _("the model asked for it; a real model does not say why")
    if answer and (others := asking.others(answer, data["wish"]["name"])):
        yield _("Offered elsewhere, too"), ", ".join(others)
    yield _("Consequential"), _consequential(data)
    yield _("Sign-in"), _sign_in(chat, message, action)
    yield from _of_answer(chat, answer) if answer else ()


def _of_answer(chat: Chat, answer: Message):
    yield _("Model"), answer.data.get("model", "")
    if said := pieces.cost(answer.usage):
        yield _("Cost"), said
    yield _("Conversation"), chat.conversation


def _consequential(data: Mapping[str, Any]) -> str:
    """Whether each call is asked for, by what, and whether a card was shown."""
    flag, method = data.get("consequential"), data.get("method", "")
    if not method:
        return _("unknown: the document has no such operation; nothing was called")
    yes = consent.consequential(flag, method)
    by = (
        _("the document says so")
        if flag is not None
        else _("%(method)s, and the document does not say") % {"method": method}
    )
    card = (data.get("card") or {}).get("kind") in consent.BUTTONS
    shown = _("card shown") if card else _("no card")
    return f"{_('yes') if yes else _('no')} ({by}), {shown}"


def _sign_in(chat: Chat, message: Message, action: Action | None) -> str:
    """How the call was signed in, and who was, without anything secret."""
    auth = action.auth if action else {}
    kind = auth.get("type", "none")
    if kind == "oauth":
        return f"OAuth · {_who(chat, message, action)}"
    if kind == "service_http":
        return _("API key") + f" · {auth.get('custom_auth_header') or auth.get('authorization_type', '')}"
    return _("none")


def _who(chat: Chat, message: Message, action: Action) -> str:
    """Who was signed in at the action for the call; before it was sent, who is now. Only this studio's own provider
    tells their name."""
    if message.data.get("attempts"):
        return message.data.get("as") or _("signed in")
    if signing.needed(action, chat.user):
        return _("not signed in yet")
    return signing.who(action, chat.user) or _("signed in")


def _checks(message: Message, action: Action | None):
    """Whether the arguments match the schema, and which of them nobody had said."""
    data = message.data
    if refusal := data.get("refusal"):
        yield Check("bad", " ".join(part for part in (refusal.get("message", ""), refusal.get("detail", "")) if part))
    schema = schema_of(message, action)
    try:
        value = json.loads(data.get("arguments") or "{}")
    except ValueError:
        yield Check("bad", _("The arguments are not JSON."))
        return
    if schema is not None:
        yield from _verdict(schema, value)
    for name, how in reasons.guessed(data.get("why") or {}):
        names = {"name": name, "how": how}
        words = _("%(name)s was guessed (%(how)s); the user did not name it.")
        yield Check("warn", (words if how else _("%(name)s was guessed; the user did not name it.")) % names)
    if data.get("edited"):
        yield Check("ok", _("The arguments were edited by hand before the call."))


def _verdict(schema: Any, value: Any):
    try:
        found = compile_validator(schema, {}).violations(value)
    except SchemaError as error:
        yield Check("warn", _("The schema cannot be checked: %(why)s") % {"why": told(str(error))})
        return
    for violation in found[:MOST]:
        where = ".".join(str(step) for step in violation.location)
        yield Check("bad", f"{where}: {told(violation.message)}" if where else told(violation.message))
    if not found:
        yield Check("ok", _("Arguments match the schema."))


def schema_of(message: Message, action: Action | None) -> Any:
    """JSON Schema of the arguments of a call; None when the action has no such operation any more."""
    if action is None:
        return None
    try:
        found = acting.of(action)
    except Refused:
        return None
    name = message.data.get("operation", "")
    return next((tool.parameters for tool in found.tools if tool.operation_id == name), None)


def _pretty(arguments: str) -> str:
    try:
        return json.dumps(json.loads(arguments or "{}"), indent=2, ensure_ascii=False)
    except ValueError:
        return arguments
