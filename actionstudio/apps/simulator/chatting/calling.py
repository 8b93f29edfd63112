"""One call of a turn: sign-in and consent first, then the call as ChatGPT makes it, then what the model is told."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.simulator.calling import filing
from actionstudio.apps.simulator.calling.performed import ASKS, REFUSED, Performed
from actionstudio.apps.simulator.chatting import asking, bells, holding, means
from actionstudio.apps.simulator.chatting.holding import Lost
from actionstudio.apps.simulator.dialog import OAUTH
from actionstudio.apps.simulator.models import Chat, Message
from actionstudio.apps.simulator.providers.provider import Wish
from actionstudio.core.chatgpt import consent, told

State = Message.State
NO = (consent.DENY, consent.DECLINE)
YES = (consent.ALLOW, consent.ALWAYS, consent.CONFIRM)
SAFE = ("GET", "HEAD", "OPTIONS")  # may be sent twice (RFC 9110, section 9.2.1)


def wished(deck: asking.Deck, answer: Message, wish: Wish) -> dict[str, Any]:
    """The fields of a message for a wish of ``answer``; nothing has been looked at yet."""
    tool = deck.tool(wish.name)
    acting = deck.actings.get(tool.action) if tool else None
    op = means.operation(acting, tool.operation_id) if tool and acting else None
    data = {
        "wish": {"id": wish.id, "name": wish.name, "arguments": wish.arguments},
        "answer": answer.pk,
        "action": tool.action if tool else 0,
        "operation": tool.operation_id if tool else wish.name,
        "method": op.method if op else "",
        "path": op.path if op else "",
        "consequential": op.consequential if op else None,
        "domain": acting.domain if acting else "",
        "arguments": wish.arguments,
        "why": dict(answer.data.get("why") or {}),
        "choice": "",
    }
    return {"text": data["operation"][:200], "state": State.STREAMING, "data": data}


def step(turn, chat: Chat, message: Message) -> bool:
    """Does what a call needs next. True: the turn goes on; False: it ended, since a person must choose."""
    data, deck = message.data, turn.deck(chat)
    action, tool = deck.actions.get(data["action"]), deck.tool(data["wish"]["name"])
    acting = deck.actings.get(data["action"])
    if action is None or tool is None or acting is None:
        gone = f"{told.UNMADE}There is no function called {data['operation']}."
        return _settle(message, State.FAILED, told=gone, told_code="gone")
    if data["choice"] in NO:
        return _settle(message, State.DONE, told=told.DECLINED, told_code="declined")
    if means.needs_sign_in(action, chat.user):
        again = (data.get("card") or {}).get("kind") == means.SIGN_IN  # the person comes back without having signed in
        return _ask(turn, message, means.sign_in_card(acting, means.fault(action, chat.user) if again else ""))
    if data.get("begun") and data["method"] not in SAFE:
        return _ask(turn, message, {**means.confirm_card(acting), "again": True})
    _begin(turn, chat, message)
    data["oauth"] = action.auth.get("type") == OAUTH
    first = not _allowed(chat, message)
    give_back()
    performed = means.perform(chat, action, acting, data, first)
    if performed.state == ASKS and performed.card is not None:
        return _ask(turn, message, means.card(performed.card))
    message.data["as"] = means.signed_in_as(action, chat.user)
    return _came(message, performed)


def _allowed(chat: Chat, call: Message) -> bool:
    """Whether a call to the same domain was allowed before in this chat, in whichever branch: that holds for it."""
    calls = Message.objects.filter(chat=chat, role=Message.Role.CALL, data__domain=call.data["domain"])
    return calls.filter(data__choice__in=(consent.ALLOW, consent.ALWAYS)).exclude(pk=call.pk).exists()


def _begin(turn, chat: Chat, message: Message) -> None:
    """From here on the call may have left. Raises Lost when it must not."""
    message.data["begun"] = True
    with transaction.atomic():
        holding.keep(chat.pk, turn.holder)
        _write(message, State.STREAMING)


def _came(message: Message, performed: Performed) -> bool:
    """What came of a call. One that was stopped meanwhile still tells what was sent."""
    message.data |= {
        "attempts": [means.attempt(one) for one in performed.attempts],
        "refusal": means.refusal(performed),
        "told": performed.told,
        "told_code": performed.code,
        "files": [dict(one) for one in performed.files],
        "ms": performed.ms,
    }
    stopped = Message.objects.filter(pk=message.pk, state=State.STOPPED)
    if stopped.exists():
        stopped.update(data=message.data | {"told": asking.STOPPED, "told_code": "stopped"}, updated=timezone.now())
        raise Lost
    bad = performed.state == REFUSED or bool(performed.code)
    _write(message, State.FAILED if bad else State.DONE)
    if performed.files:
        filing.give(message.chat, performed.files)
    return True


def _settle(message: Message, state: str, **data: Any) -> bool:
    message.data.update(data)
    _write(message, state)
    return True


def _ask(turn, message: Message, card: dict[str, Any]) -> bool:
    """Puts the card before the person, and ends the turn."""
    message.data.update(card=card, choice="", begun=False)
    with transaction.atomic():
        if not holding.release(message.chat_id, turn.holder, Chat.State.WAITING):
            raise Lost
        _write(message, State.WAITING)
    bells.ring(message.chat_id)
    return False


def _write(message: Message, state: str) -> None:
    rows = Message.objects.filter(pk=message.pk, state=State.STREAMING)
    if not rows.update(state=state, data=message.data, updated=timezone.now()):
        raise Lost
    bells.ring(message.chat_id)
