"""What came of a call, as values: plain JSON in all that a page, a message or the API shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from actionstudio.core.chatgpt.consent import Card
from actionstudio.core.sendable import Refusal

type JSON = Any

SENT, REFUSED, ASKS = STATES = ("sent", "refused", "asks")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request and its answer, without secrets. ``request``: method, url, headers, body. ``response``: status,
    headers, body, size; None when there was none, and then ``error`` says why (time, gone, connect, …) and ``detail``
    in words. ``exchange`` is its id in the log, "" when the call left the studio."""

    request: Mapping[str, JSON]
    response: Mapping[str, JSON] | None
    ms: int
    exchange: str = ""
    error: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Performed:
    """``state``: sent, refused (no HTTP was made) or asks (``card`` is to be answered first).

    ``told`` is what the model is told, ``code`` why that is not the answer: status, redirect, too-large, failed, asks,
    declined, backing-off, or the refusal's; "" when it is. ``files`` are those that the answer brought: {key, name,
    mime_type, size, url, problem}. ``card`` is the question that was asked of this call, also when it was answered.
    """

    state: str
    told: str
    code: str
    card: Card | None = None
    refusal: Refusal | None = None
    attempts: tuple[Attempt, ...] = ()
    files: tuple[Mapping[str, JSON], ...] = ()
    arguments: Mapping[str, JSON] = field(default_factory=dict)

    @property
    def last(self) -> Attempt | None:
        """The attempt that counts."""
        return self.attempts[-1] if self.attempts else None

    @property
    def ms(self) -> int:
        """How long all of it took, as the user of ChatGPT would have waited."""
        return sum(one.ms for one in self.attempts)

    def plain(self) -> dict[str, JSON]:
        """All of it as JSON, for a message's ``data`` and for programs."""
        return {
            "state": self.state,
            "code": self.code,
            "told": self.told,
            "card": plain_card(self.card),
            "refusal": plain_refusal(self.refusal),
            "attempts": [plain_attempt(one) for one in self.attempts],
            "files": [dict(one) for one in self.files],
            "ms": self.ms,
        }


def plain_card(card: Card | None, told: Callable[[str], str] = str) -> JSON:
    """A card as JSON; ``told`` says its texts in a reader's language, else they are English."""
    if card is None:
        return None
    names = ("kind", "title", "subtitle", "panel")
    return {**{name: told(getattr(card, name)) for name in names}, "buttons": list(card.buttons)}


def plain_refusal(refusal: Refusal | None, told: Callable[[str], str] = str) -> JSON:
    """A refusal as JSON, likewise."""
    if refusal is None:
        return None
    names = ("code", "message", "detail", "confidence")
    return {**{name: told(getattr(refusal, name)) for name in names}, "names": list(refusal.names)}


def plain_attempt(attempt: Attempt) -> JSON:
    """An attempt as JSON."""
    return {
        "request": dict(attempt.request),
        "response": None if attempt.response is None else dict(attempt.response),
        "ms": attempt.ms,
        "exchange": attempt.exchange,
        "error": attempt.error,
        "detail": attempt.detail,
    }
