"""Chats for tests: rows in the shape that the engine writes (apps/simulator/chatting/__init__.py)."""

import json
from itertools import pairwise

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator import setting
from actionstudio.apps.simulator.models import Chat, Gpt, Message

DOMAIN = "api.acme.test"
REFUND = {"amount": 19.9, "reason": "damaged", "items": [{"sku": "CBL-USBC-2M", "quantity": 1}]}


def gpt(project: Project, name: str = "Acme Support GPT") -> Gpt:
    """A GPT with the project's own action."""
    found = setting.first(project)
    found.name = name
    found.save()
    return found


def chat(project: Project, user, *pieces: dict, state: str = "idle", title: str = "Refund a cable", **fields) -> Chat:
    """A chat of these pieces (see below), one behind the other; the last is its tip."""
    made = Chat.objects.create(
        gpt=gpt(project),
        user=user,
        title=title,
        state=state,
        conversation="6e9d7aed-deaf-54e1-a255-7fbe9a2e4fd6",
        **fields,
    )
    add(made, *pieces)
    return made


def add(made: Chat, *pieces: dict, parent: Message | None = None) -> list[Message]:
    """More pieces at the end of the branch (or behind ``parent``), which is shown then."""
    last, found = parent or made.tip, []
    for piece in pieces:
        last = Message.objects.create(chat=made, parent=last, **piece)
        found.append(last)
    for piece in found:
        if piece.role == "call":
            piece.data.setdefault("action", made.gpt.actions.get().pk)
            piece.save()
    for one, other in pairwise(found):
        if other.role == "call" and one.role == "assistant":
            other.data["answer"] = one.pk
            other.save()
    made.tip = last
    made.save()
    return found


def user(text: str) -> dict:
    return {"role": "user", "text": text}


def answer(text: str = "", state: str = "done", wishes=(), **data) -> dict:
    usage = {"prompt": 812, "completion": 41, "dollars": 0.0021, "ms": 640} if state == "done" else {}
    made = {"model": "scripted model", "wishes": list(wishes), **data}
    return {"role": "assistant", "text": text, "state": state, "data": made, "usage": usage}


def call(operation: str = "getOrder", arguments=None, state: str = "done", status: int = 200, **data) -> dict:
    """A call that was sent and answered; ``card``, ``refusal``, ``choice`` and the like make others of it."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments or {"order_id": "A-10482"})
    made = {
        "wish": {"id": "call_1", "name": operation, "arguments": text},
        "operation": operation,
        "method": "GET",
        "path": "/orders/{order_id}",
        "domain": DOMAIN,
        "arguments": text,
        "consequential": None,
        "choice": "",
    }
    if state == "done" and "refusal" not in data:
        made |= {"attempts": [attempt(status)], "told": '{"status": "sent"}', "ms": 38}
    return {"role": "call", "text": operation, "state": state, "data": made | data}


def attempt(status: int = 200, exchange: str = "", error: str = "") -> dict:
    return {
        "method": "GET",
        "url": f"https://{DOMAIN}/orders/A-10482",
        "request_headers": [["accept", "*/*"], ["openai-conversation-id", "6e9d7aed-deaf-54e1-a255-7fbe9a2e4fd6"]],
        "request_body": "",
        "status": status,
        "response_headers": [["content-type", "application/json"]],
        "response_body": '{"status": "sent"}',
        "ms": 38,
        "exchange": exchange,
        "error": error,
    }


def card(kind: str = "confirm") -> dict:
    names = ("confirm", "deny") if kind == "confirm" else ("allow", "always", "decline")
    return {"kind": kind, "title": "", "subtitle": "", "buttons": [{"choice": one, "label": one} for one in names]}


def asks(operation: str = "refundOrder", kind: str = "confirm", arguments=None, **data) -> dict:
    """A call that waits for its person."""
    fields = {"method": "POST" if kind == "confirm" else "GET", "card": card(kind), **data}
    return call(operation, arguments or REFUND, state="waiting", **fields)


def signs_in() -> dict:
    """A call that waits for a sign-in."""
    asked = {"kind": "sign-in", "title": f"Sign in with {DOMAIN}", "buttons": [{"choice": "sign-in", "label": ""}]}
    return call(state="waiting", card=asked)
