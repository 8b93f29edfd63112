"""Two runs of the same cases side by side: what flipped, and whether that may be chance.

A case with several trials counts as passed when more than half of them passed: trials of one case are no independent
pairs, which McNemar's test asks for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from actionstudio.core.prompting import matrix, numbers
from actionstudio.core.prompting.matrix import Trial


@dataclass(frozen=True, slots=True)
class Flip:
    """A case whose verdict is another one now. ``before`` and ``after`` are (passed, trials)."""

    case: Hashable
    name: str
    kind: str
    before: tuple[int, int]
    after: tuple[int, int]

    @property
    def better(self) -> bool:
        """Whether it passes now."""
        return 2 * self.after[0] > self.after[1]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``both`` are cases that both runs answered, ``passed_before`` and ``passed_after`` how many of them passed;
    ``p`` is McNemar's. ``alone`` are cases that only one of them has. ``unsteady`` are those that passed always, or
    never, and now do now and then, without a flip of most of their trials."""

    flips: tuple[Flip, ...]
    both: int
    passed_before: int
    passed_after: int
    p: float
    alone: int = 0
    unsteady: tuple[Flip, ...] = ()

    @property
    def better(self) -> int:
        return sum(flip.better for flip in self.flips)

    @property
    def worse(self) -> int:
        return len(self.flips) - self.better

    @property
    def sure(self) -> bool:
        """Whether the difference is more than chance, as one says it below five per cent."""
        return self.p < 0.05


def compare(before: Iterable[Trial], after: Iterable[Trial]) -> Comparison:
    """Compares two runs case by case; those without an answer in one of them say nothing."""
    then, now = _answered(before), _answered(after)
    common = [case for case in then if case in now]
    flips, unsteady, counts = [], [], [0, 0]
    for case in common:
        old = matrix.passes(then[case]), len(then[case])
        new = matrix.passes(now[case]), len(now[case])
        passed = [2 * good > n for good, n in (old, new)]
        counts = [sum(pair) for pair in zip(counts, passed, strict=True)]
        if passed[0] != passed[1]:
            flips.append(Flip(case, now[case][0].name, now[case][0].kind, old, new))
        elif old[0] in (0, old[1]) and 0 < new[0] < new[1]:
            unsteady.append(Flip(case, now[case][0].name, now[case][0].kind, old, new))
    better = sum(flip.better for flip in flips)
    alone = len(then) + len(now) - 2 * len(common)
    p = numbers.mcnemar(better, len(flips) - better)
    ordered = tuple(sorted(flips, key=lambda one: one.better))
    return Comparison(ordered, len(common), counts[0], counts[1], p, alone, tuple(unsteady))


def _answered(trials: Iterable[Trial]) -> dict[Hashable, list[Trial]]:
    found: dict[Hashable, list[Trial]] = defaultdict(list)
    for one in trials:
        if one.score is not None:
            found[one.case].append(one)
    return found
