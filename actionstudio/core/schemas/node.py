"""The compiled form of a schema for sampling: nodes that choose among makers, and how deep each has to go."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

from actionstudio.core.schemas.flat import Impossible

DEEP = 5
BUDGET = 300
_MOST_MADE = 20_000
_BOTTOM = 100


class TooMuch(Exception):
    """A value would be larger than anybody reads (schemas that require two of the next one, twenty times over)."""


class State:
    """What one sample carries along: its random source, how deep it is, what is open, how much it may still make."""

    __slots__ = ("depth", "left", "open", "rng")

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.depth = 0
        self.left = BUDGET
        self.open: dict[int, int] = {}

    def spend(self, parts: int) -> None:
        """Counts parts of the value that are about to be made. Raises TooMuch."""
        self.left -= parts
        if self.left < -_MOST_MADE:
            raise TooMuch

    @property
    def minimal(self) -> bool:
        """Whether to leave out all that may be left out."""
        return self.depth > DEEP or self.left < 0


class Maker:
    """One way to make a value.

    ``needs`` are the nodes without which it cannot (for the height); ``compound`` says that it may hold objects.
    """

    __slots__ = ("compound", "height", "make", "needs")

    def __init__(self, make: Callable[[State], Any], needs: tuple[Node, ...] = (), compound: bool = False) -> None:
        self.make = make
        self.needs = needs
        self.compound = compound
        self.height: float = 0

    def measure(self) -> float:
        """How many levels of objects and lists this way goes down at least."""
        self.height = 1 + max(need.height for need in self.needs) if self.needs else 0
        return self.height


class Node:
    """A value to be made: all its schemas hold, any of its makers will do."""

    __slots__ = ("closed", "height", "makers", "name", "schemas")

    def __init__(self, name: str, schemas: tuple[Any, ...]) -> None:
        self.name = name
        self.schemas = schemas
        self.makers: list[Maker] = []
        self.height: float = math.inf
        self.closed = False

    @property
    def empty(self) -> bool:
        """Whether it is known that no value can be made."""
        return self.closed and not self.makers

    @property
    def compound(self) -> bool:
        """Whether a value may hold objects, so far as that is known: True while the node is still being built."""
        return not self.closed or any(maker.compound for maker in self.makers)

    def estimate(self) -> bool:
        """Sets the height from what is known so far; True when it changed."""
        height = min((maker.measure() for maker in self.makers), default=math.inf)
        changed, self.height = height != self.height, height
        return changed

    def make(self, state: State) -> Any:
        """A value. Raises Impossible when none of the makers gives one."""
        makers = self.makers
        if len(makers) == 1:
            if state.depth > _BOTTOM:
                raise Impossible
            return makers[0].make(state)
        if state.depth > DEEP or state.left < 0:
            return self._lowest(state)
        if not makers:
            raise Impossible
        first = int(state.rng.random() * len(makers))
        for turn in range(len(makers)):
            depth = state.depth
            try:
                return makers[(first + turn) % len(makers)].make(state)
            except Impossible:
                state.depth = depth
        raise Impossible

    def _lowest(self, state: State) -> Any:
        if not self.makers or state.depth > _BOTTOM:
            raise Impossible
        return min(self.makers, key=lambda maker: maker.height).make(state)


def settle_heights(nodes: list[Node]) -> None:
    """Computes every node's height, recursion included, and drops makers that could never end."""
    changed = True
    while changed:
        changed = False
        for node in reversed(nodes):
            changed = node.estimate() or changed
    for node in nodes:
        node.makers = [maker for maker in node.makers if maker.height < math.inf]
