"""What many scores say together: the confusion matrix, precision and recall, arguments, flakiness, tokens."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from actionstudio.core.prompting import numbers
from actionstudio.core.prompting.scoring import NO_CALL, Score


@dataclass(frozen=True, slots=True)
class Trial:
    """One case asked once. ``case`` tells cases apart, ``name`` is for people; ``score`` None: no answer came."""

    case: Hashable
    kind: str
    score: Score | None
    name: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    ms: int = 0
    dollars: float | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """``good`` of ``of``. ``value`` is None when there is nothing to count."""

    good: int
    of: int

    @property
    def value(self) -> float | None:
        return self.good / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Between what the true share lies, 95 % of the time."""
        return numbers.interval(self.good, self.of)


@dataclass(frozen=True, slots=True)
class OfOperation:
    """``precision``: of its calls, how many were expected. ``recall``: of those expected, how many were made.
    ``mistaken`` are the operations (or NO_CALL) called instead, the most frequent first."""

    operation: str
    precision: Rate
    recall: Rate
    mistaken: tuple[tuple[str, int], ...] = ()

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        one, other = self.precision.value, self.recall.value
        if one is None or other is None:
            return None
        return 2 * one * other / (one + other) if one + other else 0.0


@dataclass(frozen=True, slots=True)
class Flaky:
    """A case that passes now and then."""

    case: Hashable
    name: str
    passed: int
    of: int


@dataclass(frozen=True, slots=True)
class Result:
    """All numbers of one model in one run. ``names`` are rows and columns of the matrix, NO_CALL last; ``cells`` says
    how often which operation was called (second) where which was expected (first). ``tokens_in``, ``tokens_out``,
    ``dollars``: None while nobody tells them. ``no_call``: of the times that nothing should be called, how often
    nothing was: what to look after first."""

    passed: Rate
    chosen: Rate
    errors: int
    names: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]
    operations: tuple[OfOperation, ...]
    arguments: tuple[tuple[str, str, Rate], ...]
    kinds: Mapping[str, Rate]
    flaky: tuple[Flaky, ...]
    pass_all: Mapping[int, float] = field(default_factory=dict)
    tokens_in: int | None = None
    tokens_out: int | None = None
    dollars: float | None = None
    ms: int = 0
    slowest: tuple[tuple[Hashable, int], ...] = ()
    no_call: Rate = Rate(0, 0)

    def row(self, expected: str) -> list[int]:
        """One row of the matrix, in the order of ``names``."""
        return [self.cells.get((expected, called), 0) for called in self.names]


def result(trials: Sequence[Trial], operations: Iterable[str] = ()) -> Result:
    """The numbers of these trials. ``operations`` are those that the matrix shows even when nobody called them."""
    scores = [one.score for one in trials if one.score is not None]
    cells: Counter[tuple[str, str]] = Counter(pair for made in scores for pair in made.pairs)
    met = {name for pair in cells for name in pair if name != NO_CALL}
    known = [name for name in dict.fromkeys(operations) if name in met]
    names = (*known, *sorted(met.difference(known)))
    heard = [one for one in trials if one.score is not None]
    return Result(
        passed=Rate(sum(made.passed for made in scores), len(scores)),
        chosen=Rate(sum(made.chosen for made in scores), len(scores)),
        errors=len(trials) - len(scores),
        names=(*names, NO_CALL),
        cells=dict(cells),
        operations=tuple(_of_operation(name, cells) for name in names),
        arguments=_arguments(scores),
        kinds=_kinds(heard),
        flaky=_flaky(heard),
        pass_all=_pass_all(heard),
        tokens_in=_sum(one.tokens_in for one in trials),
        tokens_out=_sum(one.tokens_out for one in trials),
        dollars=_sum(one.dollars for one in trials),
        ms=sum(one.ms for one in trials),
        no_call=_no_call(scores),
        slowest=tuple((one.case, one.ms) for one in sorted(heard, key=lambda one: -one.ms)[:5]),
    )


def _of_operation(name: str, cells: Mapping[tuple[str, str], int]) -> OfOperation:
    right = cells.get((name, name), 0)
    called = sum(n for (_expected, made), n in cells.items() if made == name)
    expected = sum(n for (wanted, _made), n in cells.items() if wanted == name)
    others = {made: n for (wanted, made), n in cells.items() if wanted == name != made}
    mistaken = tuple(sorted(others.items(), key=lambda one: (-one[1], one[0])))
    return OfOperation(name, Rate(right, called), Rate(right, expected), mistaken)


def _no_call(scores: Iterable[Score]) -> Rate:
    """A call too many where another was expected is none of these."""
    of = [made.pairs for made in scores if made.pairs and all(wanted == NO_CALL for wanted, _called in made.pairs)]
    return Rate(sum(pairs == ((NO_CALL, NO_CALL),) for pairs in of), len(of))


def _arguments(scores: Iterable[Score]) -> tuple[tuple[str, str, Rate], ...]:
    good: Counter[tuple[str, str]] = Counter()
    of: Counter[tuple[str, str]] = Counter()
    for made in scores:
        for operation, name, right in made.arguments:
            of[operation, name] += 1
            good[operation, name] += right
    return tuple((*key, Rate(good[key], of[key])) for key in sorted(of))


def _kinds(trials: Iterable[Trial]) -> dict[str, Rate]:
    found: dict[str, list[bool]] = defaultdict(list)
    for one in trials:
        found[one.kind].append(one.score is not None and one.score.passed)
    return {kind: Rate(sum(rows), len(rows)) for kind, rows in sorted(found.items())}


def _by_case(trials: Iterable[Trial]) -> dict[Hashable, list[Trial]]:
    found: dict[Hashable, list[Trial]] = defaultdict(list)
    for one in trials:
        found[one.case].append(one)
    return found


def passes(rows: Iterable[Trial]) -> int:
    """How many of them passed."""
    return sum(one.score is not None and one.score.passed for one in rows)


def _flaky(trials: Iterable[Trial]) -> tuple[Flaky, ...]:
    found = [Flaky(case, rows[0].name, passes(rows), len(rows)) for case, rows in _by_case(trials).items()]
    return tuple(sorted((one for one in found if 0 < one.passed < one.of), key=lambda one: one.passed / one.of))


def _pass_all(trials: Iterable[Trial]) -> dict[int, float]:
    counts = [(len(rows), passes(rows)) for rows in _by_case(trials).values()]
    most = max((n for n, _good in counts), default=0)
    found = {k: numbers.mean_pass_all(counts, k) for k in range(1, most + 1)}
    return {k: value for k, value in found.items() if value is not None}


def _sum[N: (int, float)](values: Iterable[N | None]) -> N | None:
    found = [one for one in values if one is not None]
    return sum(found) if found else None  # type: ignore[return-value]
