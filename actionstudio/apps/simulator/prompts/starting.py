"""Begins a run: who is asked what how often is written down before the first request leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects import jobs
from actionstudio.apps.simulator.models import PromptCase, PromptOutcome, PromptRun, PromptSuite
from actionstudio.apps.simulator.prompts import choosing, keeping, offering
from actionstudio.apps.simulator.prompts.choosing import Choice
from actionstudio.apps.simulator.prompts.offering import Offer
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.prompting import case as cases
from actionstudio.core.prompting import fields

MOST = 10_000  # requests of one run
Cause, State = PromptRun.Cause, PromptRun.State
COPIED = (
    "verdict", "expected", "called", "score", "text", "why", "tools_hash", "tokens_in", "tokens_out", "dollars", "ms",
    "packed", "error", "state",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """How a run is to be; None: as the suite says. ``models`` are names as choosing.find takes them; ``cases`` are the
    only ones to be asked."""

    models: Sequence[str] | None = None
    repeat: int | None = None
    revision: int | None = None
    mode: str | None = None
    concurrency: int | None = None
    rate: float | None = None
    temperature: float | None = None
    seed: int | None = None
    fail_under: float | None = None
    cases: Collection[int] | None = None


AS_KEPT = Wish()


def start(suite: PromptSuite, by=None, wish: Wish = AS_KEPT, cause: str = Cause.HAND) -> PromptRun:
    """Begins a run as a job. Raises Refused."""
    with transaction.atomic():
        run = prepare(suite, by, wish, cause)
        return _begun(run, by)


def again(base: PromptRun, by=None, operations: Collection[str] | None = None, cause: str = Cause.HAND) -> PromptRun:
    """Asks again, of what is live now, only the cases that a change touches; the others are carried over from ``base``.

    ``operations`` are those whose texts have changed; None: those that differ from what ``base`` was asked with. Raises
    Refused when nothing differs, and when a case that would be carried over is gone.
    """
    suite = base.suite
    offer = offering.of(suite.project, suite.gpt)
    if operations is None:
        found = fields.changes(base.sheets, offer.sheets, (base.instructions, offer.instructions))
        if not found:
            words = _("Nothing that the model reads has changed since that run.")
            raise Refused(Problem("", words, "same"))
        touched = fields.touched(found)
    else:
        touched = frozenset(operations)
        if unknown := touched - offer.operations:
            words = _("There is no operation %(name)s that ChatGPT has.") % {"name": sorted(unknown)[0]}
            raise Refused(Problem("/operations", words, "unknown"))
    with transaction.atomic():
        run = _row(suite, by, cause, offer, _same(base))
        run.base, run.only = base, sorted(touched) if touched is not None else []
        _checked(run)
        run.save()
        rows = list(_carried(run, base, touched))
        if not rows:
            raise Refused(_empty())
        _kept(run, rows)
        return _begun(run, by)


def prepare(
    suite: PromptSuite, by=None, wish: Wish = AS_KEPT, cause: str = Cause.HAND, state: str = State.WAITING
) -> PromptRun:
    """Writes a run and all that it will ask down. Raises Refused."""
    offer = offering.of(suite.project, suite.gpt, wish.revision)
    found = list(suite.cases.filter(enabled=True))
    if wish.cases is not None:
        found = _wanted(suite, found, wish.cases)
    if not found:
        raise Refused(_empty())
    run = _row(suite, by, cause, offer, wish)
    run.state, run.beat = state, timezone.now()
    _checked(run)
    with transaction.atomic():
        run.save()
        _kept(run, list(_outcomes(run, found)))
    return run


def affected(base: PromptRun, operations: Collection[str]) -> dict[int, str]:
    """Which cases of a run a change of these operations touches, and why (core.prompting.fields): by the case's pk."""
    touched, found = frozenset(operations), {}
    called: dict[int, set[str]] = {}
    rows = list(base.outcomes.only("case_id", "expected", "called", "run_id"))
    for row in rows:
        called.setdefault(row.case_id, set()).update(one["operation"] for one in row.called)
    for row in rows:
        why = fields.affected(row.value, called[row.case_id], touched)
        if row.case_id is not None and why:
            found[row.case_id] = why
    return found


def _begun(run: PromptRun, by) -> PromptRun:
    from actionstudio.apps.simulator.prompts import running  # it starts nothing by itself, but imports this file's rows

    project = run.suite.project
    told = {"prompt_run": run.pk}
    run.job = jobs.start(
        running.work, owner=by or project.owner, project=project, queue="bulk", input=told, total=run.total
    )
    run.save(update_fields=["job"])
    run.refresh_from_db()
    return run


def _row(suite: PromptSuite, by, cause: str, offer: Offer, wish: Wish) -> PromptRun:
    names = suite.asks if wish.models is None else wish.models
    chosen: list[Choice] = choosing.find(names, by or suite.project.owner)
    numbers = {
        name: getattr(suite, name) if getattr(wish, name) is None else getattr(wish, name)
        for name in ("repeat", "concurrency", "rate", "temperature", "seed", "fail_under", "mode")
    }
    return PromptRun(
        suite=suite,
        author=by,
        cause=cause,
        asks=[one.plain for one in chosen],
        revision=offer.revision,
        tools_hash=offer.digest,
        sheet=offer.pack(),
        beat=timezone.now(),
        **numbers,
    )


def _same(base: PromptRun) -> Wish:
    """As an earlier run was."""
    names = ("repeat", "mode", "concurrency", "rate", "temperature", "seed", "fail_under")
    return Wish([one["model"] for one in base.asks], **{name: getattr(base, name) for name in names})


def _checked(run: PromptRun) -> None:
    problems = list(keeping.within(run))
    if run.mode not in PromptSuite.Mode.values:
        words = _("Known ways: %(names)s") % {"names": ", ".join(PromptSuite.Mode.values)}
        problems.append(Problem("/mode", words, "unknown"))
    if problems:
        raise Refused(*problems)


def _wanted(suite: PromptSuite, rows: Sequence[PromptCase], wanted: Collection[int]) -> list[PromptCase]:
    """The cases that were named. Raises Refused for those that are not there, or switched off."""
    known = {one.pk: one for one in rows}
    off = set(
        suite.cases.filter(enabled=False, pk__in=[pk for pk in wanted if pk < 2**63]).values_list("pk", flat=True)
    )
    problems = []
    for place, pk in enumerate(wanted):
        if pk not in known:
            words = _("The case %(n)s is switched off.") if pk in off else _("This suite has no case %(n)s.")
            problems.append(Problem(f"/cases/{place}", words % {"n": pk}, "off" if pk in off else "unknown"))
    if problems:
        raise Refused(*problems[:20])
    return [one for one in rows if one.pk in wanted]


def _kept(run: PromptRun, rows: list[PromptOutcome]) -> None:
    if len(rows) > MOST:
        words = _("That would be %(n)d requests; a run makes at most %(most)d. Ask fewer models or repeat less.")
        raise Refused(Problem("/repeat", words % {"n": len(rows), "most": MOST}, "many"))
    PromptOutcome.objects.bulk_create(rows, batch_size=200)
    run.total = len(rows)
    run.save(update_fields=["total"])


def _outcomes(run: PromptRun, found: Sequence[PromptCase]) -> Iterator[PromptOutcome]:
    """Every case of every model once, then again: a run that is cancelled has at least asked all of them."""
    for time in range(run.repeat):
        for n, one in enumerate(found):
            for model in range(len(run.asks)):
                yield _outcome(run, one, n, model, time)


def _outcome(run: PromptRun, one: PromptCase, n: int, model: int, time: int) -> PromptOutcome:
    value = one.value
    return PromptOutcome(
        run=run,
        case=one,
        n=n,
        model=model,
        time=time,
        name=one.name,
        kind=value.kind,
        expected=cases.dump(value),
        tools_hash=run.tools_hash,
    )


def _carried(run: PromptRun, base: PromptRun, touched: frozenset[str] | None) -> Iterator[PromptOutcome]:
    """The outcomes of the new run: cases that the change touches, or that were changed since, are asked anew."""
    rows = list(run.suite.cases.filter(enabled=True))
    then: dict[int, list[PromptOutcome]] = {}
    for outcome in base.outcomes.all():
        then.setdefault(outcome.case_id, []).append(outcome)
    for n, one in enumerate(rows):
        old = then.get(one.pk, [])
        whole = {(row.model, row.time) for row in old if row.verdict in ("passed", "failed")}
        called = {call["operation"] for row in old for call in row.called}
        stays = (
            len(whole) == len(run.asks) * run.repeat
            and all(row.expected == cases.dump(one.value) for row in old)
            and not fields.affected(one.value, called, touched)
        )
        for model in range(len(run.asks)):
            for time in range(run.repeat):
                made = _outcome(run, one, n, model, time)
                if stays:
                    source = next(row for row in old if (row.model, row.time) == (model, time))
                    for name in COPIED:
                        setattr(made, name, getattr(source, name))
                    made.carried = True
                yield made


def _empty() -> Problem:
    return Problem("", _("This suite has no case that is switched on: there is nothing to ask."), "empty")
