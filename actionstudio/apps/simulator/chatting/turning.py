"""What a person does in a chat: says, chooses, edits, asks again, stops, goes on. Each is one conditional update.

All but ``stop`` raise Refused, and change nothing, for what cannot be done, and when the chat is not as it was when the
person looked: another tab was first (codes: running, changed, decided, many, whole).
Call them outside a transaction: the turn begins in a thread of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from actionstudio.apps.simulator.calling import by_hand, filing
from actionstudio.apps.simulator.calling.filing import Given
from actionstudio.apps.simulator.chatting import bells, branching, crew, holding, opening
from actionstudio.apps.simulator.chatting.talking import Turn
from actionstudio.apps.simulator.models import Action, Chat, Message
from actionstudio.core.chatgpt import consent
from actionstudio.core.problem import Problem, Refused

LONGEST = 32_000  # characters that a person may say at once
MOST_RUNNING = 24  # turns of one person at once
Role, State = Message.Role, Message.State
AT_REST = (Chat.State.IDLE, Chat.State.WAITING, Chat.State.INTERRUPTED)


def say(chat: Chat, text: str, files: Sequence[Given] = ()) -> Message:
    """What a person says next, and attaches; the model's answer begins. A card that waits is left unanswered."""
    return _said(chat, text, chat.tip_id, files)


def edit(message: Message, text: str, files: Sequence[Given] = ()) -> Message:
    """Says something else in the place of ``message`` (of a person), with its files and more: another branch begins."""
    if message.role != Role.USER:
        raise Refused(Problem("/message", _("Only what you said yourself can be edited."), "role"))
    return _said(message.chat, text, message.parent_id, files, message.data.get("files", ()))


def again(message: Message) -> None:
    """Has the model answer once more what ``message`` answers: another branch begins behind what the person said."""
    chat = message.chat
    asked = branching.asked(branching.branch(chat, message.pk), message)
    if asked is None:
        raise Refused(Problem("/message", _("Nothing was said before this message."), "role"))
    _begin(chat, AT_REST, tip=asked.pk)


def choose(message: Message, choice: str, arguments: str | None = None) -> None:
    """A card's button was pressed. ``arguments`` is the text that the person made of the model's, None: as it was.

    "always" allows the domain for this user and GPT from now on (docs/chatgpt-rules.md, ASK-03).
    """
    chat, card = message.chat, message.data.get("card") or {}
    choice = consent.pressed(card.get("kind", ""), choice)
    if not choice:
        raise Refused(Problem("/choice", _("This card has no such button."), "choice"))
    data = {**message.data, "choice": choice}
    if arguments is not None and arguments.strip() != message.data["arguments"].strip():
        data |= {"arguments": arguments, "edited": True}
    _chosen(chat, message, data)
    if choice == "always":
        by_hand.allow(chat.gpt, chat.user, data["domain"])


def signed_in(chat: Chat) -> None:
    """The person has come back from a sign-in: the call that waited for it goes on. Nothing waits: nothing happens."""
    message = waiting(chat)
    if message is not None and message.data["card"]["kind"] == "sign-in":
        _chosen(chat, message, {**message.data, "choice": ""})


def returned(action: Action, user) -> None:
    """The user has come back from the sign-in at an action, well or not: what waits for it goes on, or asks again."""
    for chat in Chat.objects.filter(gpt=action.gpt_id, user=user, state=Chat.State.WAITING):
        message = waiting(chat)
        if message is not None and message.data.get("action") == action.pk:
            signed_in(chat)


def stop(chat: Chat) -> bool:
    """Ends the turn at once; what was written stays. False when there was none."""
    now = timezone.now()
    with transaction.atomic():
        holder = Chat.objects.filter(pk=chat.pk).values_list("holder", flat=True).first()
        rows = Chat.objects.filter(pk=chat.pk, holder=holder or "-", state=Chat.State.RUNNING)
        if not rows.update(state=Chat.State.IDLE, holder="", updated=now):
            return False
        _leave(chat)
    holding.tell(holder or "")
    bells.ring(chat.pk)
    return True


def resumable(chat: Chat) -> bool:
    """Whether there is something to go on with: a turn that was interrupted, stopped, or failed."""
    tip = chat.tip
    return chat.state in (Chat.State.INTERRUPTED, Chat.State.IDLE) and tip is not None and not _whole(tip)


def resume(chat: Chat) -> None:
    """Goes on with a turn that was interrupted, stopped or failed: a broken answer is asked for again beside itself."""
    holding.look(chat)
    if chat.state == Chat.State.RUNNING:
        raise _busy(chat)
    if not resumable(chat):
        raise Refused(Problem("", _("There is nothing to go on with."), "whole"))
    tip = chat.tip
    while tip.role in (Role.NOTICE, Role.ASSISTANT) and not _whole(tip):
        tip = tip.parent
    _begin(chat, (Chat.State.INTERRUPTED, Chat.State.IDLE), tip=tip.pk)


def show(chat: Chat, message: Message) -> None:
    """Shows the branch through ``message``, to its newest end. Not while a turn is at work."""
    tip = branching.leaf(chat, message)
    state = Chat.State.WAITING if tip.state == State.WAITING else Chat.State.IDLE
    rows = Chat.objects.filter(pk=chat.pk, state__in=AT_REST, tip=chat.tip_id)
    if not rows.update(tip=tip.pk, state=state, updated=timezone.now()):
        raise _busy(chat)
    chat.refresh_from_db(fields=["tip", "state", "updated"])


def waiting(chat: Chat) -> Message | None:
    """The card that the chat waits for."""
    return next((call for call in branching.branch(chat).calls if call.state == State.WAITING), None)


def _said(
    chat: Chat, text: str, parent: int | None, files: Sequence[Given] = (), before: Sequence[Any] = ()
) -> Message:
    text = text.strip()
    if not text:
        raise Refused(Problem("/text", _("Say something first."), "blank"))
    if len(text) > LONGEST:
        raise Refused(Problem("/text", _too_long(text), "max_length"))
    with transaction.atomic():
        attached = filing.attach(chat, files, before)
        data = {"files": attached} if attached else {}
        made = Message.objects.create(chat=chat, parent_id=parent, role=Role.USER, text=text, data=data)
        title = {} if chat.title else {"title": opening.titled(text)}
        token = _claim(chat, AT_REST, tip=made.pk, **title)
        _leave(chat)
    _go(chat, token)
    return made


def _too_long(text: str) -> str:
    numbers = {"most": number_format(LONGEST, force_grouping=True), "n": number_format(len(text), force_grouping=True)}
    return _("Use at most %(most)s characters: these are %(n)s. Nothing was sent.") % numbers


def _chosen(chat: Chat, message: Message, data: dict[str, Any]) -> None:
    with transaction.atomic():  # the chat first, as everywhere: two that lock in another order wait for each other
        open_ = Message.objects.filter(pk=message.pk, state=State.WAITING)
        token = _claim(chat, (Chat.State.WAITING,)) if open_.exists() else ""
        if not token or not open_.update(state=State.STREAMING, data=data, updated=timezone.now()):
            raise Refused(Problem("/choice", _("This was decided already."), "decided"))
    message.data, message.state = data, State.STREAMING
    _go(chat, token)


def _begin(chat: Chat, states, **fields) -> None:
    with transaction.atomic():
        token = _claim(chat, states, **fields)
        _leave(chat, below=fields.get("tip"))
    _go(chat, token)


def _claim(chat: Chat, states, **fields) -> str:
    if Chat.objects.filter(user=chat.user_id, state=Chat.State.RUNNING).count() >= MOST_RUNNING:
        told = _("%(most)d of your chats are at work. Wait for one of them, or stop it.") % {"most": MOST_RUNNING}
        raise Refused(Problem("", told, "many"))
    token = holding.claim(chat, states, **fields)
    if not token:
        raise _busy(chat)
    return token


def _busy(chat: Chat) -> Refused:
    state = Chat.objects.filter(pk=chat.pk).values_list("state", flat=True).first()
    if state == Chat.State.RUNNING:
        return Refused(Problem("", _("The chat is at work. Wait for its answer, or stop it."), "running"))
    return Refused(Problem("", _("The chat has gone on meanwhile. Load the page again."), "changed"))


def _go(chat: Chat, token: str) -> None:
    bells.ring(chat.pk)
    turn = Turn(chat.pk, token, translation.get_language() or "en")
    crew.begin(turn.run)
    chat.refresh_from_db()


def _leave(chat: Chat, below: int | None = None) -> None:
    """What the chat was at is left as it is: nobody goes on with it. Of a branch that is gone on with, nothing."""
    kept = {one.pk for one in branching.branch(chat, below).calls} if below else set()
    open_ = Message.objects.filter(chat=chat, state__in=[State.STREAMING, State.WAITING]).exclude(pk__in=kept)
    open_.update(state=State.STOPPED, updated=timezone.now())


def _whole(message: Message) -> bool:
    """Whether a turn has come to its end with this message."""
    if message.role == Role.NOTICE:
        return message.data.get("code") != "error"
    return message.role == Role.ASSISTANT and message.state == State.DONE
