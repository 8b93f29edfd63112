"""Who ChatGPT says is calling: the ids of a GPT, a conversation, a user of today, and of one request.

Source: the capture of 2025-08-20 (docs/chatgpt-rules.md, CALL-01). Its conversation and user ids are UUIDs of version
5, so they are made here likewise: of a seed, by a digest. No clock and no chance in here: the caller brings both.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from dataclasses import dataclass

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://chatgpt.com/simulated-by-action-studio")


@dataclass(frozen=True, slots=True)
class Identity:
    """``gpt`` is ``g-`` and 32 hex digits, ``conversation`` and ``user`` are UUIDs of version 5."""

    gpt: str
    conversation: str
    user: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What one request is traced by: a span in a trace of 128 bits that begins with the second it was made in."""

    seconds: int
    low: int
    span: int

    @property
    def trace_id(self) -> str:
        """32 hex digits: the second, zeros, and the 64 bits that Datadog knows it by."""
        return f"{self.high}{self.low:016x}"

    @property
    def high(self) -> str:
        """The upper half of the trace's id: the second in eight hex digits, and zeros."""
        return f"{self.seconds:08x}00000000"


def conversation_id(seed: str) -> str:
    """The id of a conversation, the same for the same seed."""
    return str(uuid.uuid5(_NAMESPACE, f"conversation {seed}"))


def ephemeral_user_id(user: str, day: datetime.date) -> str:
    """The id of a user, which is another one every day (OA-15: reported by one project)."""
    return str(uuid.uuid5(_NAMESPACE, f"user {user} {day.isoformat()}"))


def identity(gpt: str, conversation: str, user: str, day: datetime.date) -> Identity:
    """The ids of a call. ``conversation`` is the id itself; ``user`` is any text that tells users apart."""
    return Identity(gpt, conversation, ephemeral_user_id(user, day))


def trace(seed: str, seconds: float) -> Trace:
    """The trace of a request that is made at ``seconds`` since 1970. ``seed`` is different for each."""
    digest = hashlib.sha256(f"{seed} {seconds}".encode()).digest()
    return Trace(int(seconds) & 0xFFFFFFFF, int.from_bytes(digest[:8]), int.from_bytes(digest[8:16]))
