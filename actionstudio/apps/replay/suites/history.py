"""The past of suites: their last runs as a trend, and cases that pass and fail by turns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from actionstudio.apps.replay.suites.models import Outcome, Suite, SuiteRun
from actionstudio.apps.web import charts

SHOWN = 50  # runs of the trend
LOOKED = 10  # runs that tell whether a case is flaky
FLIPS = 2  # changes between passing and failing, within one version of the contract, from which it is
GOOD = Outcome.Verdict.PASSED
BAD = (Outcome.Verdict.CHANGED, Outcome.Verdict.BROKEN, Outcome.Verdict.ERROR, Outcome.Verdict.REFUSED)


@dataclass(frozen=True, slots=True)
class Trend:
    """The last runs, oldest first, as two small charts."""

    runs: Sequence[SuiteRun]
    passed: SafeString
    took: SafeString

    @property
    def newest(self) -> SuiteRun:
        """The run that the charts end with."""
        return self.runs[-1]


def share(run: SuiteRun) -> int:
    """How many of a hundred cases passed."""
    return round(100 * run.counts.get(GOOD, 0) / run.total) if run.total else 0


def last(suite: Suite) -> list[SuiteRun]:
    """The newest runs, with what the list of them shows."""
    return list(suite.runs.select_related("author").defer("sealed")[:SHOWN])


def at_home(suite: Suite, runs: Sequence[SuiteRun]) -> list[SuiteRun]:
    """The newest runs to the suite's own target, of which ``runs`` are some: they alone say how it stands."""
    if all(run.target == suite.target for run in runs):
        return list(runs)
    return list(suite.runs.filter(target=suite.target).defer("sealed")[:SHOWN])


def trend(runs: Iterable[SuiteRun]) -> Trend | None:
    """The trend of finished runs; None when there are fewer than two."""
    done = [run for run in runs if run.state == SuiteRun.State.DONE][::-1]
    if len(done) < 2:
        return None
    passed, took = [share(run) for run in done], [max(1, run.took_us // 1000) for run in done]
    words = _("Passed in the last %(n)d runs, in per cent: %(all)s") % {"n": len(done), "all": _listed(passed)}
    times = _("Time of all answers of the last %(n)d runs, in milliseconds: %(all)s") % {
        "n": len(done),
        "all": _listed(took),
    }
    return Trend(done, charts.sparkline(passed, label=words), charts.sparkline(took, label=times))


def flaky(runs: Sequence[SuiteRun]) -> set[int]:
    """The cases that change between passing and failing while the contract stays the same."""
    newest = [run for run in runs if run.state == SuiteRun.State.DONE][:LOOKED]
    if len(newest) <= FLIPS:
        return set()
    revisions = {run.pk: run.revision for run in newest}
    rows = Outcome.objects.filter(run__in=newest, case__isnull=False).order_by("case", "run")
    past: dict[tuple[int, int | None], list[bool]] = defaultdict(list)
    for case, run, verdict in rows.values_list("case", "run", "verdict"):
        if verdict == GOOD or verdict in BAD:
            past[case, revisions[run]].append(verdict == GOOD)
    return {case for (case, _n), found in past.items() if _flips(found) >= FLIPS}


def _flips(found: list[bool]) -> int:
    return sum(one != other for one, other in pairwise(found))


def _listed(values: Iterable[int]) -> str:
    return ", ".join(map(str, values))
