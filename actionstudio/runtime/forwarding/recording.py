"""Answers that a builder wants kept: the data plane says that one came, and whoever keeps them hears of it.

What is kept is taken from the log, where secrets are hidden; here only the place is told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


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
