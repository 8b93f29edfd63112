"""What may be said of a few repeated trials: pass^k, pass@k, McNemar's exact test, an interval of a share."""

from __future__ import annotations

import math
from collections.abc import Iterable


def pass_all(n: int, passed: int, k: int) -> float:
    """pass^k of a case: how likely k trials all pass, of which ``passed`` of n did; the unbiased estimate
    C(passed, k) / C(n, k) (Yao and others, τ-bench, arXiv 2406.12045, section 4)."""
    return _checked(n, passed, k) and math.comb(passed, k) / math.comb(n, k)


def pass_any(n: int, passed: int, k: int) -> float:
    """pass@k of a case: how likely one of k trials passes: 1 - C(n - passed, k) / C(n, k) (Chen and others, arXiv
    2107.03374, section 2.1)."""
    return _checked(n, passed, k) and 1 - math.comb(n - passed, k) / math.comb(n, k)


def mean_pass_all(cases: Iterable[tuple[int, int]], k: int) -> float | None:
    """The mean of pass^k over cases, each (trials, passed); cases with fewer than k trials say nothing about it."""
    found = [pass_all(n, passed, k) for n, passed in cases if n >= k]
    return sum(found) / len(found) if found else None


def mcnemar(better: int, worse: int) -> float:
    """The two-sided exact p of McNemar's test: how likely so uneven a number of flips is when both are equally good.

    ``better`` cases failed before and pass now, ``worse`` the other way round (McNemar, Psychometrika 12, 1947; the
    exact form is the binomial test of the flips with one half).
    """
    flips = better + worse
    if not flips:
        return 1.0
    tail = sum(math.comb(flips, i) for i in range(min(better, worse) + 1))
    return min(1.0, 2 * tail / 2**flips)


def interval(passed: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a share, 95 % of the time around the true one (Wilson, JASA 22, 1927)."""
    if not n:
        return 0.0, 1.0
    share, square = passed / n, z * z / n
    middle = share + square / 2
    wide = z * math.sqrt(share * (1 - share) / n + square / (4 * n))
    return max(0.0, (middle - wide) / (1 + square)), min(1.0, (middle + wide) / (1 + square))


def _checked(n: int, passed: int, k: int) -> int:
    if not 0 < k <= n or not 0 <= passed <= n:
        raise ValueError(f"pass^k of {passed} of {n} trials with k = {k}")
    return 1
