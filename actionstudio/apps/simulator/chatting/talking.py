"""A turn: asks the model, makes the calls that it wishes for, tells it what came of them, until it has answered.

What comes next is read from the rows each time. A turn ends when the model has said all, when a person must choose, or
when the chat is not its own any more; one that is begun again elsewhere goes on from the same rows.
"""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.simulator.chatting import asking, bells, branching, calling, holding, means
from actionstudio.apps.simulator.chatting.holding import Lost
from actionstudio.apps.simulator.chatting.writing import Pen
from actionstudio.apps.simulator.models import Chat, Message
from actionstudio.apps.simulator.providers.provider import Prompt, ProviderError, Reply, Text

MOST_ANSWERS = 12  # of the model in one turn: one that calls on and on is stopped
MOST_WISHES = 10  # calls of one answer; more are told off
LARGEST = 64_000  # characters of a protocol's request or answer that are kept
LOOK = 0.5  # seconds between two looks at whether somebody has stopped it
Role, State = Message.Role, Message.State
log = logging.getLogger(__name__)


class Turn:
    """One turn of a chat, held by ``holder``."""

    def __init__(self, chat_id: int, holder: str, language: str = "en") -> None:
        self.chat_id = chat_id
        self.holder = holder
        self.language = language
        self._gone = holding.enter(holder)
        self._looked = 0.0
        self._deck: asking.Deck | None = None

    def run(self) -> None:
        """Takes the turn to its end. Never raises."""
        try:
            with translation.override(self.language):
                while self._step():
                    pass
        except Lost:
            self._hand_over()
        except Exception:
            log.exception("a turn of chat %s failed", self.chat_id)
            self._fail()
        finally:
            holding.leave(self.holder)
            bells.ring(self.chat_id)
            give_back()

    def stopped(self) -> bool:
        """Whether to end soon: a person has stopped it, or this process is about to end."""
        if self._gone.is_set() or jobs.stopping.is_set():
            return True
        if time.monotonic() - self._looked >= LOOK:
            self._looked = time.monotonic()
            if not Chat.objects.filter(pk=self.chat_id, holder=self.holder).exists():
                self._gone.set()
            give_back()
        return self._gone.is_set()

    def deck(self, chat: Chat) -> asking.Deck:
        """The actions, read once a turn."""
        if self._deck is None:
            self._deck = asking.deck(chat.gpt)
        return self._deck

    def _step(self) -> bool:
        """Does what comes next. False: the turn is over."""
        chat = Chat.objects.select_related("gpt__project", "endpoint", "user").get(pk=self.chat_id)
        if chat.holder != self.holder or jobs.stopping.is_set():
            raise Lost
        branch = branching.branch(chat)
        tip = branch.tip
        for call in branch.calls:
            if call.state == State.WAITING:
                return self._end(Chat.State.WAITING)
            if call.state == State.STREAMING:
                return calling.step(self, chat, call)
        if tip is None or tip.role not in (Role.USER, Role.CALL):
            return self._end(Chat.State.IDLE)
        if branch.answers >= MOST_ANSWERS:
            self.add(chat, tip, Role.NOTICE, state=State.DONE, data={"code": "limit"})
            return self._end(Chat.State.IDLE)
        return self._answer(chat, branch)

    def _end(self, state: str) -> bool:
        holding.release(self.chat_id, self.holder, state)
        return False

    def add(self, chat: Chat, parent: Message | None, role: str, **fields: Any) -> Message:
        """A message at the end of the branch, which is the chat's tip now. Raises Lost."""
        with transaction.atomic():
            made = Message.objects.create(chat=chat, parent=parent, role=role, **fields)
            holding.keep(chat.pk, self.holder, tip=made.pk)
        bells.ring(chat.pk)
        return made

    def _answer(self, chat: Chat, branch: branching.Branch) -> bool:
        """One answer of the model, written as it comes."""
        message = self.add(chat, branch.tip, Role.ASSISTANT, state=State.STREAMING)
        pen = Pen(message)
        try:
            provider = means.provider(chat)
            prompt = self._prompt(chat, branch, message, provider.label)
            give_back()
            reply = self._heard(provider.stream(prompt, self.stopped), pen)
        except ProviderError as error:
            self._settle(message, State.FAILED, pen.text, {"error": {"code": error.code, "message": str(error)}})
            return self._end(Chat.State.IDLE)
        if self.stopped():
            pen.flush()
            raise Lost
        self._keep(chat, message, reply, pen.text)
        return True

    def _prompt(self, chat: Chat, branch: branching.Branch, message: Message, label: str) -> Prompt:
        """What the model is asked with; the message says so from now on."""
        deck = self.deck(chat)
        prompt = asking.prompt(chat, branch, deck, self.language)
        sheet = asking.sheet(chat, prompt, deck, label)
        message.data = {"model": label, "prompt": {"sheet": sheet, "after": branch.tip.pk}}
        Message.objects.filter(pk=message.pk, state=State.STREAMING).update(data=message.data)
        return prompt

    def _heard(self, events, pen: Pen) -> Reply:
        for event in events:
            if isinstance(event, Text):
                pen.write(event.text)
            else:
                return event
        raise ProviderError("The answer broke off.", "broken")

    def _keep(self, chat: Chat, message: Message, reply: Reply, text: str) -> None:
        """The whole answer, and a message for each call that it wishes for, in one transaction."""
        wishes = reply.wishes[:MOST_WISHES]
        usage = {
            "prompt": reply.usage.prompt,
            "completion": reply.usage.completion,
            "dollars": reply.usage.dollars,
            "ms": reply.ms,
        }
        data = {
            "wishes": [{"id": one.id, "name": one.name, "arguments": one.arguments} for one in wishes],
            "why": dict(reply.why),
            "reason": reply.reason,
            "raw": {"request": _kept(reply.request), "response": _kept(reply.response)},
        }
        with transaction.atomic():
            holding.keep(chat.pk, self.holder)
            self._settle(message, State.DONE, reply.text or text, data, usage)
            last = message
            for wish in wishes:
                last = Message.objects.create(
                    chat=chat, parent=last, role=Role.CALL, **calling.wished(self.deck(chat), message, wish)
                )
            holding.keep(chat.pk, self.holder, tip=last.pk)
        bells.ring(chat.pk)

    def _settle(self, message: Message, state: str, text: str, data: dict, usage: dict | None = None) -> None:
        message.data.update(data)
        rows = Message.objects.filter(pk=message.pk, state=State.STREAMING)
        if not rows.update(state=state, text=text, data=message.data, usage=usage or {}, updated=timezone.now()):
            raise Lost
        bells.ring(self.chat_id)

    def _hand_over(self) -> None:
        """When this process is about to end, the chat is free to be gone on with at once."""
        chat = Chat.objects.filter(pk=self.chat_id, holder=self.holder, state=Chat.State.RUNNING).first()
        if chat is not None:
            holding.interrupt(chat)

    def _fail(self) -> None:
        """Our own fault: the chat says so and is not stuck."""
        try:
            chat = Chat.objects.filter(pk=self.chat_id, holder=self.holder).first()
            if chat is not None and holding.interrupt(chat):
                made = Message.objects.create(
                    chat=chat, parent_id=chat.tip_id, role=Role.NOTICE, data={"code": "error"}
                )
                Chat.objects.filter(pk=chat.pk, state=Chat.State.INTERRUPTED).update(tip=made.pk)
        except Exception:
            log.exception("chat %s could not be marked", self.chat_id)


def _kept(value: Any) -> Any:
    """What travelled, unless it is too large to keep with every answer."""
    return value if value is not None and len(json.dumps(value, default=str)) <= LARGEST else None
