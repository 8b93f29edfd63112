"""The job of a suite: its cases are sent in turns of some seconds, until none is left. In CI the command does it."""

from __future__ import annotations

import datetime
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, connections, transaction
from django.db.models import Count, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from actionstudio.apps.projects import jobs
from actionstudio.apps.replay import sending
from actionstudio.apps.replay.runs import reaching
from actionstudio.apps.replay.runs import running as sends
from actionstudio.apps.replay.runs.lanes import Lanes
from actionstudio.apps.replay.suites import agreeing, playing
from actionstudio.apps.replay.suites.models import Case, Outcome, Suite, SuiteRun
from actionstudio.apps.replay.suites.playing import Play
from actionstudio.core import filling
from actionstudio.core.problem import Problem, Refused

TURN = 15.0  # seconds; then other work of the queue gets its turn
LOOK = 0.5  # seconds between two looks at whether it was cancelled
MOST_AT_ONCE = 8
QUIET = datetime.timedelta(minutes=3)  # a run that no job drives, without a sign of life for that long, is over
GOING = (SuiteRun.State.WAITING, SuiteRun.State.RUNNING)
Cause, State, Verdict = SuiteRun.Cause, SuiteRun.State, Outcome.Verdict
log = logging.getLogger(__name__)


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

    try:
        turn = Turn(Play(run), tell, time.monotonic() + TURN)
        turn.take()
    except jobs.Cancelled:
        close(run, State.CANCELLED)
        raise
    except Refused as refused:
        close(run, State.FAILED, "; ".join(str(one.message) for one in refused.problems))
        raise
    except (OperationalError, InterfaceError):
        log.warning("suite run %s waits: the database cannot be reached", run.pk, exc_info=True)
        time.sleep(LOOK)
        raise jobs.Again from None
    if turn.left:
        raise jobs.Again
    try:
        with progress.finishing():
            close(run, State.DONE)
    except jobs.Cancelled:
        close(run, State.CANCELLED)
        raise
    return {}


def through(suite: Suite, target: str = "", given: Mapping[str, Any] | None = None, by=None) -> SuiteRun:
    """Runs a suite here and now, all of it, in this process. Raises Refused. Nothing is asked: whoever types the
    command has said where the calls go."""
    made = prepare(suite, Cause.CI, by, target, state=State.RUNNING)
    run = found(made.pk)
    assert run is not None
    _begin(run)
    try:
        Turn(Play(run, given), lambda _line, _n: _beat(run), None).take()
        close(run, State.DONE)
    except BaseException as error:
        close(run, State.FAILED, str(error) if isinstance(error, Refused) else _("This run was interrupted."))
        raise
    run.refresh_from_db()
    return run


def found(pk: int) -> SuiteRun | None:
    """A run with all that sending its cases asks for."""
    return SuiteRun.objects.select_related("suite__project", "author").filter(pk=pk).first()


def cancel(run: SuiteRun) -> None:
    """Stops a run: no further call leaves."""
    if run.over:
        return
    if run.job is not None:
        jobs.cancel(run.job)
        run.job.refresh_from_db()
    if run.job is None or run.job.over:
        close(run, State.CANCELLED)


def look(run: SuiteRun) -> SuiteRun:
    """The run as it is. One whose job ended without it, or whose command was killed, is closed here."""
    job = run.job
    quiet = run.beat is None or run.beat < timezone.now() - QUIET
    if not run.over and (job.over if job is not None else quiet):
        cancelled = job is not None and job.state == job.State.CANCELLED
        close(run, State.CANCELLED if cancelled else State.FAILED, _("This run was interrupted."))
        run.refresh_from_db()
    return run


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
        newest = SuiteRun.objects.filter(suite=run.suite_id).exclude(state__in=GOING).first()
        if newest is not None and newest.pk == run.pk and state != State.CANCELLED:
            Suite.objects.filter(pk=run.suite_id).update(state=_told(run))
    return True


def _told(run: SuiteRun) -> str:
    if run.state == State.FAILED:
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


class Turn:
    """Some seconds of a run; all of it when there is no end to them."""

    def __init__(self, play: Play, tell: Callable[[str, int], object], until: float | None) -> None:
        self._play = play
        self._tell = tell
        self._until = until
        self._line = ""
        self._ended = 0
        self._told_at = 0.0
        self._lock = threading.Lock()
        self.left = 0

    def take(self) -> None:
        """Sends until the turn is over. ``left`` says how many cases are."""
        play = self._play
        playing.recover(play)
        items = self._items()
        lanes = Lanes(items)
        crew = min(play.suite.concurrency, len(lanes), sends.HANDS)
        if crew > 1:
            self._together(lanes, crew)
        else:
            self._send(lanes, self._looking)
        self._tell(self._line, self._ended)
        self.left = Outcome.objects.filter(run=play.run, state=Outcome.State.READY).count()

    def _items(self) -> list[Outcome]:
        """What is left, with the lane of each. What an earlier turn has brought is learned again."""
        play = self._play
        rows = list(Outcome.objects.filter(run=play.run).select_related("case", "run__suite__project").order_by("n"))
        names = _lanes(play.suite, [row.case for row in rows if row.case])
        for row in rows:
            row.run = play.run
            row.conversation = names.get(row.case_id, "")  # what Lanes asks for
            if row.state == Outcome.State.DONE:
                self._ended += 1
                play.learn(row)
                play.failed = play.failed or row.verdict not in (Verdict.PASSED, Verdict.SKIPPED)
        return [row for row in rows if row.state == Outcome.State.READY]

    def _together(self, lanes: Lanes, crew: int) -> None:
        stop, language = threading.Event(), translation.get_language()
        with ThreadPoolExecutor(crew, thread_name_prefix=f"suite run {self._play.run.pk}") as pool:
            futures = [pool.submit(self._hand, lanes, language, stop.is_set) for _n in range(crew)]
            try:
                while not all(map(Future.done, futures)):
                    self._tell(self._line, self._ended)
                    if self._over() or any(one.done() and one.exception() for one in futures):
                        stop.set()
                    wait(futures, LOOK)
            finally:
                stop.set()
        for one in futures:
            one.result()

    def _hand(self, lanes: Lanes, language: str | None, over: Callable[[], bool]) -> None:
        try:
            with translation.override(language):
                self._send(lanes, over)
        finally:
            connections.close_all()

    def _send(self, lanes: Lanes, over: Callable[[], bool]) -> None:
        play = self._play
        while not over() and (lane := lanes.take()):
            while lane and not over():
                outcome: Outcome = lane.popleft()  # type: ignore[assignment]
                self._line = outcome.name
                if play.failed and play.suite.stop_first:
                    playing.end(outcome, Verdict.SKIPPED, _("An earlier case did not pass."))
                else:
                    playing.do(play, outcome)
                with self._lock:
                    self._ended += 1

    def _looking(self) -> bool:
        if time.monotonic() - self._told_at >= LOOK:
            self._told_at = time.monotonic()
            self._tell(self._line, self._ended)
        return self._over()

    def _over(self) -> bool:
        return jobs.stopping.is_set() or (self._until is not None and time.monotonic() > self._until)


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
