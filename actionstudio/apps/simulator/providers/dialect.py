"""What a protocol is to the rest: how a prompt is put, and how an answer is gathered, streamed or whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from actionstudio.apps.simulator.providers.provider import Prompt, Wish
from actionstudio.apps.simulator.providers.target import Target

type JSON = Any


class NotThisProtocol(Exception):
    """What came is JSON, but no answer of the protocol."""


class Gathering(Protocol):
    """One answer as it comes together. ``over``: nothing more is to come. ``complete``: it was said to its end."""

    over: bool
    complete: bool
    text: str
    reason: str
    tokens: tuple[int | None, int | None]

    def event(self, event: JSON) -> Iterator[str]:
        """More text out of one event of the stream. Raises NotThisProtocol, or Fault for an error that it brings."""
        ...

    def whole(self, answer: JSON) -> Iterator[str]:
        """The text of an answer that came in one piece. Raises the same."""
        ...

    def wishes(self) -> tuple[Wish, ...]:
        """The calls asked for so far."""
        ...

    def answer(self) -> JSON:
        """The answer in the shape that it has without streaming, for people who debug."""
        ...


@dataclass(frozen=True, slots=True)
class Dialect:
    """A protocol. ``optional`` are members of the request that servers may not know or want: the first of them that a
    server refuses is left out, or replaced by the name it has in ``else_named``."""

    path: str
    request: Callable[[Target, Prompt], dict[str, JSON]]
    gathering: Callable[[], Gathering]
    optional: tuple[str, ...]
    else_named: dict[str, str]


def number(value: JSON) -> int | None:
    """A count as it came, None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def text_of(value: JSON) -> str:
    """A text as it came; what has no text is none."""
    return value if isinstance(value, str) else ""
