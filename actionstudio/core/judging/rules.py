"""What a comparison of two answers leaves out: paths, the order of lists, small steps of numbers, kinds of noise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from actionstudio.core import compare
from actionstudio.core.judging.kinds import KINDS

ALL = frozenset(KINDS)


@dataclass(frozen=True)
class Rules:
    """``ignore`` holds body paths (``$.items[*].at``, each with all below it), ``header:name`` and ``status``.

    ``unordered`` are paths of lists whose order says nothing. Two numbers whose difference is at most ``tolerance``,
    as it is or as a share of the larger one, are the same; ``tolerances`` are (path, tolerance) that go before it, the
    last that fits first. ``kinds`` are the kinds of noise that do not count (KINDS); all of them unless said otherwise.
    """

    ignore: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()
    tolerance: float = 0.0
    kinds: frozenset[str] = field(default_factory=lambda: ALL)
    tolerances: tuple[tuple[str, float], ...] = ()

    def __add__(self, other: Rules) -> Rules:
        """Both: what either leaves out is left out, a kind counts where either says so; the other's tolerance holds."""
        return Rules(
            (*self.ignore, *other.ignore),
            (*self.unordered, *other.unordered),
            other.tolerance or self.tolerance,
            self.kinds & other.kinds,
            (*self.tolerances, *other.tolerances),
        )

    def is_unordered(self, way: compare.Way) -> bool:
        """Whether the order of the list there says nothing."""
        return any(len(one) == len(way) and compare.covers(one, way) for one in self._unordered)

    def tolerance_at(self, way: compare.Way) -> float:
        """How far two numbers there may be apart."""
        return next((size for one, size in self._tolerances if compare.covers(one, way)), self.tolerance)

    @cached_property
    def _unordered(self) -> list[tuple[object, ...]]:
        return compare.patterns_of(self.unordered)

    @cached_property
    def _tolerances(self) -> list[tuple[tuple[object, ...], float]]:
        return [(compare.pattern(path), size) for path, size in reversed(self.tolerances)]


def problems(rules: Rules) -> Iterable[tuple[str, str]]:
    """(field, path) of what is no path that can be read, and so would leave out nothing."""
    for name in ("ignore", "unordered"):
        for text in getattr(rules, name):
            plain = text == "status" or text.startswith("header:")
            if not (plain and name == "ignore") and not compare.readable(text):
                yield name, text
    yield from (("tolerances", path) for path, _size in rules.tolerances if not compare.readable(path))
