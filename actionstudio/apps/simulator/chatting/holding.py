"""Who works on a chat: a turn holds it by a token, shows signs of life, and loses it by a conditional update.

All that a turn writes asks for its token. One that was stopped, or taken for dead, finds that out with its next write
and ends without a trace.
"""

from __future__ import annotations

import datetime
import secrets
import threading
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.simulator.chatting import living
from actionstudio.apps.simulator.models import Chat, Message

BEAT = 3.0  # seconds between signs of life
STALE = 15.0  # a turn without one for that long lost its process, wherever that was
MOST = 200  # chats that are looked at at a time
REAP = 10.0  # seconds between looks for such turns
State = Chat.State
_mine: dict[str, threading.Event] = {}  # the turns of this process, by their tokens; set: it is not theirs any more
_lock = threading.Lock()
_beating = False


class Lost(Exception):
    """The chat is not this turn's any more: it was stopped, or given on."""


def claim(chat: Chat, states: Iterable[str], **fields) -> str:
    """Takes the chat for a new turn if it is in one of ``states`` and its tip is as ``chat`` was read; "" otherwise.
    ``fields`` change with it."""
    token = living.me() + secrets.token_hex(12)
    now = timezone.now()
    rows = Chat.objects.filter(pk=chat.pk, state__in=[*states], tip=chat.tip_id)
    taken = rows.update(state=State.RUNNING, holder=token, beat=now, updated=now, **fields)
    return token if taken else ""


def release(chat_id: int, holder: str, state: str) -> bool:
    """The end of a turn: the chat is ``state`` now. False when it was not this turn's any more."""
    now = timezone.now()
    return bool(Chat.objects.filter(pk=chat_id, holder=holder).update(state=state, holder="", updated=now))


def keep(chat_id: int, holder: str, **fields) -> None:
    """Changes the chat while it is this turn's. Raises Lost."""
    if not Chat.objects.filter(pk=chat_id, holder=holder).update(updated=timezone.now(), **fields):
        raise Lost


def enter(holder: str) -> threading.Event:
    """From now on this process beats for that turn. The event is set when it was stopped here."""
    with _lock:
        gone = _mine[holder] = threading.Event()
        _start()
    return gone


def leave(holder: str) -> None:
    """The turn is over."""
    with _lock:
        _mine.pop(holder, None)


def tell(holder: str) -> None:
    """A turn of this process, if it is one, need not look any more: the chat is not its own."""
    with _lock:
        gone = _mine.get(holder)
    if gone is not None:
        gone.set()


def beat() -> None:
    """A sign of life for all turns of this process. Those that have lost their chat are told."""
    with _lock:
        held = dict(_mine)
    if not held:
        return
    Chat.objects.filter(holder__in=held).update(beat=timezone.now())
    known = set(Chat.objects.filter(holder__in=held).values_list("holder", flat=True))
    for holder, gone in held.items():
        if holder not in known:
            gone.set()


def _start() -> None:
    global _beating
    if not _beating:
        _beating = True
        threading.Thread(target=_beat, name="chats beat", daemon=True).start()


def _beat() -> None:
    """Beats until this process has no turns any more."""
    global _beating
    while True:
        jobs.stopping.wait(BEAT) if not jobs.stopping.is_set() else threading.Event().wait(BEAT)
        try:
            beat()
        except Exception:  # a database that is away for a moment must not end it
            jobs.log.exception("chats could not show a sign of life")
        finally:
            give_back()
        with _lock:
            if not _mine:
                _beating = False
                return


def stale(chat: Chat) -> bool:
    """Whether the process that works on this chat is gone: it ended on this machine, or has long shown no sign."""
    if chat.state != State.RUNNING:
        return False
    edge = timezone.now() - datetime.timedelta(seconds=STALE)
    return chat.beat is None or chat.beat < edge or living.gone(chat.holder)


def look(chat: Chat) -> Chat:
    """The chat as it stands, marked as interrupted when its process is gone: readable, and to be gone on with."""
    if stale(chat) and interrupt(chat, beat=chat.beat):
        chat.refresh_from_db(fields=["state", "holder", "beat", "updated"])
    return chat


def reap() -> int:
    """Marks the chats whose processes are gone; how many."""
    edge = timezone.now() - datetime.timedelta(seconds=STALE)
    running = Chat.objects.filter(state=State.RUNNING)
    late = [*running.filter(beat__lt=edge)[:MOST], *running.filter(beat__gte=edge)[:MOST]]
    marked = sum(interrupt(chat, beat=chat.beat) for chat in late if stale(chat))
    if len(late) < MOST:
        living.sweep()
    return marked


def interrupt(chat: Chat, **same) -> bool:
    """Takes the chat from its turn, as it was read (``same`` columns must be so still). What was being written stays as
    far as it came."""
    now = timezone.now()
    with transaction.atomic():
        rows = Chat.objects.filter(pk=chat.pk, state=State.RUNNING, holder=chat.holder, **same)
        if not rows.update(state=State.INTERRUPTED, holder="", updated=now):
            return False
        for message in Message.objects.filter(chat=chat, role=Message.Role.ASSISTANT, state=Message.State.STREAMING):
            message.data["error"] = {"code": "interrupted", "message": ""}
            message.state = Message.State.FAILED
            message.save(update_fields=["data", "state", "updated"])
    tell(chat.holder)
    return True
