"""The job of a suite: its cases are sent in turns of some seconds, until none is left. In CI the command does it."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects import driven, jobs
from actionstudio.apps.replay import sending
from actionstudio.apps.replay.runs import reaching
from actionstudio.apps.replay.runs import running as sends
from actionstudio.apps.replay.runs.lanes import Lanes
from actionstudio.apps.replay.suites import agreeing, playing
from actionstudio.apps.replay.suites.models import Case, Outcome, Suite, SuiteRun
from actionstudio.apps.replay.suites.playing import Play
from actionstudio.core import filling
from actionstudio.core.problem import Problem, Refused

MOST_AT_ONCE = 8
QUIET = datetime.timedelta(minutes=3)  # a run that no job drives, without a sign of life for that long, is over
GOING = (SuiteRun.State.WAITING, SuiteRun.State.RUNNING)
Cause, State, Verdict = SuiteRun.Cause, SuiteRun.State, Outcome.Verdict


def start(suite: Suite, cause: str = Cause.HAND, by=None, target: str = "", *, confirmed: bool = False) -> SuiteRun:
    """Begins a run as a job. One that a save or the schedule has left waiting is that one.

    Raises Refused, and reaching.Unconfirmed for what a person must agree to first: ``confirmed`` says that they do.
    """
    if risks := agreeing.open_risks(suite, target):
        if not confirmed:
            raise reaching.Unconfirmed(risks)
        agreeing.agree(suite, risks)
    try:
        with transaction.atomic():
            run = prepare(suite, cause, by, target)
            told = {"suite_run": run.pk}
            run.job = jobs.start(
                work,
                owner=by or suite.project.owner,
                project=suite.project,
                queue="bulk",
                input=told,
                total=run.total,
            )
            run.save(update_fields=["job"])
        run.refresh_from_db()
        return run
    except IntegrityError:
        waiting = suite.runs.filter(state=State.WAITING).first()
        if waiting is None:
            raise
        return waiting


def prepare(suite: Suite, cause: str, by=None, target: str = "", state: str = State.WAITING) -> SuiteRun:
    """Writes a run and its cases down. Raises Refused for a target that cannot be, and for a suite without cases."""
    to = sending.target(target or suite.target, suite.project)
    cases = list(suite.cases.filter(enabled=True).defer("answer", "body"))
    if not cases:
        raise Refused(Problem("", _("This suite has no case that is switched on: there is nothing to run."), "empty"))
    with transaction.atomic():
        run = SuiteRun.objects.create(
            suite=suite, author=by, cause=cause, target=str(to), total=len(cases), state=state, beat=timezone.now()
        )
        Outcome.objects.bulk_create(_outcomes(run, cases), batch_size=500)
    return run


def _outcomes(run: SuiteRun, cases: Iterable[Case]) -> Iterable[Outcome]:
    for n, case in enumerate(cases, 1):
        yield Outcome(
            run=run,
            case=case,
            n=n,
            name=case.name,
            operation_id=case.operation_id,
            method=case.method,
            path=case.path[:300],
        )


def work(progress: jobs.Progress) -> dict:
    """One turn of a run. Raises jobs.Again while cases are left, and jobs.Cancelled when no more are wanted."""
    run = found(progress.job.input["suite_run"])
    if run is None or run.over:
        return {}
    _begin(run)

    def tell(line: str, ended: int) -> None:
        progress.step(line[:120], ended, run.total)

    def take() -> int:
        return Turn(Play(run), tell, time.monotonic() + driven.TURN).take()

    return driven.work(progress, run, take, close)


def through(
    suite: Suite, target: str = "", given: Mapping[str, Any] | None = None, by=None, *, confirmed: bool = False
) -> SuiteRun:
    """Runs a suite here and now, all of it, in this process.

    Raises Refused, and reaching.Unconfirmed as ``start`` does; ``confirmed`` holds for this run alone.
    """
    if not confirmed and (risks := agreeing.open_risks(suite, target)):
        raise reaching.Unconfirmed(risks)
    made = prepare(suite, Cause.CI, by, target, state=State.RUNNING)
    run = found(made.pk)
    assert run is not None
    _begin(run)
    driven.through(run, lambda: Turn(Play(run, given), lambda _line, _n: _beat(run), None).take(), close)
    return run


def found(pk: int) -> SuiteRun | None:
    """A run with all that sending its cases asks for."""
    return SuiteRun.objects.select_related("suite__project", "author").filter(pk=pk).first()


def cancel(run: SuiteRun) -> None:
    """Stops a run: no further call leaves."""
    driven.cancel(run, close)


def look(run: SuiteRun) -> SuiteRun:
    """The run as it is, closed when nobody works at it any more."""
    return driven.look(run, close, QUIET)


def tidy() -> int:
    """Closes every run that nobody works at any more; returns how many."""
    runs = SuiteRun.objects.filter(state__in=GOING).select_related("job", "suite")
    return sum(look(run).over for run in list(runs))


def close(run: SuiteRun, state: str, error: str = "") -> bool:
    """Ends a run: what was not sent is skipped, what it has learned is gone, the counts are kept."""
    with transaction.atomic():
        mine = SuiteRun.objects.filter(pk=run.pk, state__in=GOING)
        if not mine.update(
            state=state, finished=timezone.now(), sealed=None, error="" if state == State.DONE else error
        ):
            return False
        rows = Outcome.objects.filter(run=run)
        why = _("The run ended before.")
        rows.filter(state=Outcome.State.READY).update(state="done", verdict=Verdict.SKIPPED, reason=why)
        lost = _("The run ended while this call was on its way. It may have arrived.")
        rows.filter(state=Outcome.State.SENT).update(state="done", verdict=Verdict.ERROR, reason=lost)
        counted = dict(rows.order_by().values_list("verdict").annotate(n=Count("pk")))
        run.refresh_from_db()
        run.counts, run.took_us = counted, rows.aggregate(n=Sum("took_us"))["n"] or 0
        run.revision = _revision(run)
        run.save(update_fields=["counts", "took_us", "revision"])
        Suite.objects.filter(pk=run.suite_id).update(state=health(run.suite))
    return True


def health(suite: Suite) -> str:
    """How a suite stands: by its last run where it is at home. What another server answers says nothing of that."""
    done = suite.runs.filter(target=suite.target).exclude(state__in=(*GOING, State.CANCELLED))
    newest = done.first()
    return _told(newest) if newest is not None else Suite.State.NONE


def _told(run: SuiteRun) -> str:
    if run.state == State.FAILED or not run.answered:
        return Suite.State.FAILED
    return Suite.State.PASSED if run.passed else Suite.State.DIFFERS


def _revision(run: SuiteRun) -> int | None:
    """The version of the contract that answered, when it was ours."""
    if run.target == sending.LIVE:
        return run.suite.project.revisions.values_list("number", flat=True).first()
    return int(run.target.partition(":")[2]) if run.target.startswith("revision:") else None


def _begin(run: SuiteRun) -> None:
    now = timezone.now()
    SuiteRun.objects.filter(pk=run.pk, begun=None).update(begun=now)
    SuiteRun.objects.filter(pk=run.pk, state=State.WAITING).update(state=State.RUNNING)


def _beat(run: SuiteRun) -> None:
    SuiteRun.objects.filter(pk=run.pk).update(beat=timezone.now())


class Turn(driven.Turn):
    """Some seconds of a run; all of it when there is no end to them."""

    def __init__(self, play: Play, tell: Callable[[str, int], object], until: float | None) -> None:
        super().__init__(f"suite run {play.run.pk}", tell, until)
        self._play = play
        self._lanes = Lanes([])

    def take(self) -> int:
        """Sends until the turn is over; how many cases are left."""
        play = self._play
        playing.recover(play)
        self._lanes = Lanes(self._items())
        self.go(min(play.suite.concurrency, len(self._lanes), sends.HANDS))
        return Outcome.objects.filter(run=play.run, state=Outcome.State.READY).count()

    def _items(self) -> list[Outcome]:
        """What is left, with the lane of each. What an earlier turn has brought is learned again."""
        play = self._play
        rows = list(Outcome.objects.filter(run=play.run).select_related("case", "run__suite__project").order_by("n"))
        names = _lanes(play.suite, [row.case for row in rows if row.case])
        for row in rows:
            row.run = play.run
            row.conversation = names.get(row.case_id, "")  # what Lanes asks for
            if row.state == Outcome.State.DONE:
                self.ended += 1
                play.learn(row)
                play.failed = play.failed or row.verdict not in (Verdict.PASSED, Verdict.SKIPPED)
        return [row for row in rows if row.state == Outcome.State.READY]

    def do(self, over: Callable[[], bool]) -> None:
        """Sends one lane after the other."""
        play = self._play
        while not over() and (lane := self._lanes.take()):
            while lane and not over():
                outcome: Outcome = lane.popleft()  # type: ignore[assignment]
                self.line = outcome.name
                if play.failed and play.suite.stop_first:
                    playing.end(outcome, Verdict.SKIPPED, _("An earlier case did not pass."))
                else:
                    playing.do(play, outcome)
                self.end()


def _lanes(suite: Suite, cases: list[Case]) -> dict[int, str]:
    """Which cases go one after another: all of them, unless several may be on their way at once. Then those of one
    conversation, and those that bring or need a value of an earlier one."""
    if suite.concurrency == 1:
        return {case.pk: "all" for case in cases}
    brought = {one["name"] for case in cases for one in case.extracts}
    tied = {case.pk for case in cases if case.extracts or brought.intersection(filling.names(playing.call_of(case)))}
    talks = {case.conversation for case in cases if case.pk in tied and case.conversation}
    return {
        case.pk: "variables" if case.pk in tied or case.conversation in talks else case.conversation for case in cases
    }
