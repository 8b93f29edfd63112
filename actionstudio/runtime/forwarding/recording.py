"""Answers that a builder wants kept: the data plane says that one came, and whoever keeps them hears of it.

What is kept is taken from the log, where secrets are hidden; here only the place is told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from actionstudio.core.behaviour import Proxy, Rules, Template
from actionstudio.core.contract import Operation

MOST = 20  # answers that one operation keeps by itself
LOGGED = "logged"  # how the keys of recorded examples begin


def full(operation: Operation, behaviour: Proxy) -> bool:
    """Whether the operation has as many recorded answers as it keeps."""
    if behaviour.record == "rules":
        there = behaviour.otherwise
        return isinstance(there, Rules) and sum(isinstance(one.answer, Template) for one in there.rules) >= MOST
    examples = (one for response in operation.responses for media in response.content for one in media.examples)
    return sum(one.key.startswith(LOGGED) for one in examples) >= MOST


class Place(NamedTuple):
    """An operation that was answered by its upstream and records."""

    project_id: int
    method: str
    path: str


_listener: Callable[[Place], None] | None = None


def listen(listener: Callable[[Place], None]) -> None:
    """Who keeps answers in this process. Called in the thread of a call: it must not wait."""
    global _listener
    _listener = listener


def came(place: Place) -> None:
    """An answer came that is to be kept; its record follows."""
    if _listener is not None:
        _listener(place)
