"""Runs of suites: begun, watched, accepted."""

import re
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import suite_shapes as shapes
from actionstudio.apps.api.resource import LIMIT, Pages
from actionstudio.apps.api.resources.runs import unconfirmed_answer
from actionstudio.apps.api.resources.suites import OneSuite
from actionstudio.apps.replay.models import Outcome, SuiteRun
from actionstudio.apps.replay.runs import reaching
from actionstudio.apps.replay.suites import accepting, running, telling
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.problem import Problem, Refused

LARGE = ("call", "before", "after", "again", "packed", "facts")


def told(run: SuiteRun) -> dict[str, Any]:
    """A run as lists show it."""
    names = ("state", "cause", "target", "revision", "created", "finished", "total", "counts", "passed", "error")
    return {"id": run.public_id, **{name: getattr(run, name) for name in names}, "duration_us": run.took_us}


def outcome(row: Outcome) -> dict[str, Any]:
    """What became of a case."""
    names = ("n", "name", "method", "path", "operation_id", "verdict", "accepted", "refusal")
    answered = row.result_exchange_id
    return {
        **{name: getattr(row, name) for name in names},
        "case": row.case_id,
        "why": [str(one) for one in telling.sentences(row)],
        "duration_us": row.took_us,
        "exchange": Exchange(pk=answered).public_id if answered else None,
    }


class SuiteStart(OneSuite):
    """Running a suite."""

    @extend_schema(operation_id="suites_run", request=shapes.SuiteRunWish, responses={202: shapes.SuiteRunShape})
    def post(self, request, slug, number):
        """Begins a run; ``Location`` is where it is. 409 tells what has to be confirmed first, as for replays."""
        row, wish = self.suite(self.changeable()), self.read(shapes.SuiteRunWish)
        try:
            agreed = wish.get("confirm", False)
            run = running.start(row, SuiteRun.Cause.API, request.user, wish.get("target", ""), confirmed=agreed)
        except reaching.Unconfirmed as unconfirmed:
            return unconfirmed_answer(unconfirmed.risks)
        where = request.build_absolute_uri(reverse("api:suite-run", args=[slug, row.pk, run.pk]))
        return Response(told(run), 202, headers={"Location": where})


class SuiteRunList(OneSuite):
    """The runs of a suite."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = Pages

    @extend_schema(operation_id="suite_runs_list", parameters=[LIMIT], responses=shapes.SuiteRunShape(many=True))
    def get(self, request, slug, number):
        """The newest first."""
        pages = Pages()
        found = pages.paginate_queryset(self.suite(self.project()).runs.defer("sealed"), request, self)
        return pages.get_paginated_response([told(run) for run in found])


class OneRun(OneSuite):
    """What all resources of one run share. Its id is taken as it is told (srun_2) and as a number."""

    def run(self, project) -> SuiteRun:
        rows = self.suite(project).runs.select_related("job", "suite__project")
        asked = re.fullmatch(r"(?:srun_)?([0-9]{1,18})", self.kwargs["run"])
        found = rows.filter(pk=int(asked[1])).first() if asked else None
        if found is None:
            raise Http404(_("No such run."))
        return running.look(found)


class SuiteRunOne(OneRun):
    """One run."""

    @extend_schema(operation_id="suite_runs_read", responses=shapes.SuiteRunWhole)
    def get(self, request, slug, number, run):
        """How far it is, and what became of each case."""
        row = self.run(self.project())
        outcomes = [outcome(one) for one in row.outcomes.defer(*LARGE).order_by("n")]
        return Response({**told(row), "outcomes": outcomes})


class SuiteRunCancel(OneRun):
    """The end of a run before it is done."""

    @extend_schema(operation_id="suite_runs_cancel", request=None, responses={202: shapes.SuiteRunShape})
    def post(self, request, slug, number, run):
        """No further call leaves."""
        row = self.run(self.changeable())
        running.cancel(row)
        row.refresh_from_db()
        return Response(told(row), 202)


class SuiteRunAccept(OneRun):
    """What came back is the expected answer."""

    @extend_schema(operation_id="suite_runs_accept", request=shapes.AcceptWish, responses=shapes.AcceptedShape)
    def post(self, request, slug, number, run):
        """Of all cases that differ, or of those named."""
        row, wish = self.run(self.changeable()), self.read(shapes.AcceptWish)
        if "outcomes" not in wish:
            return Response({"accepted": accepting.accept_all(row)})
        found = {one.n: one for one in row.outcomes.filter(n__in=wish["outcomes"]).select_related("case")}
        if missing := [n for n in wish["outcomes"] if n not in found]:
            words = _("This run has no outcome %(n)s.") % {"n": missing[0]}
            raise Refused(Problem("/outcomes", words, "unknown"))
        for one in found.values():
            accepting.accept(one)
        return Response({"accepted": len(found)})
