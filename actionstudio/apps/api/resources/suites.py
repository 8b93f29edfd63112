"""Suites: calls kept as tests, their cases, and what does not count."""

import base64
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import suite_shapes as shapes
from actionstudio.apps.api.resource import LIMIT, Pages, Resource
from actionstudio.apps.replay import concealing, ignoring, replaying
from actionstudio.apps.replay.models import Case, IgnoreRule, Suite
from actionstudio.apps.replay.runs import selecting
from actionstudio.apps.replay.suites import keeping, saving
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.problem import Problem, Refused

FIELDS = ("name", "description", "target", "schedule", "minutes", "daily_at", "on_save", "stop_first", "carry")
FIELDS += ("send_refused", "concurrency")
CASE = ("name", "enabled", "operation_id", "method", "path", "query", "headers", "credential", "whole", "checks")
CASE += ("rules", "extracts")


def told(row: Suite, size: int) -> dict[str, Any]:
    """A suite; of its secrets the names."""
    names = ("id", "slug", *FIELDS, "state", "next_run", "variables")
    return {**{name: getattr(row, name) for name in names}, "cases": size}


def cases_told(suite: Suite, rows: Iterable[Case]) -> list[dict[str, Any]]:
    """Cases of a suite. Bodies are text; a credential that an older case holds in clear text is hidden."""
    masks = replaying.masks_of(suite.project)
    return [_case_told(row, masks) for row in rows]


def _case_told(row: Case, masks: frozenset[str]) -> dict[str, Any]:
    answer = None
    if row.answer:
        text = base64.b64decode(row.answer["body"]).decode("utf-8", "replace")
        answer = {"status": row.answer["status"], "headers": row.answer["headers"], "body": text}
    return {
        "id": row.pk,
        "position": row.position,
        **{name: getattr(row, name) for name in CASE},
        "headers": concealing.headers(row.headers, masks),
        "body": bytes(row.body).decode("utf-8", "replace"),
        "answer": answer,
        "source": saving.public_id(row) or None,
    }


def fill(row: Case, wish: dict[str, Any]) -> Case:
    """Writes a body into a case."""
    for name in CASE:
        if name in wish:
            setattr(row, name, wish[name])
    row.method = row.method.upper()
    if "body" in wish:
        row.body = wish["body"].encode()
    if "answer" in wish:
        row.answer = _answer(row.answer, wish["answer"])
    return row


def _answer(old: dict | None, wish: dict[str, Any] | None) -> dict[str, Any] | None:
    if wish is None:
        return None
    body = wish.get("body", "").encode()
    kept = old or {"duration_us": 0, "revision": None, "violations": 0}
    coded = base64.b64encode(body).decode()
    made = {"status": wish["status"], "headers": wish.get("headers", []), "body": coded, "size": len(body)}
    typed = kept.get("typed", False) or made["headers"] != kept.get("headers")
    return {**kept, **made, "cut": False, "typed": typed}


class OneSuite(Resource):
    """What all resources of one suite share."""

    def suite(self, project) -> Suite:
        """The suite of the URL; else 404."""
        found = project.suites.filter(pk=self.kwargs["number"]).select_related("project__owner").first()
        if found is None:
            raise Http404(_("No such suite."))
        return found


class SuiteList(Resource):
    """A project's suites."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = Pages

    @extend_schema(operation_id="suites_list", parameters=[LIMIT], responses=shapes.SuiteShape(many=True))
    def get(self, request, slug):
        """The newest first."""
        pages, rows = Pages(), self.project().suites.annotate(size=Count("cases"))
        found = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response([told(row, row.size) for row in found])

    @extend_schema(operation_id="suites_create", request=shapes.SuiteWish, responses={201: shapes.SuiteShape})
    def post(self, request, slug):
        """A suite without cases."""
        project, wish = self.changeable(), self.read(shapes.SuiteWish)
        wanted = wish.pop("variables", None)
        return Response(told(keeping.suite(project, None, wish, wanted, request.user), 0), 201)


class SuiteOne(OneSuite):
    """One suite."""

    @extend_schema(operation_id="suites_read", responses=shapes.SuiteShape)
    def get(self, request, slug, number):
        """What it is, and how its last run went."""
        row = self.suite(self.project())
        return Response(told(row, row.cases.count()))

    @extend_schema(operation_id="suites_change", request=shapes.SuiteWish, responses=shapes.SuiteShape)
    def patch(self, request, slug, number):
        """Changes what is named. ``variables`` are all of them: a secret without a value keeps the one it has."""
        row = self.suite(self.changeable())
        wish = self.read(shapes.SuiteWish, partial=True)
        wanted = wish.pop("variables", None)
        return Response(told(keeping.suite(row.project, row, wish, wanted), row.cases.count()))

    @extend_schema(operation_id="suites_delete", responses={204: None})
    def delete(self, request, slug, number):
        """With its cases and runs, for good."""
        self.suite(self.changeable()).delete()
        return Response(status=204)


class InOrder(Pages):
    """Cases in the order in which they run."""

    page_size = saving.MOST
    ordering = ("position", "id")


class CaseList(OneSuite):
    """The cases of a suite."""

    asks = {"GET": ("cursor", "limit")}

    @extend_schema(operation_id="cases_list", parameters=[LIMIT], responses=shapes.CasesShape)
    def get(self, request, slug, number):
        """In their order; all of them on one page unless ``limit`` says otherwise."""
        pages = InOrder()
        suite = self.suite(self.project())
        found = pages.paginate_queryset(suite.cases.all(), request, self)
        return pages.get_paginated_response(cases_told(suite, found))

    @extend_schema(operation_id="cases_create", request=shapes.CaseWish, responses={201: shapes.CaseShape})
    def post(self, request, slug, number):
        """A case at the end."""
        row = self.suite(self.changeable())
        wish = {"whole": False, **self.read(shapes.CaseWish)}
        return Response(*cases_told(row, [keeping.case(fill(Case(suite=row), wish))]), 201)

    @extend_schema(operation_id="cases_order", request=shapes.OrderWish, responses=shapes.CasesShape)
    def put(self, request, slug, number):
        """Puts the cases into another order."""
        row = self.suite(self.changeable())
        wanted = self.read(shapes.OrderWish)["cases"]
        cases = {case.pk: case for case in row.cases.only("position")}
        if sorted(wanted) != sorted(cases):
            words = _("Name every case of the suite once; nothing was changed.")
            raise Refused(Problem("/cases", words, "incomplete"))
        for position, pk in enumerate(wanted, 1):
            cases[pk].position = position
        Case.objects.bulk_update(cases.values(), ["position"], batch_size=200)
        return self.get(request, slug, number)


class CaseSave(OneSuite):
    """Logged calls as cases."""

    @extend_schema(operation_id="cases_save", request=shapes.SaveWish, responses={201: shapes.SavedShape})
    def post(self, request, slug, number):
        """Their answers become the expected ones; what the log hides becomes variables."""
        row, wish = self.suite(self.changeable()), self.read(shapes.SaveWish)
        if ("exchanges" in wish) == ("filter" in wish):
            raise Refused(Problem("/exchanges", _("Give either “exchanges” or “filter”."), "mixed"))
        if "filter" in wish:
            found = selecting.filtered(row.project, Filter.read({"q": wish["filter"]}))
        else:
            found = selecting.picked(row.project, wish["exchanges"])
            if "gone" in found.left_out:
                raise Http404(_("No such request."))
        calls = saving.calls(row.project, [call.pk for call in found.calls])
        proposals, cut = saving.proposed(row.project, calls)
        if not proposals:
            raise Refused(_nothing(found, cut))
        made = saving.add(row, proposals, wish.get("off", ()))
        told = {"next": None, "previous": None, "results": cases_told(row, made)}
        return Response({**told, "left_out": dict(found.left_out)}, 201)


def _nothing(found: selecting.Selection, cut: Sequence[Exchange]) -> Problem:
    if not cut:
        return found.problem
    words = _("The log kept only the beginning of what these calls sent: none of them can be a case.")
    return Problem(found.problem.pointer, words, "cut")


class CaseOne(OneSuite):
    """One case."""

    def case(self, project) -> Case:
        row = self.suite(project)
        found = row.cases.filter(pk=self.kwargs["case"]).first()
        if found is None:
            raise Http404(_("No such case."))
        found.suite = row
        return found

    @extend_schema(operation_id="cases_read", responses=shapes.CaseShape)
    def get(self, request, slug, number, case):
        """The call, and what its answer should be."""
        row = self.case(self.project())
        return Response(*cases_told(row.suite, [row]))

    @extend_schema(operation_id="cases_change", request=shapes.CaseWish, responses=shapes.CaseShape)
    def patch(self, request, slug, number, case):
        """Changes what is named."""
        row = self.case(self.changeable())
        made = keeping.case(fill(row, self.read(shapes.CaseWish, partial=True)))
        return Response(*cases_told(row.suite, [made]))

    @extend_schema(operation_id="cases_delete", responses={204: None})
    def delete(self, request, slug, number, case):
        """For good; what became of it in earlier runs stays."""
        self.case(self.changeable()).delete()
        return Response(status=204)


RULE = ("id", "what", "at", "size", "operation_id", "path", "note", "created")


class RuleList(Resource):
    """What does not count in a project's answers."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = Pages

    @extend_schema(operation_id="ignore_rules_list", parameters=[LIMIT], responses=shapes.RuleShape(many=True))
    def get(self, request, slug):
        """The newest first."""
        pages = Pages()
        found = pages.paginate_queryset(IgnoreRule.objects.filter(project=self.project()), request, self)
        return pages.get_paginated_response([_rule(row) for row in found])

    @extend_schema(operation_id="ignore_rules_create", request=shapes.RuleWish, responses={201: shapes.RuleShape})
    def post(self, request, slug):
        """Heeded by replays, runs and suites from now on."""
        project, wish = self.changeable(), self.read(shapes.RuleWish)
        return Response(_rule(ignoring.keep(IgnoreRule(project=project, author=request.user, **wish))), 201)


class RuleOne(Resource):
    """One rule."""

    def rule(self, project) -> IgnoreRule:
        found = project.ignore_rules.filter(pk=self.kwargs["number"]).first()
        if found is None:
            raise Http404(_("No such rule."))
        return found

    @extend_schema(operation_id="ignore_rules_read", responses=shapes.RuleShape)
    def get(self, request, slug, number):
        """One rule."""
        return Response(_rule(self.rule(self.project())))

    @extend_schema(operation_id="ignore_rules_change", request=shapes.RuleWish, responses=shapes.RuleShape)
    def patch(self, request, slug, number):
        """Changes what is named."""
        row = self.rule(self.changeable())
        for name, value in self.read(shapes.RuleWish, partial=True).items():
            setattr(row, name, value)
        return Response(_rule(ignoring.keep(row)))

    @extend_schema(operation_id="ignore_rules_delete", responses={204: None})
    def delete(self, request, slug, number):
        """What it left out counts again."""
        self.rule(self.changeable()).delete()
        return Response(status=204)


def _rule(row: IgnoreRule) -> dict[str, Any]:
    return {name: getattr(row, name) for name in RULE}
