"""One render under way: what it reads from, what is left of its bounds, and what it notes for the trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, Protocol

from actionstudio.core.templating.bounds import NOTES, SHOWN, VALUES, Budget
from actionstudio.core.templating.moments import iso
from actionstudio.core.templating.values import Missing

ROOTS = (
    "body", "query", "path", "header", "cookie", "method", "url", "call", "collection", "response", "caller", "now",
)  # fmt: skip
_WHY = {
    "query": "was not sent",
    "header": "was not sent",
    "cookie": "was not sent",
    "path": "is not in the path",
    "body": "is not in the body",
    "response": "is not in the answer",
    "collection": "is not there",
}


class Scope(Protocol):
    """What a template reads. ``root`` gives the value behind one of ROOTS (but ``now``): JSON, a mapping, or Missing.

    ``seed`` makes what is made up: the same seed, the same values. ``fresh`` is chance behind ``random.``.
    """

    now: datetime
    seed: int | str
    fresh: Random

    def root(self, name: str) -> Any: ...


@dataclass
class Plain:
    """A scope of given values: for previews, checks and tests."""

    roots: Mapping[str, Any] = field(default_factory=dict)
    now: datetime = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
    seed: int | str = 1
    fresh: Random = field(default_factory=lambda: Random(1))

    def root(self, name: str) -> Any:
        return self.roots[name] if name in self.roots else Missing(f"{name} is not known here")


class Run:
    """State of one render. ``locals`` are the names that the loops around give."""

    __slots__ = ("_chance", "_roots", "budget", "locals", "notes", "scope", "values")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.budget = Budget()
        self.locals: dict[str, Any] = {}
        self.notes: list[str] = []
        self.values: dict[str, Any] = {}
        self._roots: dict[str, Any] = {}
        self._chance: Random | None = None

    def root(self, name: str) -> Any:
        """The value of a root, asked of the scope once."""
        if name not in self._roots:
            self._roots[name] = iso(self.scope.now) if name == "now" else self.scope.root(name)
        return self._roots[name]

    def chance(self, fresh: bool) -> Random:
        if fresh:
            return self.scope.fresh
        if self._chance is None:
            self._chance = Random(self.scope.seed)
        return self._chance

    def why(self, root: str) -> str:
        return _WHY.get(root, "is not there")

    def note(self, sentence: str) -> None:
        if len(self.notes) < NOTES and sentence not in self.notes:
            self.notes.append(sentence)

    def saw(self, name: str, value: Any) -> None:
        """Keeps what was read, shortened, for the trail."""
        if name not in self.values and len(self.values) < VALUES:
            self.values[name] = shown(value)


def shown(value: Any) -> Any:
    """A value as the trail has it: whole when it is short, else its beginning or its size."""
    if isinstance(value, Missing):
        return None
    if isinstance(value, str):
        return value if len(value) <= SHOWN else value[:SHOWN] + "…"
    if isinstance(value, list):
        return f"[{len(value)} entries]"
    if isinstance(value, Mapping):
        return f"{{{len(value)} entries}}"
    return value
