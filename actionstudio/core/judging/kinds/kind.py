"""What a kind of noise is, the table of all of them, and what their files ask of names and texts."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from actionstudio.core.words import said


@dataclass(frozen=True, slots=True)
class Spot:
    """Where two values stand: the nearest member's name (a header's for its value), and whether the request asked for
    an order."""

    name: str = ""
    sorted: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The name's words in lower case: ``orderId``, ``order_id`` and ``order-id`` are order, id."""
        parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", self.name)
        return tuple(part.lower() for part in parts)

    def ends(self, *words: str) -> bool:
        """Whether the name's last word is one of these."""
        return bool(self.words) and self.words[-1] in words


@dataclass(frozen=True, slots=True)
class Kind:
    """``title`` names it and ``about`` explains it, both for people. ``covers`` says whether two values that differ
    are both of it and of the same shape."""

    code: str
    title: str
    about: str
    covers: Callable[[Any, Any, Spot], bool] = field(repr=False)


KINDS: dict[str, Kind] = {}


def kind(title: str) -> Callable[[Callable[[Any, Any, Spot], bool]], Callable[[Any, Any, Spot], bool]]:
    """Registers a function as the kind that its file is named after; its docstring is the user's text."""

    def register(function: Callable[[Any, Any, Spot], bool]) -> Callable[[Any, Any, Spot], bool]:
        code = sys.modules[function.__module__].__name__.rpartition(".")[2]
        about = " ".join((inspect.getdoc(function) or "").split())
        KINDS[code] = Kind(code, said(title), said(about.replace("%", "%%")), function)
        return function

    return register


def turns(text: str) -> int:
    """How often a text changes between digits, small and capital letters: words seldom do, random texts do."""
    last, found = "", 0
    for character in text:
        now = "0" if character.isdigit() else "a" if character.islower() else "A" if character.isupper() else ""
        found += bool(now and last and now != last)
        last = now or last
    return found


def random_looking(text: str) -> bool:
    """Whether letters and digits stand mixed as no word or product name has them."""
    mixed = any(one.isdigit() for one in text) and any(one.isalpha() for one in text)
    return mixed and turns(text) >= max(3, len(text) // 5)


def whole(value: Any) -> bool:
    """Whether a value is a whole number (true is none)."""
    return isinstance(value, int) and not isinstance(value, bool)
