"""Prompt suites: what is said to models, and what they should call."""

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.response import Response

from actionstudio.apps.api import prompt_shapes as shapes
from actionstudio.apps.api.resource import LIMIT, Pages, Resource
from actionstudio.apps.replay.runs import selecting
from actionstudio.apps.simulator.models import PromptCase, PromptSuite
from actionstudio.apps.simulator.prompts import beginning, keeping, promoting
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.web.telling import told as words_of
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.prompting.formats import WRITERS
from actionstudio.core.prompting.hints import Hint

HOW = ("mode", "repeat", "concurrency", "rate", "temperature", "seed", "fail_under")
CASE = ("name", "enabled", "note", *PromptCase.FIELDS)
KINDS = {"csv": "text/csv", "jsonl": "application/jsonl", "bfcl": "application/jsonl", "promptfoo": "application/json"}
AS = OpenApiParameter("as", {"type": "string", "enum": list(WRITERS)}, description="The format of the file.")


def told(row: PromptSuite, size: int) -> dict[str, Any]:
    """A suite."""
    names = ("id", "slug", "name", "description", *HOW, "state")
    gpt = row.gpt.key if row.gpt is not None else None
    return {**{name: getattr(row, name) for name in names}, "models": row.asks, "gpt": gpt, "cases": size}


def case_told(row: PromptCase) -> dict[str, Any]:
    """A case."""
    source = Exchange(pk=row.source).public_id if row.source else None
    names = ("id", "position", *CASE, "origin")
    return {**{name: getattr(row, name) for name in names}, "source": source}


def listed(rows) -> dict[str, Any]:
    """Cases on one page."""
    return {"next": None, "previous": None, "results": [case_told(row) for row in rows]}


def hint_told(one: Hint) -> dict[str, Any]:
    """What is known before any model runs."""
    plain = {"code": one.code, "message": words_of(one.message), "argument": one.argument}
    return plain | {"operations": list(one.operations), "words": list(one.words)}


class OneSuite(Resource):
    """What all resources of one suite share."""

    def suite(self, project) -> PromptSuite:
        """The suite of the URL; else 404."""
        rows = project.prompt_suites.select_related("project__owner", "gpt")
        found = rows.filter(pk=self.kwargs["number"]).first()
        if found is None:
            raise Http404(_("No such prompt suite."))
        return found

    def fields(self, project, wish: dict[str, Any]) -> dict[str, Any]:
        """A body as the columns of a suite."""
        fields = {"asks" if name == "models" else name: value for name, value in wish.items()}
        if fields.get("gpt") is not None:
            fields["gpt"] = project.gpts.filter(key=fields["gpt"]).first()
            if fields["gpt"] is None:
                raise Refused(Problem("/gpt", _("This project has no such GPT."), "unknown"))
        return fields


class PromptSuiteList(OneSuite):
    """A project's prompt suites."""

    asks = {"GET": ("cursor", "limit")}
    pagination_class = Pages

    @extend_schema(operation_id="prompts_list", parameters=[LIMIT], responses=shapes.PromptSuiteShape(many=True))
    def get(self, request, slug):
        """The newest first."""
        pages = Pages()
        rows = self.project().prompt_suites.select_related("gpt").annotate(size=Count("cases"))
        found = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response([told(row, row.size) for row in found])

    @extend_schema(
        operation_id="prompts_create", request=shapes.PromptSuiteWish, responses={201: shapes.PromptSuiteShape}
    )
    def post(self, request, slug):
        """A suite without cases."""
        project = self.changeable()
        fields = self.fields(project, self.read(shapes.PromptSuiteWish))
        return Response(told(_kept(project, None, fields, request.user), 0), 201)


class PromptSuiteOne(OneSuite):
    """One prompt suite."""

    @extend_schema(operation_id="prompts_read", responses=shapes.PromptSuiteShape)
    def get(self, request, slug, number):
        """What it is, and how its last run went."""
        row = self.suite(self.project())
        return Response(told(row, row.cases.count()))

    @extend_schema(operation_id="prompts_change", request=shapes.PromptSuiteWish, responses=shapes.PromptSuiteShape)
    def patch(self, request, slug, number):
        """Changes what is named."""
        row = self.suite(self.changeable())
        fields = self.fields(row.project, self.read(shapes.PromptSuiteWish, partial=True))
        return Response(told(_kept(row.project, row, fields, request.user), row.cases.count()))

    @extend_schema(operation_id="prompts_delete", responses={204: None})
    def delete(self, request, slug, number):
        """With its cases and runs, for good."""
        self.suite(self.changeable()).delete()
        return Response(status=204)


class PromptCaseList(OneSuite):
    """The cases of a prompt suite."""

    @extend_schema(operation_id="prompt_cases_list", responses=shapes.PromptCasesShape)
    def get(self, request, slug, number):
        """All of them on one page, in their order."""
        return Response(listed(self.suite(self.project()).cases.all()))

    @extend_schema(
        operation_id="prompt_cases_create", request=shapes.PromptCaseWish, responses={201: shapes.PromptCaseShape}
    )
    def post(self, request, slug, number):
        """A case at the end."""
        row = PromptCase(suite=self.suite(self.changeable()))
        wish = self.read(shapes.PromptCaseWish)
        wish.setdefault("kind", "direct" if wish.get("calls") else "negative")
        return Response(case_told(keeping.case(keeping.fill(row, wish), keeping.sheets(row.suite))), 201)

    @extend_schema(operation_id="prompt_cases_order", request=shapes.PromptOrderWish, responses=shapes.PromptCasesShape)
    def put(self, request, slug, number):
        """Puts the cases into another order."""
        row = self.suite(self.changeable())
        keeping.order(row, self.read(shapes.PromptOrderWish)["cases"])
        return Response(listed(row.cases.all()))


class PromptCaseOne(OneSuite):
    """One case."""

    def case(self, project) -> PromptCase:
        suite = self.suite(project)
        found = suite.cases.filter(pk=self.kwargs["case"]).first()
        if found is None:
            raise Http404(_("No such case."))
        found.suite = suite
        return found

    @extend_schema(operation_id="prompt_cases_read", responses=shapes.PromptCaseShape)
    def get(self, request, slug, number, case):
        """What is said, and what should be called."""
        return Response(case_told(self.case(self.project())))

    @extend_schema(operation_id="prompt_cases_change", request=shapes.PromptCaseWish, responses=shapes.PromptCaseShape)
    def patch(self, request, slug, number, case):
        """Changes what is named."""
        row = self.case(self.changeable())
        wish = self.read(shapes.PromptCaseWish, partial=True)
        sheets = keeping.sheets(row.suite) if wish.keys() & {"calls", "never"} else ()  # else it stays as it was
        return Response(case_told(keeping.case(keeping.fill(row, wish), sheets)))

    @extend_schema(operation_id="prompt_cases_delete", responses={204: None})
    def delete(self, request, slug, number, case):
        """For good; what became of it in earlier runs stays."""
        self.case(self.changeable()).delete()
        return Response(status=204)


class PromptImport(OneSuite):
    """Cases from a file."""

    @extend_schema(
        operation_id="prompt_cases_import", request=shapes.PromptImportWish, responses={201: shapes.PromptImportShape}
    )
    def post(self, request, slug, number):
        """CSV, JSONL, lines of BFCL, or promptfoo's tests as JSON: all of its cases, or none. Operations that ChatGPT
        does not have are no fault, since they may come later; they are told."""
        row, wish = self.suite(self.changeable()), self.read(shapes.PromptImportWish)
        made = beginning.imported(row, wish["text"], wish.get("format", "auto"))
        return Response(listed(made) | {"hints": [hint_told(one) for one in beginning.doubts(row, made)]}, 201)


class PromptStarters(OneSuite):
    """Cases to begin with."""

    @extend_schema(
        operation_id="prompt_cases_begin", request=shapes.PromptStartersWish, responses={201: shapes.PromptCasesShape}
    )
    def post(self, request, slug, number):
        """A sentence for each operation, one for each value of an enum, conversation starters, and some that should
        call nothing. What the suite has already is not made twice."""
        row, wish = self.suite(self.changeable()), self.read(shapes.PromptStartersWish)
        return Response(listed(beginning.keep(row, beginning.proposed(row, wish.get("language", "")))), 201)


class PromptPromote(OneSuite):
    """Logged calls as cases."""

    @extend_schema(
        operation_id="prompt_cases_promote", request=shapes.PromptPromoteWish, responses={201: shapes.PromptCasesShape}
    )
    def post(self, request, slug, number):
        """Their arguments become matchers; what was said has to be told, unless a chat of the simulator knows it."""
        row, wish = self.suite(self.changeable()), self.read(shapes.PromptPromoteWish)["calls"]
        found = selecting.picked(row.project, [one["exchange"] for one in wish])
        if "gone" in found.left_out:
            raise Http404(_("No such request."))
        calls = promoting.calls(row.project, [call.pk for call in found.calls])
        proposals, left = promoting.proposed(row.project, calls)
        if left:
            call, why = left[0]
            raise Refused(Problem("/calls", f"{call.public_id}: {words_of(why)}", "call"))
        texts = {one["exchange"]: one.get("text", "") for one in wish}
        kinds = {one["exchange"]: one["kind"] for one in wish if "kind" in one}
        places = {one["exchange"]: number for number, one in enumerate(wish)}
        for one in proposals:
            key = one.exchange.public_id
            if not texts[key].strip() and not one.case.value.utterance.strip():
                words = _("Say what was said to the model: no chat of the simulator knows it.")
                raise Refused(Problem(f"/calls/{places[key]}/text", words, "required"))
        return Response(listed(promoting.keep(row, proposals, texts, kinds)), 201)


class PromptExport(OneSuite):
    """Cases as a file."""

    asks = {"GET": ("as",)}

    @extend_schema(operation_id="prompt_cases_export", parameters=[AS], responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request, slug, number):
        """CSV unless told otherwise."""
        row, kind = self.suite(self.project()), request.query_params.get("as", "csv")
        if kind not in WRITERS:
            words = _("Known formats: %(names)s") % {"names": ", ".join(WRITERS)}
            raise Refused(Problem("?as", words, "unknown"))
        answer = HttpResponse(beginning.exported(row, kind), content_type=f"{KINDS[kind]}; charset=utf-8")
        ending = {"bfcl": "jsonl", "promptfoo": "json"}.get(kind, kind)
        answer["Content-Disposition"] = f'attachment; filename="{row.slug}.{ending}"'
        return answer


class PromptHints(OneSuite):
    """What is known before any model runs."""

    @extend_schema(operation_id="prompt_hints_read", responses=shapes.HintsShape)
    def get(self, request, slug, number):
        """Which operations a model will mix up, and where it will guess; the worst first."""
        return Response({"results": [hint_told(one) for one in beginning.warned(self.suite(self.project()))]})


def _kept(project, row: PromptSuite | None, fields: dict[str, Any], by) -> PromptSuite:
    """Keeps a suite; the API calls its models otherwise than the row."""
    try:
        return keeping.suite(project, row, fields, by)
    except Refused as refused:
        raise Refused(
            *(Problem(one.pointer.replace("/asks", "/models", 1), one.message, one.code) for one in refused.problems)
        ) from None
