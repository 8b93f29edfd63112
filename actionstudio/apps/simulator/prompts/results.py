"""What came of a run, in numbers: one Result a model, and what its tools cost the model to read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from actionstudio.apps.simulator.models import PromptOutcome, PromptRun
from actionstudio.core.prompting import fields as told
from actionstudio.core.prompting import flips, scoring
from actionstudio.core.prompting.flips import Comparison
from actionstudio.core.prompting.matrix import Result, Trial, result
from actionstudio.core.specs import typescript

NEEDED = (
    "run_id", "case_id", "n", "model", "time", "name", "kind", "verdict", "score", "tokens_in", "tokens_out", "ms",
    "dollars",
)  # fmt: skip
Verdict = PromptOutcome.Verdict


@dataclass(frozen=True, slots=True)
class OfModel:
    """The numbers of one model. ``model`` is its place in the run."""

    model: int
    label: str
    result: Result


@dataclass(frozen=True, slots=True)
class Compared:
    """Two models of two runs, or of one. ``changes`` are what differs in what they read, ``hint`` what to say of it."""

    before: OfModel
    after: OfModel
    comparison: Comparison
    changes: tuple[told.Change, ...]
    hint: str


def of_run(run: PromptRun) -> list[OfModel]:
    """The numbers of each model of a run. One query, however many outcomes."""
    rows = list(run.outcomes.only(*NEEDED))
    names = [one.operation for one in run.sheets]
    return [_of_model(run, number, rows, names) for number in range(len(run.asks))]


def trials(rows: Iterable[PromptOutcome]) -> list[Trial]:
    """Outcomes as trials; those that were skipped, or are to come, are none."""
    return [
        Trial(
            case=row.case_id or f"{row.n}",
            kind=row.kind,
            score=scoring.read(row.score) if row.score else None,
            name=row.name,
            tokens_in=row.tokens_in,
            tokens_out=row.tokens_out,
            ms=row.ms,
            dollars=row.dollars,
        )
        for row in rows
        if row.verdict in (Verdict.PASSED, Verdict.FAILED, Verdict.ERROR)
    ]


def compare(before: PromptRun, after: PromptRun, models: tuple[int, int] = (0, 0)) -> Compared:
    """One model of a run against one of another (or the same) run, case by case. Two queries."""
    rows = [
        [row for row in run.outcomes.only(*NEEDED) if row.model == model]
        for run, model in zip((before, after), models, strict=True)
    ]
    sides = [
        _of_model(run, model, own, [one.operation for one in run.sheets])
        for run, model, own in zip((before, after), models, rows, strict=True)
    ]
    texts = (before.instructions, after.instructions)
    changes = tuple(told.changes(before.sheets, after.sheets, texts)) if before.tools_hash != after.tools_hash else ()
    comparison = flips.compare(trials(rows[0]), trials(rows[1]))
    return Compared(sides[0], sides[1], comparison, changes, told.hint(changes))


def tool_tokens(run: PromptRun) -> int:
    """About how many tokens the tools cost with each request."""
    tools = [{"name": one.name, "description": one.description, "parameters": one.parameters} for one in run.sheets]
    return typescript.tokens(json.dumps(tools, ensure_ascii=False, separators=(",", ":")))


def cell(run: PromptRun, expected: str, called: str, model: int = 0) -> list[PromptOutcome]:
    """The outcomes behind one cell of the matrix."""
    rows = run.outcomes.filter(model=model, verdict__in=(Verdict.PASSED, Verdict.FAILED)).defer("packed")
    return [row for row in rows if [expected, called] in (row.score or {}).get("pairs", ())]


def _of_model(run: PromptRun, model: int, rows: Iterable[PromptOutcome], names: Iterable[str]) -> OfModel:
    label = run.asks[model]["label"] if model < len(run.asks) else ""
    return OfModel(model, label, result(trials(row for row in rows if row.model == model), names))
