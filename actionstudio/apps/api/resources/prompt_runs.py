"""Runs of prompt suites: begun, watched, compared, asked again."""

from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import prompt_shapes as shapes
from actionstudio.apps.api.resource import LIMIT, Pages
from actionstudio.apps.api.resources.prompts import OneSuite
from actionstudio.apps.simulator.models import PromptOutcome, PromptRun
from actionstudio.apps.simulator.prompts import closing, results, starting, telling
from actionstudio.apps.simulator.prompts.results import OfModel
from actionstudio.apps.simulator.prompts.starting import Wish
from actionstudio.apps.web.telling import told as words_of
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.prompting.matrix import Rate

TEXT = {"type": "string"}
OUTCOME = ("id", "n", "model", "time", "name", "kind", "verdict", "called", "text", "ms", "carried")
WITH = [
    OpenApiParameter("with", TEXT, description="The id of the run to compare with; without: this one."),
    OpenApiParameter("model", TEXT, description="The model of this run: its name, or its place counted from 0."),
    OpenApiParameter("other", TEXT, description="The model of the other run, named the same way."),
]


def told(run: PromptRun) -> dict[str, Any]:
    """A run as lists show it."""
    names = ("state", "cause", "mode", "revision", "repeat", "only", "created", "finished", "total", "counts")
    return {
        "id": run.public_id,
        **{name: getattr(run, name) for name in (*names, "share", "fail_under", "passed", "error")},
        "models": run.asks,
        "tools": run.tools_hash,
        "base": PromptRun(pk=run.base_id).public_id if run.base_id else None,
    }


def outcome(row: PromptOutcome) -> dict[str, Any]:
    """What a model did with a case."""
    tokens = {name: getattr(row, name) for name in ("tokens_in", "tokens_out", "dollars")}
    why = [words_of(one) for one in telling.sentences(row)]
    return {**{name: getattr(row, name) for name in OUTCOME}, **tokens, "case": row.case_id, "why": why}


def numbers(one: OfModel) -> dict[str, Any]:
    """The numbers of one model."""
    found = one.result
    same = ("errors", "tokens_in", "tokens_out", "dollars", "ms")
    return {
        "model": one.label,
        **{name: _rate(getattr(found, name)) for name in ("passed", "chosen", "no_call")},
        **{name: getattr(found, name) for name in same},
        "names": list(found.names),
        "matrix": [found.row(name) for name in found.names],
        "operations": [
            {
                "operation": op.operation,
                "precision": _rate(op.precision),
                "recall": _rate(op.recall),
                "mistaken": dict(op.mistaken),
            }
            for op in found.operations
        ],
        "arguments": [
            {"operation": operation, "argument": name, "right": _rate(rate)}
            for operation, name, rate in found.arguments
        ],
        "kinds": {kind: _rate(rate) for kind, rate in found.kinds.items()},
        "flaky": [{"name": flaky.name, "passed": flaky.passed, "of": flaky.of} for flaky in found.flaky],
        "pass_all": {str(k): value for k, value in found.pass_all.items()},
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {"good": rate.good, "of": rate.of, "share": rate.value}


class PromptRunList(OneSuite):
    """The runs of a prompt suite."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = Pages

    @extend_schema(operation_id="prompt_runs_list", parameters=[LIMIT], responses=shapes.PromptRunShape(many=True))
    def get(self, request, slug, number):
        """The newest first."""
        pages = Pages()
        found = pages.paginate_queryset(self.suite(self.project()).runs.defer("sheet"), request, self)
        return pages.get_paginated_response([told(run) for run in found])

    @extend_schema(
        operation_id="prompt_runs_start", request=shapes.PromptRunWish, responses={202: shapes.PromptRunShape}
    )
    def post(self, request, slug, number):
        """Asks the models; ``Location`` is where the run is. Nothing is called unless ``mode`` is mock."""
        row, wish = self.suite(self.changeable()), self.read(shapes.PromptRunWish)
        return _begun(request, slug, starting.start(row, request.user, Wish(**wish), PromptRun.Cause.API))


class OneRun(OneSuite):
    """What all resources of one run share."""

    def run(self, project) -> PromptRun:
        rows = self.suite(project).runs.select_related("job", "suite__project__owner", "suite__gpt")
        found = rows.filter(pk=_number(self.kwargs["run"])).first()
        if found is None:
            raise Http404(_("No such run."))
        return closing.look(found)


class PromptRunOne(OneRun):
    """One run."""

    @extend_schema(operation_id="prompt_runs_read", responses=shapes.PromptRunWhole)
    def get(self, request, slug, number, run):
        """How far it is, and its numbers: what was called where which operation was expected."""
        row = self.run(self.project())
        found = [numbers(one) for one in results.of_run(row)]
        return Response({**told(row), "tool_tokens": results.tool_tokens(row), "results": found})


class PromptOutcomeList(OneRun):
    """What became of the cases of a run."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = Pages

    @extend_schema(
        operation_id="prompt_outcomes_list", parameters=[LIMIT], responses=shapes.PromptOutcomeShape(many=True)
    )
    def get(self, request, slug, number, run):
        """The last one first."""
        pages, rows = Pages(), self.run(self.project()).outcomes.defer("packed", "why", "expected")
        return pages.get_paginated_response([outcome(row) for row in pages.paginate_queryset(rows, request, self)])


class PromptOutcomeOne(OneRun):
    """One outcome."""

    @extend_schema(operation_id="prompt_outcomes_read", responses=shapes.PromptOutcomeWhole)
    def get(self, request, slug, number, run, n):
        """With what was expected, and what travelled."""
        row = self.run(self.project()).outcomes.filter(pk=n).first()
        if row is None:
            raise Http404(_("No such outcome."))
        return Response({**outcome(row), "expected": row.expected, "score": row.score, "trace": row.trace})


class PromptRunCancel(OneRun):
    """The end of a run before it is done."""

    @extend_schema(operation_id="prompt_runs_cancel", request=None, responses={202: shapes.PromptRunShape})
    def post(self, request, slug, number, run):
        """No further request leaves."""
        row = self.run(self.changeable())
        closing.cancel(row)
        row.refresh_from_db()
        return Response(told(row), 202)


class PromptRunAgain(OneRun):
    """Only what a change touches."""

    @extend_schema(
        operation_id="prompt_runs_again", request=shapes.PromptAgainWish, responses={202: shapes.PromptRunShape}
    )
    def post(self, request, slug, number, run):
        """Asks the cases again that a change of operations touches; the others are carried over."""
        row, wish = self.run(self.changeable()), self.read(shapes.PromptAgainWish)
        made = starting.again(row, request.user, wish.get("operations"), PromptRun.Cause.API)
        return _begun(request, slug, made)


class PromptCompare(OneRun):
    """Two runs side by side."""

    asks = {"GET": ("with", "model", "other")}

    @extend_schema(operation_id="prompt_runs_compare", parameters=WITH, responses=shapes.PromptComparisonShape)
    def get(self, request, slug, number, run):
        """What flipped from the run in ``with`` to this one, and whether that may be chance."""
        after = self.run(self.project())
        before = self._other(after, request.query_params.get("with"))
        models = (self._model(before, "other"), self._model(after, "model"))
        found = results.compare(before, after, models)
        counts = found.comparison
        flips = [
            {"name": one.name, "better": one.better, "before": one.before, "after": one.after} for one in counts.flips
        ]
        unsteady = [{"name": one.name, "before": one.before, "after": one.after} for one in counts.unsteady]
        same = {name: getattr(counts, name) for name in ("both", "passed_before", "passed_after", "p")}
        sides = {"before": numbers(found.before), "after": numbers(found.after)}
        changes = [asdict(one) for one in found.changes]
        return Response(
            {**sides, **same, "flips": flips, "unsteady": unsteady, "changes": changes, "hint": words_of(found.hint)}
        )

    def _other(self, run: PromptRun, text: str | None) -> PromptRun:
        if text is None:
            return run
        found = run.suite.runs.filter(pk=_number(text)).first()
        if found is None:
            raise Refused(Problem("?with", _("This suite has no such run."), "unknown"))
        return found

    def _model(self, run: PromptRun, name: str) -> int:
        """The place of a model in a run, by its number or by a name as the run's ``models`` tell it."""
        text = self.request.query_params.get(name, "0")
        if text.isascii() and text.isdecimal() and int(text[:3]) < len(run.asks):
            return int(text[:3])
        found = [place for place, one in enumerate(run.asks) if text in (one["label"], one["model"])]
        if not found:
            words = _("The run has no such model. It has: %(names)s.") % {"names": ", ".join(labels(run))}
            raise Refused(Problem(f"?{name}", words, "unknown"))
        return found[0]


def labels(run: PromptRun) -> list[str]:
    """The names of a run's models."""
    return [one["label"] for one in run.asks]


def _number(text: str) -> int:
    """The number of a run from its id, or from the number alone; 0, which no run has, for anything else."""
    plain = text.removeprefix("prun_")
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 19 else 0


def _begun(request, slug: str, run: PromptRun) -> Response:
    where = reverse("api:prompt-run", args=[slug, run.suite_id, run.public_id])
    return Response(told(run), 202, headers={"Location": request.build_absolute_uri(where)})
