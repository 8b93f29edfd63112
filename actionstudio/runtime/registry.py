"""Address -> Program. A seat younger than FRESH answers from memory; an older one asks for the version first."""

from __future__ import annotations

from collections.abc import Iterable

FRESH = 0.25  # seconds


def announce(addresses: Iterable[str]) -> None:
    """What these addresses serve has just changed in this process: look again before the next answer."""
