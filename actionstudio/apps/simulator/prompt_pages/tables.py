"""The numbers of a run as a page shows them: the confusion matrix with a link in each cell, shares in per cent."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from actionstudio.apps.simulator.models import PromptRun
from actionstudio.apps.simulator.prompts import results, telling
from actionstudio.apps.simulator.prompts.results import OfModel
from actionstudio.core.prompting.matrix import Rate
from actionstudio.core.prompting.scoring import NO_CALL


@dataclass(frozen=True, slots=True)
class Cell:
    """How often ``called`` was called where ``expected`` was. ``state``: right, wrong, or "" when it never was."""

    expected: str
    called: str
    n: int
    url: str

    @property
    def state(self) -> str:
        if not self.n:
            return ""
        return "right" if self.expected == self.called else "wrong"


@dataclass(frozen=True, slots=True)
class Share:
    """A rate as text, and between what the true one is likely to lie."""

    text: str
    counted: str
    between: str = ""
    good: bool = True


@dataclass(frozen=True, slots=True)
class OfOperation:
    """The line of one operation: ``mistaken`` are (what was called instead, how often, link)."""

    operation: str
    precision: Share
    recall: Share
    f1: str
    mistaken: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is shown of one model."""

    found: OfModel
    heading: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    operations: tuple[OfOperation, ...]
    arguments: tuple[tuple[str, str, Share], ...]
    kinds: tuple[tuple[str, Share], ...]
    passed: Share
    chosen: Share
    no_call: Share
    pass_all: tuple[tuple[int, str], ...]


def shown(run: PromptRun) -> list[Shown]:
    """Each model of a run. One query."""
    return [_shown(run, one) for one in results.of_run(run)]


def share(rate: Rate) -> Share:
    """A rate: 3 of 4 is 75 %."""
    if rate.value is None:
        return Share("–", "0 / 0")
    low, high = rate.interval
    between = _("95 %% of the time between %(low)s and %(high)s") % {"low": percent(low), "high": percent(high)}
    return Share(percent(rate.value), f"{rate.good} / {rate.of}", between, rate.good == rate.of)


def percent(value: float | None) -> str:
    """A share as text: 0.5 is 50 %. What is not all is never shown as 100 %."""
    if value is None:
        return "–"
    rounded = round(100 * value)
    return f"{min(rounded, 99) if value < 1 else rounded} %"


def named(operation: str) -> str:
    """An operation of the matrix by name."""
    return operation if operation != NO_CALL else _("no call")


def cell_url(run: PromptRun, expected: str, called: str, model: int = 0) -> str:
    """The page of a cell."""
    suite = run.suite
    where = reverse("simulator:prompt-cell", args=[suite.project.slug, suite.slug, run.pk])
    asked = {"expected": expected, "called": called} | ({"model": model} if model else {})
    return f"{where}?{urlencode(asked)}"


def _shown(run: PromptRun, one: OfModel) -> Shown:
    found = one.result
    heading = tuple(map(named, found.names))
    rows = tuple(
        (
            named(expected),
            tuple(
                Cell(expected, called, n, cell_url(run, expected, called, one.model))
                for called, n in zip(found.names, found.row(expected), strict=True)
            ),
        )
        for expected in found.names
    )
    arguments = tuple((op, name, share(rate)) for op, name, rate in found.arguments)
    kinds = tuple((telling.kind(kind), share(rate)) for kind, rate in found.kinds.items())
    pass_all = tuple((k, percent(value)) for k, value in found.pass_all.items()) if len(found.pass_all) > 1 else ()
    operations = tuple(_operation(run, one, number) for number in range(len(found.operations)))
    shares = share(found.passed), share(found.chosen), share(found.no_call)
    return Shown(one, heading, rows, operations, arguments, kinds, *shares, pass_all)


def _operation(run: PromptRun, one: OfModel, number: int) -> OfOperation:
    row = one.result.operations[number]
    mistaken = tuple(
        (named(called), n, cell_url(run, row.operation, called, one.model)) for called, n in row.mistaken[:3]
    )
    return OfOperation(row.operation, share(row.precision), share(row.recall), percent(row.f1), mistaken)
