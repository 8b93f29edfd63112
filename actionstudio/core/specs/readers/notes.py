"""What a reader noticed, collected; and taking well-typed fields out of an object while noting the others."""

from __future__ import annotations

from typing import Any

from actionstudio.core.problem import Problem
from actionstudio.core.words import said

type JSON = Any

MOST = 500
_KINDS = {
    str: said("a text"),
    int: said("a number"),
    float: said("a number"),
    list: said("a list"),
    dict: said("an object"),
}


class Notes:
    """Problems in the order they were found, each once, at most ``MOST`` of them."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def add(self, pointer: str, message: str, code: str = "invalid") -> None:
        """Note one problem."""
        if len(self._found) < MOST:
            self._found[Problem(pointer, message, code)] = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them."""
        return tuple(self._found)


def kind_of(value: JSON) -> str:
    """What a JSON value is, in words."""
    if value is None:
        return said("empty")
    if isinstance(value, bool):
        return said("true or false")
    return _KINDS.get(type(value), said("something else"))


def not_an_object(key: str, value: JSON) -> str:
    """The sentence for what should be an object and is not."""
    return said("“%(key)s” must be an object, not %(kind)s; it was left out.", key=key, kind=kind_of(value))


def text(rest: dict[str, JSON], key: str, notes: Notes, at: str) -> str:
    """Takes a text out of ``rest``. A number (a version such as 1.0 in YAML) is read as its text."""
    value = rest.pop(key, "")
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if value is not None:
        message = said("“%(key)s” must be a text, not %(kind)s; it was left out.", key=key, kind=kind_of(value))
        notes.add(f"{at}/{key}", message, "not-a-text")
    return ""


def flag(rest: dict[str, JSON], key: str, notes: Notes, at: str) -> bool | None:
    """Takes true or false out of ``rest``; None when it is not there."""
    value = rest.pop(key, None)
    if value is None or isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    message = said("“%(key)s” must be true or false, not %(kind)s; it was left out.", key=key, kind=kind_of(value))
    notes.add(f"{at}/{key}", message, "not-a-flag")
    return None


def mapping(rest: dict[str, JSON], key: str, notes: Notes, at: str) -> dict[str, JSON]:
    """Takes an object out of ``rest``."""
    value = rest.pop(key, None)
    if isinstance(value, dict):
        return value
    if value is not None:
        notes.add(f"{at}/{key}", not_an_object(key, value), "not-an-object")
    return {}


def listing(rest: dict[str, JSON], key: str, notes: Notes, at: str) -> list[JSON]:
    """Takes a list out of ``rest``."""
    value = rest.pop(key, None)
    if isinstance(value, list):
        return value
    if value is not None:
        message = said("“%(key)s” must be a list, not %(kind)s; it was left out.", key=key, kind=kind_of(value))
        notes.add(f"{at}/{key}", message, "not-a-list")
    return []
